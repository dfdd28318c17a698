"""Which pages of two prints of one form say the same."""

import pytest

from surveys.models import Submission
from surveys.printing import lay_out
from surveys.printing.hashes import page_hashes
from surveys.services import prints
from tests.factories import ResponseFactory, SubmissionFactory
from tests.surveys.prints import ANSWERS, form_print

SENTENCE = "牵头部门每季度召开联席会议，通报伤害监测数据，研究重点人群的干预措施。"
PLAN = ANSWERS["plan"]


def hashes(**answers):
    form = form_print(**answers)
    return page_hashes(lay_out(form, form.definition))


def changed(before, after):
    """The numbers of the pages that say something else; None when the number of pages is another."""
    if len(before) != len(after):
        return None
    return [number for number, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]]


def test_number_and_version_at_the_foot_change_no_page() -> None:
    assert hashes(version=2, reference="AQ24-0421-7KHM") == hashes()


def test_another_plan_changes_only_the_page_it_stands_on() -> None:
    assert changed(hashes(), hashes(plan="2027年3月完成自评，5月提交复评申请。")) == [1]


@pytest.mark.parametrize("sentences", [1, 2, 4, 12])
def test_a_longer_plan_moves_nothing_of_a_long_report(sentences) -> None:
    report = SENTENCE * 60
    before, after = hashes(work_now=report, plan=PLAN), hashes(work_now=report, plan=SENTENCE * sentences)
    pages = len(before)
    assert pages == len(after) == 5
    assert set(changed(before, after)) <= {1, pages - 1}


def test_a_change_of_the_further_information_leaves_the_official_page_as_it_is() -> None:
    assert changed(hashes(), hashes(needs=["forum"])) == [2]


def test_a_change_of_the_long_report_changes_its_pages_and_leaves_the_last_one() -> None:
    before, after = hashes(work_now=SENTENCE * 60), hashes(work_now=SENTENCE * 58)
    assert changed(before, after) == [4]


def test_a_plan_that_needs_one_page_more_makes_it_another_print() -> None:
    assert changed(hashes(), hashes(plan=SENTENCE * 30)) is None


def test_typing_a_sign_in_another_way_is_no_change() -> None:
    assert hashes(leader_name="Jos\u00e9") == hashes(leader_name="Jose\u0301")


def test_a_print_is_kept_with_the_hash_of_every_page(db, community) -> None:
    submission = SubmissionFactory(response=ResponseFactory(community=community), answers=ANSWERS)
    prints.make_print(type("Asked", (), {"parameters": {"submission": submission.pk}}))
    kept = Submission.objects.get()
    form = prints.form_print(submission)
    assert kept.page_hashes == list(page_hashes(lay_out(form, form.definition)))
    assert len(kept.page_hashes) == kept.print_pages == 2
