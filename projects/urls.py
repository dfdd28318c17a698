"""Addresses of the safety work. Everything of one community hangs below its own number."""

from django.urls import URLPattern, URLResolver, include, path

from projects.views import evidence, home

app_name = "projects"

Addresses = list[URLPattern | URLResolver]

evidence_urls: Addresses = [
    path("", evidence.archive, name="evidence"),
    path("add/", evidence.add, name="evidence_add"),
    path("<int:evidence_id>/", evidence.item, name="evidence_item"),
    path("<int:evidence_id>/file/", evidence.file, name="evidence_file"),
    path("<int:evidence_id>/thumbnail/", evidence.thumbnail, name="evidence_thumbnail"),
    path("<int:evidence_id>/remove/", evidence.remove, name="evidence_remove"),
]

community_urls: Addresses = [
    path("", home.work, name="work"),
    path("begin/", home.begin, name="work_begin"),
    path("evidence/", include(evidence_urls)),
]

urlpatterns: Addresses = [
    path("work/", home.own_work, name="own_work"),
    path("work/<int:community_id>/", include(community_urls)),
]
