from django.urls import path

from reports.views import rounds as views
from reports.views import urging

app_name = "reports"

urlpatterns = [
    path("admin/rounds/", views.round_list, name="round_list"),
    path("admin/rounds/<slug:code>/", views.board, name="board"),
    path("admin/rounds/<slug:code>/units/", views.units, name="units"),
    path("admin/rounds/<slug:code>/units/provinces/", views.unit_provinces, name="unit_provinces"),
    path("admin/rounds/<slug:code>/urge/", urging.urge, name="urge"),
    path("admin/rounds/<slug:code>/phones/", urging.phone_list, name="phone_list"),
    path("admin/rounds/<slug:code>/series/", views.series, name="series"),
    path("admin/rounds/<slug:code>/workbook/", views.export_workbook, name="export_workbook"),
    path("admin/rounds/<slug:code>/papers/", views.export_papers, name="export_papers"),
    path(
        "admin/rounds/<slug:code>/papers/provinces/",
        views.export_papers_by_province,
        name="export_papers_by_province",
    ),
    path("admin/rounds/<slug:code>/summary/", views.export_summary, name="export_summary"),
]
