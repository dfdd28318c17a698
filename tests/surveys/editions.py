"""A second edition, for tests only: one question re-worded, one split, two joined, one counted otherwise, one new."""

import copy
from typing import Any

from surveys.questionnaires import parse
from tests.factories import ANNEX_2

FIRST = parse(ANNEX_2)


def question(name: str, kind: str, **changed: Any) -> dict[str, Any]:
    return {"id": name, "concept": f"survey.{name}", "kind": kind, "label_zh": name, "rules": {}, **changed}


def continues(concept: str, edition: str = "annex2-2024", **choices: str) -> dict[str, Any]:
    return {"edition": edition, "concept": concept, **({"choices": choices} if choices else {})}


def second_definition() -> dict[str, Any]:
    """The work question is split, plan and suggestions are joined, the intention has other choices and another name,
    a need has become a question of its own, and one question is new.
    """
    definition = copy.deepcopy(ANNEX_2)
    definition |= {"code": "annex2-2026", "title_zh": "国际安全社区调查表（2026版）"}
    definition["print"]["rows"] = [
        *definition["print"]["rows"][:-3],
        ["organisation"],
        ["projects"],
        ["outlook"],
    ]
    work, plan, supplement = definition["sections"][3:]
    work["questions"] = [
        question("organisation", "long_text", continues=[continues("survey.work_now")]),
        question("projects", "long_text", continues=[continues("survey.work_now")]),
    ]
    plan["questions"] = [
        question(
            "outlook", "long_text", continues=[continues("survey.plan"), continues("survey.suggestions")]
        )
    ]
    _intends, year, needs = supplement["questions"]
    choices = [{"code": code, "label_zh": code} for code in ("yes", "no")]
    year["rules"] |= {"min": 2026, "shown_if": {"question": "renews", "equals": "yes"}}
    needs["choices"] = [choice for choice in needs["choices"] if choice["code"] != "discussion"]
    supplement["questions"] = [
        question(
            "renews",
            "choice",
            choices=choices,
            continues=[continues("survey.intends", applies="yes", does_not="no")],
        ),
        year,
        needs,
        question("wants_training", "yes_no", continues=[continues("survey.needs", training="yes")]),
        question("volunteers", "text"),
    ]
    return definition


SECOND = parse(second_definition())


def third_definition() -> dict[str, Any]:
    """Two steps on: the intention under a third name, everything else as in the second."""
    definition = second_definition()
    definition |= {"code": "annex2-2028"}
    definition["sections"][-1]["questions"][0] |= {
        "concept": "survey.reapplies",
        "choices": [{"code": code, "label_zh": code} for code in ("soon", "later", "never")],
        "continues": [continues("survey.renews", "annex2-2026", yes="soon", no="never")],
    }
    definition["sections"][-1]["questions"][1]["rules"]["shown_if"]["equals"] = "soon"
    for section in definition["sections"][3:]:
        for one in section["questions"]:
            if one["id"] != "renews":
                one.pop("continues", None)
    return definition


THIRD = parse(third_definition())
KNOWN = {form.code: form for form in (FIRST, SECOND, THIRD)}
