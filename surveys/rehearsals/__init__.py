"""A round tried out on made-up answers before anybody is asked. Pure: no database, no PDF.

``findings`` says what is found and how grave it is, ``respondents`` makes up answers as units would give them,
``rules`` walks the questions, ``days`` looks at the calendar. ``services.rehearsals`` puts them together with what
needs tables and prints.
"""

from surveys.rehearsals.days import day_findings
from surveys.rehearsals.findings import Finding, Level, Style
from surveys.rehearsals.respondents import NoAnswer, Respondents
from surveys.rehearsals.rules import loose_continuations, rule_findings, unreachable

__all__ = [
    "Finding",
    "Level",
    "NoAnswer",
    "Respondents",
    "Style",
    "day_findings",
    "loose_continuations",
    "rule_findings",
    "unreachable",
]
