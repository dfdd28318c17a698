"""Addresses of the injury data. Figures hang below the community, single cases below their data set."""

from django.urls import URLPattern, URLResolver, include, path

from injuries.views import codes, dashboards, datasets, imports, people, records, settings, totals

app_name = "injuries"

Addresses = list[URLPattern | URLResolver]

community_urls: Addresses = [
    path("", dashboards.community, name="dashboard"),
    path("tables/<slug:table_code>/", dashboards.table, name="table"),
    path("compare/", dashboards.compare, name="compare"),
    path("data/", datasets.data_sets, name="data_sets"),
    path("data/add/", datasets.add, name="data_set_add"),
    path("people/", people.people, name="people"),
    path("people/workbook/", people.workbook, name="people_workbook"),
    path("people/workbook/download/", people.workbook_download, name="people_workbook_download"),
    path("settings/", settings.settings, name="settings"),
    path("settings/access/", settings.access_add, name="access_add"),
    path("settings/access/<int:access_id>/end/", settings.access_end, name="access_end"),
    path("settings/parts/", settings.area_add, name="area_add"),
    path("settings/parts/<int:area_id>/", settings.area_use, name="area_use"),
    path("settings/years/<int:year>/", settings.publish, name="publish"),
]

data_set_urls: Addresses = [
    path("", datasets.data_set, name="data_set"),
    path("change/", datasets.change, name="data_set_change"),
    path("remove/", datasets.remove, name="data_set_remove"),
    path("choose/", datasets.choose, name="data_set_choose"),
    path("move/<str:step>/", datasets.move, name="data_set_move"),
    path("exception/", datasets.exception, name="data_set_exception"),
    path("months/<int:month>/", totals.month, name="totals"),
    path("records/", records.records, name="records"),
    path("records/look/", records.look, name="records_look"),
    path("records/add/", records.add, name="record_add"),
    path("records/<int:record_id>/", records.record, name="record"),
    path("records/<int:record_id>/remove/", records.remove, name="record_remove"),
    path("import/", imports.imports, name="imports"),
    path("import/template/", imports.template, name="import_template"),
    path("import/<int:batch_id>/", imports.batch, name="import"),
    path("import/<int:batch_id>/columns/", imports.columns, name="import_columns"),
    path("import/<int:batch_id>/take/", imports.take, name="import_take"),
    path("import/<int:batch_id>/undo/", imports.undo, name="import_undo"),
    path("import/<int:batch_id>/discard/", imports.discard, name="import_discard"),
    path("import/<int:batch_id>/errors/", imports.errors, name="import_errors"),
    path("export/", imports.export, name="export"),
]

staff_urls: Addresses = [
    path("injuries/codes/", codes.codes, name="codes"),
    path("injuries/codes/<int:code_id>/", codes.code, name="code"),
    path("injuries/families/<int:family_id>/", codes.family, name="family"),
]

urlpatterns: Addresses = [
    path("communities/<int:community_id>/injuries/", dashboards.public, name="public"),
    path("injuries/", dashboards.own, name="own"),
    path("injuries/above/", dashboards.above, name="above"),
    path("injuries/above/tables/<slug:table_code>/", dashboards.table_above, name="table_above"),
    path("injuries/waiting/", datasets.waiting, name="waiting"),
    path("injuries/data/<int:data_set_id>/", include(data_set_urls)),
    path("injuries/<int:community_id>/", include(community_urls)),
    path("admin/", include(staff_urls)),
]
