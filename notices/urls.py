from django.urls import path

from notices.views import inbox, plans, texts

app_name = "notices"

urlpatterns = [
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/read/", inbox.read_all, name="inbox_read"),
    path("messages/<int:pk>/", inbox.message, name="message"),
    path("admin/reminders/<slug:name>/<int:key>/", plans.plan, name="plan"),
    path("admin/mail-texts/", texts.texts, name="texts"),
    path("admin/mail-texts/<slug:kind>/<slug:language>/", texts.text, name="text"),
    path("admin/outbox/<int:pk>/words/", texts.words, name="words"),
]
