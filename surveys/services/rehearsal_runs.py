"""The rehearsal of a round, as the run that ``rehearsals.request_rehearsal`` asks for.

A module of its own, so that web workers, which only ask for rehearsals, never load the PDF engine.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from communities.enums import REACHING
from communities.models import Community, Contact, Membership
from core.clock import now, today
from documents.models import Run
from documents.services import report_progress
from surveys.answers import problems_of
from surveys.answers.rules import REQUIRED
from surveys.codes import content_hash, new_reference
from surveys.enums import Asked, Origin
from surveys.models import Rehearsal, Response, Round
from surveys.pdfs import render_form
from surveys.printing import FormPrint
from surveys.questionnaires import Questionnaire
from surveys.rehearsals import (
    Finding,
    Level,
    NoAnswer,
    Respondents,
    Style,
    day_findings,
    loose_continuations,
    rule_findings,
)
from surveys.rehearsals.respondents import RARE_SIGNS
from surveys.scans.texts import page_texts
from surveys.selectors.last_answers import last_answers, published_forms
from surveys.selectors.rehearsals import edition_hash, state_of
from surveys.selectors.rounds import audience, questionnaire
from surveys.services.prefill import prefilled
from surveys.services.rehearsals import LETTERS, counted

logger = logging.getLogger(__name__)

MADE_UP = 127  # units, where the round itself asks nobody: as many as the list of 2024
LARGEST = 80_000  # bytes of a usual form
USUAL_PRINTS = 3
MOST_NAMES = 300  # of units without an address, kept in the report
STEPS = 4


@dataclass(slots=True)
class _Rehearsal:
    survey_round: Round
    form: Questionnaire
    units: list[Community]
    made_up: Respondents
    run: Run
    done: int = 0

    @property
    def prints(self) -> list[Style]:
        if not self.form.needs_sealed_copy:
            return []
        return [Style.SHORTEST, Style.RARE, *[Style.USUAL] * USUAL_PRINTS, Style.LONGEST]

    def step(self) -> None:
        self.done += 1
        report_progress(self.run, self.done, STEPS + len(self.prints))


def rehearse(run: Run) -> None:
    """The handler of the run. Harmless when run again: it then leaves a second report, and nothing else."""
    survey_round = Round.objects.select_related("edition", "notice", "programme").get(
        pk=run.parameters["round"]
    )
    form = questionnaire(survey_round.edition)
    asks_named = survey_round.asks == Asked.NAMED
    seed = f"{form.code}:{state_of(survey_round)}"
    made_up = Respondents(form, today=today(), asked_in=survey_round.opens_on.year, seed=seed)
    units = list(audience(survey_round)) if asks_named else []
    work = _Rehearsal(survey_round, form, units, made_up, run)
    findings = list(rule_findings(form, made_up, len(units) or MADE_UP))
    findings += loose_continuations(form, published_forms())
    work.step()
    findings += day_findings(survey_round.opens_on, survey_round.deadline_on, survey_round.closes_on, today())
    found, without_address = _unit_findings(work)
    findings += found
    work.step()
    findings += _statistics(work)
    work.step()
    findings += _print_findings(work)
    _keep(work, findings, without_address)
    work.step()


def _keep(work: _Rehearsal, findings: Sequence[Finding], without_address: Sequence[str]) -> Rehearsal:
    order = list(Level)
    return Rehearsal.objects.create(
        round=work.survey_round,
        made_by=work.run.requested_by,
        edition_hash=edition_hash(work.survey_round.edition),
        report={
            "of": state_of(work.survey_round),
            "findings": [
                one.stored() for one in sorted(findings, key=lambda finding: order.index(finding.level))
            ],
            "without_address": list(without_address[:MOST_NAMES]),
        },
    )


# --- whom it reaches ----------------------------------------------------------------------------------------


def _unit_findings(work: _Rehearsal) -> tuple[list[Finding], list[str]]:
    if work.survey_round.asks == Asked.PROSPECTS:
        return [Finding(Level.FINE, "prospects")], []
    count = len(work.units)
    if not count:
        return [Finding(Level.ERROR, "nobody")], []
    provinces = len({unit.province_name for unit in work.units})
    found = [
        Finding(Level.FINE, "audience", {"count": count, "provinces": provinces}),
        Finding(Level.FINE, "letters", {"count": count}),
        *_prefill_findings(work),
    ]
    reached = _reached([unit.pk for unit in work.units])
    accounts = sum(has_account for has_account, _has_address in reached.values())
    contacts = sum(has_address and not has_account for has_account, has_address in reached.values())
    found.append(Finding(Level.FINE, "mails", {"accounts": accounts, "contacts": contacts}))
    without = [f"{unit.listed_place}{unit.name_zh}" for unit in work.units if not any(reached[unit.pk])]
    if without:
        found.append(Finding(Level.WARNING, "no_address", {"count": len(without)}))
    return found, without


def _reached(ids: list[int]) -> dict[int, tuple[bool, bool]]:
    """By community: whether somebody of it has an account, and whether the register knows an e-mail address."""
    people = Membership.objects.filter(community=OuterRef("pk"), state__in=REACHING, user__is_active=True)
    known = Contact.objects.filter(~Q(email=""), community=OuterRef("pk"))
    rows = Community.objects.filter(pk__in=ids).annotate(
        has_account=Exists(people), has_address=Exists(known)
    )
    return {
        pk: (has_account, has_address)
        for pk, has_account, has_address in rows.values_list("pk", "has_account", "has_address")
    }


def _prefill_findings(work: _Rehearsal) -> Iterator[Finding]:
    """What the units will find filled in, and what of it they would have to mend although we wrote it."""
    said = last_answers(work.survey_round, work.units)
    faults: Counter[str] = Counter()
    answers = last = 0
    for unit in work.units:
        for row in prefilled(Response(), unit, work.form, said.get(unit.pk)):
            answers += 1
            last += row.origin == Origin.LAST_ROUND
            question = work.form.by_id[row.question]
            faults[row.question] += any(r.code != REQUIRED for r in problems_of(question, row.value))
    yield Finding(Level.FINE, "prefilled", {"answers": answers, "last": last})
    for name, count in faults.items():
        if count:
            values = {"question": work.form.by_id[name].full_label, "count": count}
            yield Finding(Level.WARNING, "prefill_faults", values)


# --- figures ------------------------------------------------------------------------------------------------


def _statistics(work: _Rehearsal) -> list[Finding]:
    try:
        answers = [work.made_up.fill_in(Style.USUAL) for _unit in work.units]
    except NoAnswer:  # told already by the walk through the rules
        return []
    return counted(work.survey_round, work.units, answers) if work.units else []


# --- paper --------------------------------------------------------------------------------------------------


def _print_findings(work: _Rehearsal) -> Iterator[Finding]:
    faults: dict[str, Finding] = {}
    pages = size = 0
    for style in work.prints:
        work.step()
        for fault in _print_faults(work, style):
            if fault.level == Level.FINE:
                pages, size = max(pages, fault.values["pages"]), max(size, fault.values["size"])
            else:
                faults.setdefault(fault.text, fault)
    yield from faults.values()
    if work.prints and not any(fault.level == Level.ERROR for fault in faults.values()):
        yield Finding(Level.FINE, "prints", {"usual": USUAL_PRINTS, "pages": pages, "size": size})


def _print_faults(work: _Rehearsal, style: Style) -> Iterator[Finding]:
    """What is wrong with one print, and one finding in order with its pages and its size in kB."""
    try:
        form = _form_print(work, style)
        rendered = render_form(form)
        texts = page_texts(rendered.pdf)
    except NoAnswer:  # told already by the walk through the rules
        return
    except Exception as error:  # an edition may break the press in any way: it is told, never hidden
        logger.warning("rehearsal of %s: no print", work.survey_round.code, exc_info=True)
        reason = f"{type(error).__name__}: {error}"[:200]
        yield Finding(Level.ERROR, "print_failed", {"kind": style.value, "reason": reason})
        return
    if not rendered.page_hashes:
        yield Finding(Level.ERROR, "pages", {"kind": style.value, "pages": rendered.pages})
    signature = "".join(form.definition.get("print", {}).get("signature_zh", "").split())
    if signature and signature not in texts[0]:
        yield Finding(Level.ERROR, "signature", {"kind": style.value})
    said = "".join(str(value) for value in form.answers.values())
    if lost := [sign for sign in RARE_SIGNS if sign in said and sign not in "".join(texts)]:
        yield Finding(Level.ERROR, "signs", {"signs": "".join(lost)})
    size = len(rendered.pdf)
    if style == Style.USUAL and size > LARGEST:
        yield Finding(Level.WARNING, "size", {"size": size // 1000, "most": LARGEST // 1000})
    yield Finding(Level.FINE, "print", {"pages": rendered.pages, "size": size // 1000})


def _form_print(work: _Rehearsal, style: Style) -> FormPrint:
    answers = work.made_up.fill_in(style)
    names = [unit.listed_place + unit.name_zh for unit in work.units] or [""]
    return FormPrint(
        definition=work.survey_round.edition.definition,
        answers=answers,
        community=max(names, key=len) if style == Style.LONGEST else names[0],
        reference=new_reference(f"{LETTERS}{now():%y}", 1),
        version=1,
        content_hash=content_hash(answers),
        notice_number=work.survey_round.notice.number,
        submitted_at=now(),
        rehearsal=True,
    )
