from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/accessibility/", views.accessibility, name="accessibility"),
    path("help/privacy/", views.privacy, name="privacy"),
    path("help/about/", views.about, name="about"),
]
