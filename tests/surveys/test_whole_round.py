"""A round of sixty days on the wire sends exactly the expected mails."""

from tests.surveys.whole_round import SOME, play


def test_sixty_days_send_exactly_the_expected_mails(db, settings):
    play(SOME, settings)
