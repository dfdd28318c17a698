from django.contrib.admin.apps import AdminConfig


class PlatformAdminConfig(AdminConfig):
    """Every staff screen is a view of one admin site: one login, one menu, one search."""

    default_site = "core.admin_site.PlatformAdminSite"

    def ready(self) -> None:
        super().ready()
        from config import checks  # registers itself
