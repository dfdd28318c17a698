"""Every address of the platform and who may open it. A new route fails the suite until it stands here."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.doors import Door
from tests.architecture.routes_of_the_work import ROUTES_OF_THE_WORK

IMPORT = ("", "_template", "_columns", "_take", "_undo", "_discard", "_errors")
SECOND_FACTOR = [f"accounts:second_factor{step}" for step in ("", "_set_up", "_codes")]
STEPS = ["record", "record_add", "record_remove", "imports", "export", *(f"import{step}" for step in IMPORT)]
ROUTES: dict[str, Door] = {
    "health": Door.PUBLIC,
    "set_language": Door.PUBLIC,
    "javascript_catalog": Door.PUBLIC,
    "core:help": Door.PUBLIC,
    "core:accessibility": Door.PUBLIC,
    "core:privacy": Door.PUBLIC,
    "core:about": Door.PUBLIC,
    "accounts:login": Door.PUBLIC,
    "accounts:logout": Door.PUBLIC,
    "accounts:password_reset": Door.PUBLIC,
    "accounts:password_reset_sent": Door.PUBLIC,
    "accounts:password_set": Door.PUBLIC,
    # Whoever holds the mailed link; it signs nobody in.
    "accounts:email_confirm": Door.PUBLIC,
    "accounts:email_confirm_again": Door.SIGNED_IN,
    "accounts:profile": Door.SIGNED_IN,
    "accounts:own_data": Door.SIGNED_IN,
    "accounts:ask_for_erasure": Door.SIGNED_IN,
    "accounts:sessions": Door.SIGNED_IN,
    "accounts:session_end": Door.SIGNED_IN,
    "accounts:password_change": Door.SIGNED_IN,
    **dict.fromkeys(SECOND_FACTOR, Door.SIGNED_IN),
    "notices:inbox": Door.SIGNED_IN,
    "notices:inbox_read": Door.SIGNED_IN,
    "notices:message": Door.SIGNED_IN,
    "notices:plan": Door.STAFF,
    "notices:texts": Door.STAFF,
    "notices:text": Door.STAFF,
    "notices:words": Door.STAFF,
    "communities:home": Door.PUBLIC,
    "communities:register": Door.PUBLIC,
    "communities:entry": Door.PUBLIC,
    "communities:register_csv": Door.PUBLIC,
    "communities:register_xlsx": Door.PUBLIC,
    "communities:community": Door.PUBLIC,
    "communities:mine": Door.SIGNED_IN,
    "communities:welcome": Door.COMMUNITY,
    "communities:people": Door.COMMUNITY,
    "communities:person_invite": Door.COMMUNITY,
    "communities:person_role": Door.COMMUNITY,
    "communities:person_end": Door.COMMUNITY,
    "communities:person_hand_over": Door.COMMUNITY,
    "communities:entry_first_date": Door.STAFF,
    "communities:entry_renewal": Door.STAFF,
    "communities:entry_end": Door.STAFF,
    "communities:community_merger": Door.STAFF,
    "communities:community_access": Door.STAFF,
    "communities:community_contacts": Door.STAFF,
    "communities:imports": Door.STAFF,
    "communities:import": Door.STAFF,
    "communities:import_check": Door.STAFF,
    "communities:import_apply": Door.STAFF,
    "communities:import_undo": Door.STAFF,
    "communities:import_errors": Door.STAFF,
    "communities:import_template": Door.STAFF,
    "communities:import_table": Door.STAFF,
    "injuries:public": Door.PUBLIC,
    "injuries:own": Door.SIGNED_IN,
    "injuries:above": Door.STAFF,
    "injuries:table_above": Door.STAFF,
    "injuries:waiting": Door.STAFF,
    "injuries:codes": Door.STAFF,
    "injuries:code": Door.STAFF,
    "injuries:family": Door.STAFF,
    "injuries:dashboard": Door.COMMUNITY,
    "injuries:table": Door.COMMUNITY,
    "injuries:compare": Door.COMMUNITY,
    "injuries:data_sets": Door.COMMUNITY,
    "injuries:data_set_add": Door.COMMUNITY,
    "injuries:people": Door.COMMUNITY,
    "injuries:people_workbook": Door.COMMUNITY,
    "injuries:people_workbook_download": Door.COMMUNITY,
    "injuries:settings": Door.COMMUNITY,
    "injuries:access_add": Door.COMMUNITY,
    "injuries:access_end": Door.COMMUNITY,
    "injuries:area_add": Door.COMMUNITY,
    "injuries:area_use": Door.COMMUNITY,
    "injuries:publish": Door.COMMUNITY,
    "injuries:data_set": Door.COMMUNITY,
    "injuries:data_set_change": Door.COMMUNITY,
    "injuries:data_set_remove": Door.COMMUNITY,
    "injuries:data_set_choose": Door.COMMUNITY,
    "injuries:data_set_move": Door.COMMUNITY,
    "injuries:data_set_exception": Door.COMMUNITY,
    "injuries:totals": Door.COMMUNITY,
    "injuries:records": Door.COMMUNITY,
    "injuries:records_look": Door.COMMUNITY,
    **dict.fromkeys((f"injuries:{name}" for name in STEPS), Door.COMMUNITY),
    **ROUTES_OF_THE_WORK,
    "surveys:duties": Door.SIGNED_IN,
    # Whoever holds the code of an invitation may join.
    "surveys:join": Door.PUBLIC,
    "surveys:join_code": Door.PUBLIC,
    "surveys:letters": Door.STAFF,
    "surveys:letters_mail": Door.STAFF,
    "surveys:forms": Door.PUBLIC,
    "surveys:form_file": Door.PUBLIC,
    "surveys:response": Door.COMMUNITY,
    "surveys:answer_save": Door.COMMUNITY,
    "surveys:form_opened": Door.COMMUNITY,
    "surveys:check": Door.COMMUNITY,
    "surveys:submit": Door.COMMUNITY,
    "surveys:receipt": Door.COMMUNITY,
    "surveys:print_download": Door.COMMUNITY,
    "surveys:print_state": Door.COMMUNITY,
    "surveys:print_again": Door.COMMUNITY,
    "surveys:workbook": Door.COMMUNITY,
    "surveys:workbook_download": Door.COMMUNITY,
    "surveys:workbook_changes": Door.COMMUNITY,
    "surveys:copy_upload": Door.COMMUNITY,
    "surveys:copy_pages": Door.COMMUNITY,
    "surveys:copy_send": Door.COMMUNITY,
    "surveys:copy_file": Door.COMMUNITY,
    "surveys:copy_withdraw": Door.COMMUNITY,
    "surveys:copy_reread": Door.COMMUNITY,
    "surveys:copy_thumbnail": Door.COMMUNITY,
    "surveys:copy_settle": Door.COMMUNITY,
    "surveys:copy_leave": Door.COMMUNITY,
    "surveys:copy_e_sealed": Door.COMMUNITY,
    "surveys:copy_attach": Door.COMMUNITY,
    "surveys:copy_attachment_up": Door.COMMUNITY,
    "surveys:copy_stamped": Door.COMMUNITY,
    "surveys:copy_stamped_state": Door.COMMUNITY,
    "surveys:copy_stamped_again": Door.COMMUNITY,
    "surveys:withdraw": Door.COMMUNITY,
    "surveys:handouts": Door.COMMUNITY,
    "surveys:handout_new": Door.COMMUNITY,
    "surveys:handout": Door.COMMUNITY,
    "surveys:handout_accept": Door.COMMUNITY,
    "surveys:handout_revoke": Door.COMMUNITY,
    "surveys:handout_again": Door.COMMUNITY,
    "surveys:handout_reopen": Door.COMMUNITY,
    # Whoever holds the link of a section may fill that section in, and nothing else.
    "surveys:section": Door.PUBLIC,
    "surveys:section_opened": Door.PUBLIC,
    # Whoever holds the link from the code may upload, and nothing else.
    "surveys:phone": Door.PUBLIC,
    "surveys:phone_pages": Door.PUBLIC,
    "surveys:phone_code": Door.COMMUNITY,
    # A run and its file belong to who asked for it.
    "documents:run": Door.COMMUNITY,
    "documents:run_retry": Door.COMMUNITY,
    "documents:run_result": Door.COMMUNITY,
    # Whoever intends to apply; nothing counts before the link in a mail was used.
    "surveys:prospects": Door.PUBLIC,
    "surveys:prospect_apply": Door.PUBLIC,
    "surveys:prospect_confirm": Door.PUBLIC,
    "surveys:prospect_merge": Door.STAFF,
    "surveys:paper_entry": Door.STAFF,
    "surveys:round_audience": Door.STAFF,
    "surveys:round_open": Door.STAFF,
    "surveys:round_ask": Door.STAFF,
    "surveys:round_rehearsal": Door.STAFF,
    "surveys:round_extension": Door.STAFF,
    "surveys:round_copy": Door.STAFF,
    "surveys:review_queue": Door.STAFF,
    "surveys:review": Door.STAFF,
    "surveys:review_take": Door.STAFF,
    "surveys:review_page": Door.STAFF,
    "surveys:review_settle": Door.STAFF,
    "surveys:review_file": Door.STAFF,
    "surveys:review_versions": Door.STAFF,
    "surveys:review_void": Door.STAFF,
    "surveys:review_reopen": Door.STAFF,
    "surveys:review_due_day": Door.STAFF,
    "surveys:register_changes": Door.STAFF,
    "surveys:register_change_decide": Door.STAFF,
    "reports:round_list": Door.STAFF,
    "reports:board": Door.STAFF,
    "reports:units": Door.STAFF,
    "reports:unit_provinces": Door.STAFF,
    "reports:export_workbook": Door.STAFF,
    "reports:series": Door.STAFF,
    "reports:urge": Door.STAFF,
    "reports:phone_list": Door.STAFF,
    "reports:export_papers": Door.STAFF,
    "reports:export_papers_by_province": Door.STAFF,
    "reports:export_summary": Door.STAFF,
    "operations:alive": Door.PUBLIC,
    "operations:ready": Door.PUBLIC,
    "operations:health": Door.STAFF,
    "operations:retention": Door.STAFF,
    # The admin site's own pages; those of each model are added below.
    "admin:index": Door.STAFF,
    "admin:login": Door.STAFF,
    "admin:logout": Door.PUBLIC,
    "admin:password_change": Door.STAFF,
    "admin:password_change_done": Door.STAFF,
    "admin:autocomplete": Door.STAFF,
    "admin:jsi18n": Door.STAFF,
    "admin:view_on_site": Door.STAFF,
    "admin:app_list": Door.STAFF,
}
MODEL_PAGES = ("changelist", "add", "history", "delete", "change")


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]

    def url(self, things: dict[str, object]) -> str:
        """The address of a thing that exists and belongs to somebody else; an unknown parameter is made up."""
        return reverse(self.name, kwargs={name: things.get(name, 1) for name in self.parameters})


def admin_model_routes() -> dict[str, Door]:
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}": Door.STAFF
        for model in admin.site._registry
        for page in MODEL_PAGES
    }


def walk(
    patterns: list[URLPattern | URLResolver], namespace: str = "", above: tuple[str, ...] = ()
) -> Iterator[Route]:
    for pattern in patterns:
        parameters = (*above, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        parameters = tuple(dict.fromkeys(parameters))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner, parameters)
        else:
            yield Route(f"{namespace}{pattern.name}", parameters)


def all_routes() -> list[Route]:
    """Without the admin's redirect for old addresses and its catch-all, which have no name."""
    return [route for route in walk(get_resolver().url_patterns) if not route.name.endswith("None")]


DOORS = {**ROUTES, **admin_model_routes()}
