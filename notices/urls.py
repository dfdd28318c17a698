from django.urls import path

from notices.views import plans, texts

app_name = "notices"

urlpatterns = [
    path("admin/reminders/<slug:name>/<int:key>/", plans.plan, name="plan"),
    path("admin/mail-texts/", texts.texts, name="texts"),
    path("admin/mail-texts/<slug:kind>/<slug:language>/", texts.text, name="text"),
    path("admin/outbox/<int:pk>/words/", texts.words, name="words"),
]
