"""All 127 units of a round on the wire, at the size of the true one."""

from notices.models import Notice
from tests.surveys.whole_round import EVERY, play


def test_a_whole_round_sends_exactly_the_expected_mails(db, settings, figure):
    play(EVERY, settings)
    figure(f"{Notice.objects.filter(state='sent').count()} mails in sixty days, each of them expected")
