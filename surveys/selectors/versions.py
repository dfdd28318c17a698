"""Two versions of one response side by side: which answers and which printed pages have changed, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from accounts.enums import Permission
from communities.authz import can
from surveys.models import Remark, Response, Submission
from surveys.questionnaires import Question
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.register_values import masked
from surveys.selectors.reviews import questionnaire_of

_CLAUSES = re.compile(r"[^。；！？\n，、,;.!?]*[。；！？\n，、,;.!?]+|[^。；！？\n，、,;.!?]+")
FINE = 400  # characters: longer pieces that differ are marked as a whole


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``is_changed`` where the other version says something else or nothing."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """``remark``: what was asked to be changed in the older one. Masked texts are compared before they are masked."""

    question: Question
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    is_changed: bool
    remark: Remark | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``changed_pages`` is None where one of the two was never printed, or printed before pages were compared."""

    old: Submission
    new: Submission
    rows: tuple[ComparedAnswer, ...]
    changed_pages: tuple[int, ...] | None

    @property
    def changed(self) -> tuple[ComparedAnswer, ...]:
        return tuple(row for row in self.rows if row.is_changed)

    @property
    def same(self) -> tuple[ComparedAnswer, ...]:
        return tuple(row for row in self.rows if not row.is_changed)


def versions(response: Response) -> list[Submission]:
    """Every version handed in, the first one first."""
    return list(response.submissions.order_by("version"))


def compare(response: Response, old: Submission, new: Submission, user: Any) -> Comparison:
    unmasked = can(user, Permission.CONTACT_VIEW, response.community)
    remarks = {
        remark.question: remark
        for remark in response.remarks.filter(review__submission=old).select_related("reason").order_by("pk")
    }
    rows = tuple(
        _row(question, old.answers, new.answers, remarks.get(question.id), unmasked=unmasked)
        for question in questionnaire_of(response).questions
        if question.id in old.answers or question.id in new.answers or question.id in remarks
    )
    return Comparison(old, new, rows, changed_pages(old, new))


def changed_pages(old: Submission, new: Submission) -> tuple[int, ...] | None:
    """Printed pages of the newer version that say something else than the older one's; all, if their number changed."""
    if not old.page_hashes or not new.page_hashes:
        return None
    if len(old.page_hashes) != len(new.page_hashes):
        return tuple(range(1, len(new.page_hashes) + 1))
    pairs = zip(old.page_hashes, new.page_hashes, strict=True)
    return tuple(number for number, (before, after) in enumerate(pairs, start=1) if before != after)


def _row(
    question: Question, old: dict[str, Any], new: dict[str, Any], remark: Remark | None, *, unmasked: bool
) -> ComparedAnswer:
    texts = [answer_text(question, answers.get(question.id)) for answers in (old, new)]
    if not unmasked:
        texts = [str(masked(question.feeds, text)) for text in texts]
    before, after = marked(texts[0], texts[1])
    is_changed = old.get(question.id) != new.get(question.id)
    return ComparedAnswer(question, before, after, is_changed, remark)


def marked(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces. Clause by clause first, then letter by letter where little has changed.

    Comparing thousands of characters one by one would take seconds; clauses are few.
    """
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, left, right in _blocks(_CLAUSES.findall(old), _CLAUSES.findall(new)):
        if tag == "replace" and max(len(left), len(right)) <= FINE:
            for fine, one, other in _blocks(list(left), list(right)):
                _add(before, one, is_changed=fine != "equal")
                _add(after, other, is_changed=fine != "equal")
        else:
            _add(before, left, is_changed=tag != "equal")
            _add(after, right, is_changed=tag != "equal")
    return tuple(before), tuple(after)


def _blocks(old: list[str], new: list[str]) -> list[tuple[str, str, str]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        (tag, "".join(old[left:left_end]), "".join(new[right:right_end]))
        for tag, left, left_end, right, right_end in matcher.get_opcodes()
    ]


def _add(pieces: list[Piece], text: str, *, is_changed: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1].is_changed == is_changed:
        text = pieces.pop().text + text
    pieces.append(Piece(text, is_changed))
