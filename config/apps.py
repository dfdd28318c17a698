import gc

from django.contrib.admin.apps import AdminConfig


class PlatformAdminConfig(AdminConfig):
    """Every staff screen is a view of one admin site: one login, one menu, one search."""

    default_site = "core.admin_site.PlatformAdminSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin
        from django.contrib.auth.models import Group
        from django_otp.plugins.otp_static.models import StaticDevice
        from django_otp.plugins.otp_totp.models import TOTPDevice

        from config import bell
        from documents.services import register_bell

        # Services never import tasks; here the two are tied together once.
        register_bell(bell.ring)

        # Roles are our own data. Second factors belong to their owner: pages of Django's or django-otp's own would
        # change groups and keys without a trace.
        admin.site.unregister([Group, StaticDevice, TOTPDevice])

        # What is loaded by now stays to the end and is not looked through again.
        gc.freeze()
        gc.enable()
