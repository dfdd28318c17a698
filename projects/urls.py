"""Addresses of the safety work. Everything of one community hangs below its own number."""

from django.urls import URLPattern, URLResolver, include, path

from projects.views import (
    above_files,
    activities,
    activities_above,
    attachments,
    authority_plans,
    board,
    decisions,
    diagnosis,
    evidence,
    experts_above,
    funds,
    gaps,
    home,
    news,
    organisation,
    organisation_letters,
    organisation_templates,
    organisation_units,
    plans,
    programmes,
    project_parts,
    projects,
    registers,
    reports,
    residents,
    rules,
    shortcomings,
    supervision,
    trainees,
    venues,
)

app_name = "projects"

Addresses = list[URLPattern | URLResolver]

evidence_urls: Addresses = [
    path("", evidence.archive, name="evidence"),
    path("add/", evidence.add, name="evidence_add"),
    path("zip/", evidence.year_zip, name="evidence_zip"),
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

activities_urls: Addresses = [
    path("", activities.activities, name="activities"),
    path("add/", activities.add, name="activity_add"),
    path("open/", decisions.open_matters, name="open_matters"),
    path("<int:activity_id>/", activities.activity, name="activity"),
    path("<int:activity_id>/change/", activities.change, name="activity_change"),
    path("<int:activity_id>/trainees/", trainees.trainees, name="trainees"),
    path("<int:activity_id>/remove/", activities.remove, name="activity_remove"),
    path("<int:activity_id>/decisions/add/", decisions.add, name="decision_add"),
    path("<int:activity_id>/decisions/<int:decision_id>/", decisions.change, name="decision"),
    path("<int:activity_id>/decisions/<int:decision_id>/remove/", decisions.remove, name="decision_remove"),
]

projects_urls: Addresses = [
    path("", projects.projects, name="projects"),
    path("add/", projects.project_add, name="project_add"),
    path("coverage/", projects.coverage, name="coverage"),
    path("burden/", projects.burden, name="burden"),
    path("<int:project_id>/", projects.project, name="project"),
    path("<int:project_id>/edit/", projects.project_edit, name="project_edit"),
    path("<int:project_id>/move/<str:move>/", projects.project_move, name="project_move"),
    path("<int:project_id>/<str:part>/add/", project_parts.part_add, name="project_part_add"),
    path("<int:project_id>/<str:part>/<int:part_id>/", project_parts.part_change, name="project_part"),
    path(
        "<int:project_id>/<str:part>/<int:part_id>/remove/",
        project_parts.part_remove,
        name="project_part_remove",
    ),
]

diagnosis_urls: Addresses = [
    path("", diagnosis.diagnoses, name="diagnosis"),
    path("add/", diagnosis.diagnosis_add, name="diagnosis_add"),
    path("<int:diagnosis_id>/", diagnosis.diagnosis, name="diagnosis_page"),
    path("<int:diagnosis_id>/edit/", diagnosis.diagnosis_edit, name="diagnosis_edit"),
    path("<int:diagnosis_id>/remove/", diagnosis.diagnosis_remove, name="diagnosis_remove"),
    path("<int:diagnosis_id>/findings/add/", diagnosis.finding_add, name="finding_add"),
    path("findings/<int:finding_id>/", diagnosis.finding, name="finding"),
    path("findings/<int:finding_id>/edit/", diagnosis.finding_edit, name="finding_edit"),
    path("findings/<int:finding_id>/remove/", diagnosis.finding_remove, name="finding_remove"),
]

plans_urls: Addresses = [
    path("", plans.plans, name="plans"),
    path("add/", plans.plan_add, name="plan_add"),
    path("<int:plan_id>/", plans.plan, name="plan"),
    path("<int:plan_id>/edit/", plans.plan_edit, name="plan_edit"),
    path("<int:plan_id>/remove/", plans.plan_remove, name="plan_remove"),
    path("<int:plan_id>/stages/add/", plans.plan_stage_add, name="plan_stage_add"),
    path("stages/<int:stage_id>/", plans.plan_stage, name="plan_stage"),
    path("stages/<int:stage_id>/remove/", plans.plan_stage_remove, name="plan_stage_remove"),
    path("goals/add/", plans.goal_add, name="goal_add"),
    path("goals/<int:goal_id>/", plans.goal, name="goal"),
    path("goals/<int:goal_id>/remove/", plans.goal_remove, name="goal_remove"),
]

authority_plans_urls: Addresses = [
    path("", authority_plans.authority_plans, name="authority_plans"),
    path("add/", authority_plans.authority_plan_add, name="authority_plan_add"),
    path("<int:plan_id>/", authority_plans.authority_plan, name="authority_plan"),
]

attachment_urls: Addresses = [
    path("<str:kind>/<int:thing_id>/", attachments.files_add, name="attach"),
    path("<str:kind>/<int:thing_id>/<int:evidence_id>/remove/", attachments.files_remove, name="detach"),
]

seat_urls: Addresses = [
    path("add/", organisation.seat_add, name="seat_add"),
    path("<int:seat_id>/", organisation.seat_edit, name="seat_edit"),
    path("<int:seat_id>/move/", organisation.seat_move, name="seat_move"),
    path("<int:seat_id>/remove/", organisation.seat_remove, name="seat_remove"),
]

organisation_urls: Addresses = [
    path("", organisation.organisation, name="organisation"),
    path("bodies/add/", organisation.body_add, name="body_add"),
    path("bodies/<int:body_id>/", organisation.body, name="body"),
    path("bodies/<int:body_id>/edit/", organisation.body_edit, name="body_edit"),
    path("bodies/<int:body_id>/remove/", organisation.body_remove, name="body_remove"),
    path("bodies/<int:body_id>/seats/", include(seat_urls)),
    path("units/", organisation_units.units, name="units"),
    path("units/add/", organisation_units.unit_add, name="unit_add"),
    path("units/<int:organisation_id>/", organisation_units.unit_edit, name="unit_edit"),
    path("units/<int:organisation_id>/remove/", organisation_units.unit_remove, name="unit_remove"),
    path("duties/", organisation_units.duties, name="duties"),
    path("letters/", organisation_letters.letters, name="letters"),
    path("letters/add/", organisation_letters.letter_add, name="letter_add"),
    path("letters/<int:letter_id>/", organisation_letters.letter, name="letter"),
    path("letters/<int:letter_id>/remove/", organisation_letters.letter_remove, name="letter_remove"),
    path("from/<slug:template>/", organisation_templates.template, name="organisation_template"),
]

registers_urls: Addresses = [
    path("", registers.rows, name="register"),
    path("add/", registers.add, name="register_add"),
    path("<int:row_id>/", registers.row, name="register_row"),
    path("<int:row_id>/remove/", registers.remove, name="register_remove"),
]

reports_urls: Addresses = [
    path("", reports.reports, name="reports"),
    path("<int:report_id>/", reports.report, name="report"),
    path("<int:report_id>/take-back/", reports.take_back, name="report_take_back"),
    path("<int:report_id>/print/", reports.print_out, name="report_print"),
    path("check-first/", reports.check_first, name="reports_check_first"),
    path("<int:report_id>/check/", reports.check, name="report_check"),
    path("<int:report_id>/judge/", reports.judge, name="report_judge"),
]

authority_experts_urls: Addresses = [
    path("", experts_above.experts, name="authority_experts"),
    path("add/", experts_above.add, name="authority_expert_add"),
    path("<int:row_id>/", experts_above.change, name="authority_expert"),
    path("<int:row_id>/remove/", experts_above.remove, name="authority_expert_remove"),
]

authority_urls: Addresses = [
    path("", activities_above.activities, name="authority_activities"),
    path("add/", activities_above.add, name="authority_activity_add"),
    path("<int:activity_id>/", activities_above.activity, name="authority_activity"),
    path("<int:activity_id>/change/", activities_above.change, name="authority_activity_change"),
    path("<int:activity_id>/remove/", activities_above.remove, name="authority_activity_remove"),
]

association_urls: Addresses = [
    path("", activities_above.activities, name="association_activities"),
    path("add/", activities_above.add, name="association_activity_add"),
    path("<int:activity_id>/", activities_above.activity, name="association_activity"),
    path("<int:activity_id>/change/", activities_above.change, name="association_activity_change"),
    path("<int:activity_id>/remove/", activities_above.remove, name="association_activity_remove"),
]

shortcomings_urls: Addresses = [
    path("", shortcomings.shortcomings, name="shortcomings"),
    path("add/", shortcomings.shortcoming_add, name="shortcoming_add"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("<int:shortcoming_id>/", shortcomings.shortcoming, name="shortcoming"),
    path("<int:shortcoming_id>/edit/", shortcomings.shortcoming_edit, name="shortcoming_edit"),
    path("<int:shortcoming_id>/rectified/", shortcomings.shortcoming_rectify, name="shortcoming_rectify"),
    path("<int:shortcoming_id>/move/<str:step>/", shortcomings.shortcoming_move, name="shortcoming_move"),
    path("<int:shortcoming_id>/remove/", shortcomings.shortcoming_remove, name="shortcoming_remove"),
]

funds_urls: Addresses = [
    path("", funds.funds, name="funds"),
    path("add/", funds.fund_add, name="fund_add"),
    path("<int:fund_id>/", funds.fund, name="fund"),
    path("<int:fund_id>/remove/", funds.fund_remove, name="fund_remove"),
]

authority_funds_urls: Addresses = [
    path("", funds.funds, name="authority_funds"),
    path("add/", funds.fund_add, name="authority_fund_add"),
    path("<int:fund_id>/", funds.fund, name="authority_fund"),
    path("<int:fund_id>/remove/", funds.fund_remove, name="authority_fund_remove"),
]

venues_urls: Addresses = [
    path("", venues.venues, name="venues"),
    path("add/", venues.venue_add, name="venue_add"),
    path("paste/", venues.venue_paste, name="venue_paste"),
    path("excel/", venues.venue_workbook, name="venue_workbook"),
    path("<int:venue_id>/", venues.venue, name="venue"),
    path("<int:venue_id>/edit/", venues.venue_edit, name="venue_edit"),
    path("<int:venue_id>/check/", venues.venue_check, name="venue_check"),
    path("<int:venue_id>/remove/", venues.venue_remove, name="venue_remove"),
]

above_urls: Addresses = [
    path("funds/", include(authority_funds_urls)),
    path("files/<int:evidence_id>/", above_files.file, name="authority_file"),
    path("files/<int:evidence_id>/thumbnail/", above_files.thumbnail, name="authority_thumbnail"),
    path(
        "activities/<int:activity_id>/shortcomings/add/",
        supervision.shortcoming_add,
        name="authority_shortcoming_add",
    ),
]

community_urls: Addresses = [
    path("", home.work, name="work"),
    path("begin/", home.begin, name="work_begin"),
    path("organisation/", include(organisation_urls)),
    path("show/", home.show, name="work_show"),
    path("diagnosis/", include(diagnosis_urls)),
    path("plans/", include(plans_urls)),
    path("projects/", include(projects_urls)),
    path("evidence-of/", include(attachment_urls)),
    path("activities/", include(activities_urls)),
    path("news/<int:news_id>/show/", news.news_show, name="news_show"),
    path("registers/<str:register>/", include(registers_urls)),
    path("reports/", include(reports_urls)),
    path("evidence/", include(evidence_urls)),
    path("residents/", include(residents_urls)),
    path("shortcomings/", include(shortcomings_urls)),
    path("venues/", include(venues_urls)),
    path("funds/", include(funds_urls)),
]

public_news_urls: Addresses = [
    path("", news.news, name="news"),
    path("<int:news_id>/", news.news_item, name="news_item"),
    path("<int:news_id>/<int:evidence_id>/", news.news_picture, name="news_picture"),
]

staff_urls: Addresses = [
    path("work/", board.overview, name="overview"),
    path("work/rules/", rules.rules, name="rules"),
    path("work/rules/<int:rule_id>/", rules.rule_change, name="rule_change"),
    path("work/minima/<int:minimum_id>/", rules.minimum_change, name="minimum_change"),
]

urlpatterns: Addresses = [
    # Short, because it is typed from a poster where a code cannot be read.
    path("r/<str:token>/", residents.answer, name="resident_answer"),
    path("communities/<int:community_id>/programmes/", programmes.programmes, name="programmes"),
    path("communities/<int:community_id>/news/", include(public_news_urls)),
    path("work/", home.own_work, name="own_work"),
    path("work/board/", board.board, name="board"),
    path("work/board/queue/", board.queue, name="board_queue"),
    path("work/authority/<int:authority_id>/experts/", include(authority_experts_urls)),
    path("work/authority/<int:authority_id>/activities/", include(authority_urls)),
    path("work/association/activities/", include(association_urls)),
    path("work/association/files/<int:evidence_id>/", above_files.file, name="association_file"),
    path(
        "work/association/files/<int:evidence_id>/thumbnail/",
        above_files.thumbnail,
        name="association_thumbnail",
    ),
    path("work/authority/<int:authority_id>/", include(above_urls)),
    path("work/<int:community_id>/", include(community_urls)),
    path("work/authority/<int:authority_id>/plans/", include(authority_plans_urls)),
    path("admin/", include(staff_urls)),
]
