"""Two looks at an answer: while it is written only its shape counts, when it is handed in every rule does.

Pure: no database.
"""

from surveys.answers.entries import Entry
from surveys.answers.progress import Progress, SectionProgress, progress
from surveys.answers.rules import Answers, handed_in, is_shown, problems, problems_of, shown
from surveys.answers.shapes import NONE_YET, SOME, clean_shape

__all__ = [
    "NONE_YET",
    "SOME",
    "Answers",
    "Entry",
    "Progress",
    "SectionProgress",
    "clean_shape",
    "handed_in",
    "is_shown",
    "problems",
    "problems_of",
    "progress",
    "shown",
]
