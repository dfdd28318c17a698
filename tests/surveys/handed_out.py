"""A section on its way to another office and back, as its two sides press the buttons."""

from __future__ import annotations

from django.urls import reverse

from core import clock
from surveys.models import Answer, SectionHandout
from surveys.services import handouts as services

WORK = "派出所每周巡逻三次，电动车违停和噪声扰民明显减少。"


def path_of(handout) -> str:
    return services.link_of(handout).removeprefix("http://127.0.0.1:8000")


def url(name: str, response, *more) -> str:
    return reverse(f"surveys:{name}", args=[response.reference, *more])


def tokens_on(page) -> dict[str, str]:
    """What the hidden fields of a page by link remember."""
    return {f"seen-{field.question.id}": field.token for field in page.context["fields"]}


def fill(outside, handout, *, back: bool = True, name: str = "王警官", **answers):
    seen = tokens_on(outside.get(path_of(handout)))
    sent = {**seen, **answers, "filled_by": name, **({"then": "hand_back"} if back else {})}
    return outside.post(path_of(handout), sent, follow=True)


def back_again(handout, outside, **answers) -> SectionHandout:
    fill(outside, handout, **(answers or {"work_now": WORK}))
    handout.refresh_from_db()
    assert handout.filled_at == clock.now()
    return handout


def take(liaison, handout, *questions: str):
    """Take over what the page of the hand-out shows now."""
    page = liaison.get(url("handout", handout.response, handout.pk))
    shown = {one.question.id: one.token for one in page.context["differences"]}
    chosen = {f"take-{name}": "1" for name in questions or shown}
    sent = {**chosen, **{f"seen-{name}": token for name, token in shown.items()}}
    return liaison.post(url("handout_accept", handout.response, handout.pk), sent, follow=True)


def answer(response, question: str) -> Answer | None:
    return response.answers.filter(question=question).first()
