from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PlatformAdminSite(AdminSite):
    """One site for every staff screen."""

    site_header = _("Safe Communities platform")
    site_title = _("Safe Communities platform")
    index_title = _("Work desk")
