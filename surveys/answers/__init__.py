"""Two looks at an answer: while it is written only its shape counts, when it is handed in every rule does.

Pure: no database.
"""

from surveys.answers.entries import Entry
from surveys.answers.progress import Progress, SectionProgress, progress
from surveys.answers.rules import (
    Answers,
    advice_on_plan,
    first_year_offered,
    handed_in,
    is_past_plan,
    is_shown,
    problems,
    problems_of,
    shown,
)
from surveys.answers.shapes import NONE_YET, SOME, clean_shape, raw_of

__all__ = [
    "NONE_YET",
    "SOME",
    "Answers",
    "Entry",
    "Progress",
    "SectionProgress",
    "advice_on_plan",
    "clean_shape",
    "first_year_offered",
    "handed_in",
    "is_past_plan",
    "is_shown",
    "problems",
    "problems_of",
    "progress",
    "raw_of",
    "shown",
]
