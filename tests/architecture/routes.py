"""Every address of the platform and who may open it. A new route fails the suite until it stands here."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse


class Door(Enum):
    PUBLIC = "everybody"
    SIGNED_IN = "whoever is signed in; shows only their own"
    COMMUNITY = "the people of one community, and those set above it"
    STAFF = "the association's staff"


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
    "accounts:second_factor": Door.STAFF,
    "accounts:second_factor_set_up": Door.STAFF,
    "accounts:second_factor_codes": Door.STAFF,
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
    "projects:own_work": Door.SIGNED_IN,
    # Empty before the community publishes them: then there is no such page.
    "projects:programmes": Door.PUBLIC,
    "projects:work_show": Door.COMMUNITY,
    "projects:work": Door.COMMUNITY,
    "projects:work_begin": Door.COMMUNITY,
    # Whoever holds the link or its code: residents, who have no account.
    "projects:resident_answer": Door.PUBLIC,
    "projects:resident_surveys": Door.COMMUNITY,
    "projects:resident_survey": Door.COMMUNITY,
    "projects:resident_survey_end": Door.COMMUNITY,
    "projects:resident_survey_poster": Door.COMMUNITY,
    "projects:activities": Door.COMMUNITY,
    "projects:activity_add": Door.COMMUNITY,
    "projects:open_matters": Door.COMMUNITY,
    "projects:activity": Door.COMMUNITY,
    "projects:activity_change": Door.COMMUNITY,
    "projects:activity_remove": Door.COMMUNITY,
    "projects:authority_activities": Door.COMMUNITY,
    "projects:authority_activity_add": Door.COMMUNITY,
    "projects:authority_activity": Door.COMMUNITY,
    "projects:authority_activity_change": Door.COMMUNITY,
    "projects:authority_activity_remove": Door.COMMUNITY,
    "projects:association_activities": Door.STAFF,
    "projects:association_activity_add": Door.STAFF,
    "projects:association_activity": Door.STAFF,
    "projects:association_activity_change": Door.STAFF,
    "projects:association_activity_remove": Door.STAFF,
    "projects:decision_add": Door.COMMUNITY,
    "projects:decision": Door.COMMUNITY,
    "projects:decision_remove": Door.COMMUNITY,
    "projects:organisation": Door.COMMUNITY,
    "projects:body": Door.COMMUNITY,
    "projects:body_add": Door.COMMUNITY,
    "projects:body_edit": Door.COMMUNITY,
    "projects:body_remove": Door.COMMUNITY,
    "projects:seat_add": Door.COMMUNITY,
    "projects:seat_edit": Door.COMMUNITY,
    "projects:seat_move": Door.COMMUNITY,
    "projects:seat_remove": Door.COMMUNITY,
    "projects:units": Door.COMMUNITY,
    "projects:unit_add": Door.COMMUNITY,
    "projects:unit_edit": Door.COMMUNITY,
    "projects:unit_remove": Door.COMMUNITY,
    "projects:duties": Door.COMMUNITY,
    "projects:letters": Door.COMMUNITY,
    "projects:letter_add": Door.COMMUNITY,
    "projects:letter": Door.COMMUNITY,
    "projects:letter_remove": Door.COMMUNITY,
    "projects:organisation_template": Door.COMMUNITY,
    "projects:emergency": Door.COMMUNITY,
    "projects:emergency_add": Door.COMMUNITY,
    "projects:emergency_row": Door.COMMUNITY,
    "projects:emergency_remove": Door.COMMUNITY,
    # Posts at an authority, and staff; a member of a community is turned away.
    "projects:board": Door.STAFF,
    "projects:board_queue": Door.STAFF,
    "projects:overview": Door.STAFF,
    "projects:rules": Door.STAFF,
    "projects:rule_change": Door.STAFF,
    "projects:minimum_change": Door.STAFF,
    "projects:reports": Door.COMMUNITY,
    "projects:report": Door.COMMUNITY,
    "projects:report_take_back": Door.COMMUNITY,
    "projects:report_judge": Door.COMMUNITY,
    "projects:evidence": Door.COMMUNITY,
    "projects:evidence_add": Door.COMMUNITY,
    "projects:evidence_zip": Door.COMMUNITY,
    "projects:evidence_item": Door.COMMUNITY,
    "projects:evidence_file": Door.COMMUNITY,
    "projects:evidence_thumbnail": Door.COMMUNITY,
    "projects:evidence_remove": Door.COMMUNITY,
    "projects:projects": Door.COMMUNITY,
    "projects:project_add": Door.COMMUNITY,
    "projects:coverage": Door.COMMUNITY,
    "projects:project": Door.COMMUNITY,
    "projects:project_edit": Door.COMMUNITY,
    "projects:project_move": Door.COMMUNITY,
    "projects:project_part_add": Door.COMMUNITY,
    "projects:project_part": Door.COMMUNITY,
    "projects:project_part_remove": Door.COMMUNITY,
    "projects:diagnosis": Door.COMMUNITY,
    "projects:diagnosis_add": Door.COMMUNITY,
    "projects:diagnosis_page": Door.COMMUNITY,
    "projects:diagnosis_edit": Door.COMMUNITY,
    "projects:diagnosis_remove": Door.COMMUNITY,
    "projects:finding_add": Door.COMMUNITY,
    "projects:finding": Door.COMMUNITY,
    "projects:finding_edit": Door.COMMUNITY,
    "projects:finding_remove": Door.COMMUNITY,
    "projects:plans": Door.COMMUNITY,
    "projects:plan_add": Door.COMMUNITY,
    "projects:plan": Door.COMMUNITY,
    "projects:plan_edit": Door.COMMUNITY,
    "projects:plan_remove": Door.COMMUNITY,
    "projects:plan_stage_add": Door.COMMUNITY,
    "projects:plan_stage": Door.COMMUNITY,
    "projects:plan_stage_remove": Door.COMMUNITY,
    "projects:goal_add": Door.COMMUNITY,
    "projects:goal": Door.COMMUNITY,
    "projects:goal_remove": Door.COMMUNITY,
    "projects:authority_plans": Door.COMMUNITY,
    "projects:authority_plan_add": Door.COMMUNITY,
    "projects:authority_plan": Door.COMMUNITY,
    "projects:attach": Door.COMMUNITY,
    "projects:detach": Door.COMMUNITY,
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
