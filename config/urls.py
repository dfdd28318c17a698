"""Every address of the platform. Each app names its own; staff screens hang below the admin site."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from config.views import health

urlpatterns = [
    path("health/", health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript_catalog"),
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("notices.urls")),
    path("", include("communities.urls")),
    path("", include("surveys.urls")),
    path("", include("injuries.urls")),
    path("", include("projects.urls")),
    path("", include("documents.urls")),
    path("", include("reports.urls")),
    path("", include("operations.urls")),
    # Last: the admin site answers for every address below it that nobody named before.
    path("admin/", admin.site.urls),
]

handler500 = "core.views.server_error"
