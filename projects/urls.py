"""Addresses of the safety work. Everything of one community hangs below its own number."""

from django.urls import URLPattern, URLResolver, include, path

from projects.views import evidence, home, programmes, residents

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

residents_urls: Addresses = [
    path("", residents.surveys, name="resident_surveys"),
    path("<int:survey_id>/", residents.survey, name="resident_survey"),
    path("<int:survey_id>/end/", residents.end, name="resident_survey_end"),
    path("<int:survey_id>/poster/", residents.poster, name="resident_survey_poster"),
]

community_urls: Addresses = [
    path("", home.work, name="work"),
    path("begin/", home.begin, name="work_begin"),
    path("show/", home.show, name="work_show"),
    path("evidence/", include(evidence_urls)),
    path("residents/", include(residents_urls)),
]

urlpatterns: Addresses = [
    # Short, because it is typed from a poster where a code cannot be read.
    path("r/<str:token>/", residents.answer, name="resident_answer"),
    path("communities/<int:community_id>/programmes/", programmes.programmes, name="programmes"),
    path("work/", home.own_work, name="own_work"),
    path("work/<int:community_id>/", include(community_urls)),
]
