"""What the desk shows of one response: answers beside the register, papers, what was decided before."""

from surveys.enums import Decision, FilePurpose, Stage
from surveys.models import Response
from surveys.selectors import reviews as selectors
from surveys.services.reviews import Verdict
from tests.factories import UploadedFileFactory, UserFactory, staff_user
from tests.surveys.scenes import awaiting_review, looked_at_twice
from tests.surveys.verdicts import NEW_COPY, PROPOSE, RETURN, give


def desk_of(response, user):
    fresh = selectors.desk_responses(user).get(pk=response.pk)
    return selectors.desk(fresh, user)


def rows_of(response, user):
    return {row.question.id: row for section in desk_of(response, user).sections for row in section.rows}


def handed_in_again(response, **changed):
    """Another version after a return."""
    old = response.submissions.get()
    response.refresh_from_db()
    Response.objects.filter(pk=response.pk).update(stage=Stage.SUBMITTED)
    return type(old).objects.create(
        response=response,
        version=response.version,
        answers={**old.answers, **changed},
        content_hash="a" * 64,
    )


# --- the desk -------------------------------------------------------------------------------------------


def test_answers_stand_beside_the_register(community, office) -> None:
    response = awaiting_review(community, answers={"community_name": "福建省厦门市筼筜街道"})
    rows = rows_of(response, office)
    assert (rows["community_name"].agreement, rows["plan"].agreement) == ("same", None)
    assert rows["contact_mobile"].agreement == "unknown"


def test_contacts_are_masked_and_the_papers_closed_to_those_without_the_right(community, leadership) -> None:
    response = awaiting_review(community)
    UploadedFileFactory(sealed_copy=response.sealed_copies.get(), purpose=FilePurpose.E_SEALED)
    rows, desk = rows_of(response, leadership), desk_of(response, leadership)
    assert rows["contact_mobile"].text == "138****0001"
    assert rows["email"].text == "l***@example.org"
    assert rows["leader_name"].text == "负**"
    assert rows["work_now"].text.startswith("一、组织机构")
    assert (desk.pages, desk.e_sealed) == ((), ())


def test_the_desk_recalls_what_was_returned_before(community, office) -> None:
    response = awaiting_review(community, answers={"plan": "明年申请。"})
    give(RETURN, response, office)
    handed_in_again(response)
    row = rows_of(response, office)["plan"]
    assert (row.earlier.text, row.earlier_text) == ("请写明牵头部门。", "明年申请。")


def test_papers_of_an_older_version_are_not_shown_beside_new_answers(community, office) -> None:
    response = awaiting_review(community)
    give(RETURN, response, office)
    assert len(desk_of(response, office).pages) == 2
    handed_in_again(response)
    desk = desk_of(response, office)
    assert (desk.copy, desk.pages, desk.missing) == (None, (), ())


def test_a_copy_that_comes_again_says_why_the_last_one_went_back(community, office) -> None:
    response = awaiting_review(community)
    give(Verdict(Decision.COPY_RETURNED, note="没有盖章。", bad_pages=(2,)), response, office)
    assert desk_of(response, office).returned_copy is None
    Response.objects.update(stage=Stage.UPLOADED)
    returned = desk_of(response, office).returned_copy
    assert (returned.note, returned.bad_pages) == ("没有盖章。", [2])


def test_electronically_sealed_files_are_there_to_be_opened(community, office) -> None:
    response = awaiting_review(community)
    file = UploadedFileFactory(sealed_copy=response.sealed_copies.get(), purpose=FilePurpose.E_SEALED)
    assert desk_of(response, office).e_sealed == (file,)


def test_the_second_reviewer_sees_who_looked_first(community, office, administrator) -> None:
    response = awaiting_review(community, round=looked_at_twice())
    assert desk_of(response, office).proposal is None
    give(PROPOSE, response, office)
    desks = [desk_of(response, person) for person in (office, administrator)]
    assert [desk.proposal.decided_by for desk in desks] == [office, office]
    assert [desk.is_own_proposal for desk in desks] == [True, False]


def test_a_reviewer_of_one_community_reads_its_desk_only(community) -> None:
    awaiting_review(community)
    assert not selectors.desk_responses(UserFactory()).exists()
    assert selectors.desk_responses(staff_user("case_officer")).count() == 1


def test_a_returned_copy_is_no_new_version(community, office) -> None:
    response = awaiting_review(community)
    give(NEW_COPY, response, office)
    assert (desk_of(response, office).has_versions, response.submissions.count()) == (False, 1)
