from django.urls import path

from notices.views import plans

app_name = "notices"

urlpatterns = [
    path("admin/reminders/<slug:name>/<int:key>/", plans.plan, name="plan"),
]
