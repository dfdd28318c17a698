"""What somebody has typed is not lost: the browser dies, the line is gone for a minute, a second tab is open."""

import itertools
import time

import pytest
from playwright.sync_api import BrowserContext, Page

from surveys.models import Answer
from tests.faults.browser import box, opened, own_chromium, sign_in, visitor, with_script_changed
from tests.faults.drafts import Draft, drafts
from tests.worker import wait_until

TIMES, FEWER = 20, 5
TYPED_FOR, MAY_BE_LOST = 3.0, 2.0  # seconds
KEYSTROKE = 0.1  # seconds; a quick typist
LONG, SHORT = 60, 2  # seconds without a line: once a run, and every other time
SAVING = "const SAVE_AFTER = 1000;"
SENDING_AGAIN = "retry = setTimeout(send, pause);"
OWN_PLACE = "store(mine, Object.fromEntries(queue));"


@pytest.fixture(autouse=True)
def beside_a_browser(monkeypatch):
    """Playwright keeps an event loop in this thread, and Django would take every query for one of its own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def stored(draft: Draft, question: str) -> str:
    row = Answer.objects.filter(response=draft.response, question=question).first()
    return row.value or "" if row else ""


# --- The browser is killed --------------------------------------------------------------------------------


def type_on(page: Page) -> list[tuple[str, float]]:
    """Signs all different, one after the other without a pause, and when each was struck."""
    box(page, "work_now").focus()
    struck, began = [], time.monotonic()
    for number in itertools.count():
        if time.monotonic() - began >= TYPED_FOR:
            return struck
        page.keyboard.insert_text(chr(0x4E00 + number))
        struck.append((chr(0x4E00 + number), time.monotonic()))
        page.wait_for_timeout(KEYSTROKE * 1000)
    raise AssertionError("never")


def lost_seconds(playwright, port, profile, draft: Draft, *, unguarded: bool = False) -> float:
    """How long before the end the first sign was struck that is not there afterwards."""
    with own_chromium(playwright, profile) as chromium:
        if unguarded:
            with_script_changed(chromium.context, SAVING, "const SAVE_AFTER = 600000;")
        sign_in(chromium.context, port, draft)
        page = opened(chromium.context, port, draft)
        struck = type_on(page)
        end = time.monotonic()
        chromium.kill()
    time.sleep(1)  # what had left the browser may still be on its way
    typed, kept = "".join(sign for sign, _at in struck), stored(draft, "work_now")
    assert typed.startswith(kept)
    return 0.0 if kept == typed else end - struck[len(kept)][1]


def test_a_killed_browser_costs_at_most_two_seconds_of_typing(port, playwright, tmp_path, figure):
    lost = [
        lost_seconds(playwright, port, tmp_path / str(number), draft)
        for number, draft in enumerate(drafts(TIMES, work_now=None))
    ]
    figure(f"killed {TIMES} times after {TYPED_FOR:.0f} s, lost at most {max(lost):.2f} s of typing")
    assert [seconds for seconds in lost if seconds > MAY_BE_LOST] == []


def test_control_without_saving_while_typing_all_of_it_is_lost(port, playwright, tmp_path, figure):
    (draft,) = drafts(1, work_now=None)
    lost = lost_seconds(playwright, port, tmp_path / "profile", draft, unguarded=True)
    figure(f"control without saving while typing: lost {lost:.2f} s")
    assert lost > MAY_BE_LOST


# --- The line is gone -------------------------------------------------------------------------------------


def write_offline(page: Page, number: int, seconds: float) -> dict[str, str]:
    """Three answers typed while there is no line, one of them twice."""
    written = {name: f"断网时写的{name}{number}" for name in ("leader_name", "plan", "suggestions")}
    page.context.set_offline(True)
    box(page, "plan").fill("断网时先写的")
    box(page, "leader_name").fill(written["leader_name"])
    box(page, "plan").fill(written["plan"])
    page.wait_for_timeout(seconds * 1000)
    box(page, "suggestions").fill(written["suggestions"])
    page.wait_for_timeout(SHORT * 1000)
    page.context.set_offline(False)
    return written


def all_there(draft: Draft, written: dict[str, str]) -> bool:
    return {name: stored(draft, name) for name in written} == written


def test_a_minute_without_a_line_costs_nothing(port, playwright, figure):
    units = drafts(TIMES)
    with visitor(playwright, port, units[0]) as context:
        slowest = 0.0
        for number, draft in enumerate(units):
            page = opened(context, port, draft)
            written = write_offline(page, number, SHORT if number else LONG)
            back = time.monotonic()
            wait_until(lambda: all_there(draft, written), what="the sending of what waited")  # noqa: B023
            slowest = max(slowest, time.monotonic() - back)
            page.close()
    figure(f"offline once {LONG} s, {TIMES - 1} times {SHORT} s: all stored at most {slowest:.1f} s after")


def test_control_without_sending_again_it_is_lost(port, playwright, figure):
    (draft,) = drafts(1)
    with visitor(playwright, port, draft) as context:
        with_script_changed(context, SENDING_AGAIN, "queue.clear();")
        page = opened(context, port, draft)
        written = write_offline(page, 0, SHORT)
        page.wait_for_timeout(5_000)
    missing = [name for name, text in written.items() if stored(draft, name) != text]
    figure(f"control without sending again: {len(missing)} of {len(written)} answers lost")
    assert missing != []


# --- Two tabs ---------------------------------------------------------------------------------------------


def leave(page: Page) -> None:
    page.keyboard.press("Tab")


def is_told(page: Page, theirs: str) -> bool:
    """The page shows that somebody else wrote here, and what."""
    return page.locator('[data-question="address"] .conflict', has_text=theirs).count() == 1


def one_after_the_other(older: Page, newer: Page, draft: Draft, number: int) -> tuple[str, str]:
    """The newer tab writes and is saved; then the older one writes over what it had read long ago."""
    theirs, mine = f"后开的页写的地址{number}", f"先开的页写的地址{number}"
    box(newer, "address").fill(theirs)
    leave(newer)
    wait_until(lambda: stored(draft, "address") == theirs, what="the saving of the newer tab")
    box(older, "address").fill(mine)
    leave(older)
    return mine, theirs


def test_the_older_of_two_tabs_is_told_and_chooses(port, playwright, figure):
    units = drafts(TIMES)
    told = 0
    with visitor(playwright, port, units[0]) as context:
        for number, draft in enumerate(units):
            older, newer = opened(context, port, draft), opened(context, port, draft)
            mine, theirs = one_after_the_other(older, newer, draft, number)
            wait_until(lambda: is_told(older, theirs), what="the word that another tab was first")  # noqa: B023
            assert stored(draft, "address") == theirs
            assert box(older, "address").input_value() == mine
            told += 1
            chosen = number % 2
            older.locator(".conflict button").nth(chosen).click()
            wanted = (mine, theirs)[chosen]
            wait_until(lambda: stored(draft, "address") == wanted, what="the choice")  # noqa: B023
            assert box(older, "address").input_value() == wanted
            older.close()
            newer.close()
    figure(f"two tabs, {TIMES} times: the older told {told} times, silently overwritten 0 times")


def test_of_two_tabs_that_write_at_the_same_moment_one_is_told(port, playwright, figure):
    units = drafts(TIMES)
    told = {"first": 0, "second": 0}
    with visitor(playwright, port, units[0]) as context:
        for number, draft in enumerate(units):
            pages = {name: opened(context, port, draft) for name in told}
            texts = {name: f"{name} {number}" for name in told}
            for name, page in pages.items():
                box(page, "address").fill(texts[name])
            for page in pages.values():
                leave(page)
            wait_until(lambda: "".join(_told(pages, texts)) in told, what="the word to one of them")  # noqa: B023
            (loser,) = _told(pages, texts)
            told[loser] += 1
            assert stored(draft, "address") == next(texts[name] for name in told if name != loser)
            for page in pages.values():
                page.close()
    figure(f"both tabs at one moment, {TIMES} times: told {sum(told.values())} times")


def _told(pages: dict[str, Page], texts: dict[str, str]) -> list[str]:
    return [
        name
        for name, page in pages.items()
        if any(is_told(page, text) for other, text in texts.items() if other != name)
    ]


def left_by_two_tabs(context: BrowserContext, port: int, draft: Draft) -> tuple[dict[str, str], list[str]]:
    """Two tabs write without a line, an answer each alone and one both, and are gone: those alone, those of both."""
    tabs = [opened(context, port, draft) for _tab in range(2)]
    context.set_offline(True)
    alone = {"leader_name": "先开的页写的名字", "plan": "后开的页写的计划"}
    both = ["先开的页写的地址", "后开的页写的地址"]
    for tab, (name, text), address in zip(tabs, alone.items(), both, strict=True):
        box(tab, name).fill(text)
        box(tab, "address").fill(address)
        leave(tab)
        tab.wait_for_timeout(SHORT * 1000)
    for tab in tabs:
        tab.close()
    context.set_offline(False)
    return alone, both


def test_two_tabs_that_end_without_a_line_leave_everything_to_the_next(port, playwright, figure):
    units = drafts(FEWER)
    with visitor(playwright, port, units[0]) as context:
        for draft in units:
            alone, both = left_by_two_tabs(context, port, draft)
            page = opened(context, port, draft)
            wait_until(lambda: all_there(draft, alone), what="the sending of what both left")  # noqa: B023
            page.locator('[data-question="address"] .conflict').wait_for()
            shown = [stored(draft, "address"), box(page, "address").input_value()]
            assert sorted(shown) == sorted(both)
            assert is_told(page, shown[0])
            page.close()
    figure(f"two tabs ended without a line, {FEWER} times: 0 of {4 * FEWER} texts lost, both addresses shown")


def test_control_with_one_place_for_both_tabs_a_text_is_lost(port, playwright, figure):
    (draft,) = drafts(1)
    with visitor(playwright, port, draft) as context:
        with_script_changed(context, OWN_PLACE, "store(form, Object.fromEntries(queue));")
        alone, _both = left_by_two_tabs(context, port, draft)
        page = opened(context, port, draft)
        page.wait_for_timeout(5_000)
    missing = [name for name, text in alone.items() if stored(draft, name) != text]
    figure(f"control with one place for both tabs: {len(missing)} of {len(alone)} answers lost")
    assert missing != []


def test_control_without_revisions_the_older_tab_overwrites_in_silence(platform, playwright, figure):
    with platform(without="revision") as port:
        (draft,) = drafts(1)
        with visitor(playwright, port, draft) as context:
            older, newer = opened(context, port, draft), opened(context, port, draft)
            mine, theirs = one_after_the_other(older, newer, draft, 0)
            older.wait_for_timeout(3_000)
            silent = not is_told(older, theirs) and stored(draft, "address") == mine
    figure(f"control without revisions: overwritten in silence {silent}")
    assert silent
