from django.urls import path

from documents import views

app_name = "documents"

urlpatterns = [
    path("runs/<int:run_id>/", views.run_detail, name="run"),
    path("runs/<int:run_id>/retry/", views.run_retry, name="run_retry"),
    path("runs/<int:run_id>/file/", views.run_result, name="run_result"),
]
