from django.urls import include, path

from bench import floor

urlpatterns = [
    path("floor/list/", floor.rows),
    path("floor/outbox/", floor.outbox),
    path("floor/trail/", floor.trail),
    path("floor/detail/<int:pk>/", floor.row),
    path("floor/form/<int:pk>/", floor.form_page),
    path("floor/autosave/<int:pk>/", floor.autosave),
    path("floor/submit/<int:pk>/", floor.submit),
    path("floor/activities/<int:pk>/", floor.activities),
    path("floor/projects/<int:pk>/", floor.projects),
    path("floor/project/<int:pk>/", floor.project),
    path("floor/communities/", floor.communities),
    path("", include("config.urls")),
]
