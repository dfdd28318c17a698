from django.urls import path

from communities.views import imports, people, public, staff

app_name = "communities"

urlpatterns = [
    path("", public.home, name="home"),
    path("register/", public.register, name="register"),
    path("register/<int:number>/", public.entry, name="entry"),
    path("register.csv", public.download_csv, name="register_csv"),
    path("register.xlsx", public.download_xlsx, name="register_xlsx"),
    path("communities/<int:pk>/", public.community, name="community"),
    path("portal/communities/", public.mine, name="mine"),
    path("portal/communities/members/<int:membership_id>/approve/", public.welcome, name="welcome"),
    path("portal/communities/<int:community_id>/people/", people.people, name="people"),
    path("portal/communities/<int:community_id>/people/invite/", people.invite, name="person_invite"),
    path("portal/communities/members/<int:membership_id>/role/", people.role, name="person_role"),
    path("portal/communities/members/<int:membership_id>/end/", people.end, name="person_end"),
    path(
        "portal/communities/members/<int:membership_id>/hand-over/", people.hand_over, name="person_hand_over"
    ),
    path("admin/register/entries/<int:pk>/first-date/", staff.first_date, name="entry_first_date"),
    path("admin/register/entries/<int:pk>/renewal/", staff.renewal, name="entry_renewal"),
    path("admin/register/entries/<int:pk>/end/", staff.end, name="entry_end"),
    path("admin/register/communities/<int:pk>/access/", staff.access, name="community_access"),
    path("admin/register/communities/<int:pk>/merger/", staff.merger, name="community_merger"),
    path("admin/register/communities/<int:pk>/contacts/", staff.contacts, name="community_contacts"),
    path("admin/register/imports/", imports.imports, name="imports"),
    path("admin/register/imports/template/<slug:kind>/", imports.template, name="import_template"),
    path("admin/register/imports/table/<slug:kind>/", imports.table, name="import_table"),
    path("admin/register/imports/<int:pk>/", imports.batch, name="import"),
    path("admin/register/imports/<int:pk>/check/", imports.check, name="import_check"),
    path("admin/register/imports/<int:pk>/apply/", imports.apply, name="import_apply"),
    path("admin/register/imports/<int:pk>/undo/", imports.undo, name="import_undo"),
    path("admin/register/imports/<int:pk>/errors/", imports.errors, name="import_errors"),
]
