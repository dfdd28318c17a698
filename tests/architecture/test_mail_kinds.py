"""Every kind of mail is three files: a subject, a text and a page."""

import pytest

from notices.enums import Kind
from tests.architecture.sources import ROOT

FOLDER = ROOT / "templates" / "notices"
KINDS = Kind.values
THREE = {"subject.txt", "body.txt", "body.html"}


def test_there_is_a_folder_for_every_kind_and_for_nothing_else() -> None:
    assert sorted(path.name for path in FOLDER.iterdir() if path.is_dir()) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_three_files(kind: str) -> None:
    assert {path.name for path in (FOLDER / kind).iterdir()} == THREE


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_is_one_line(kind: str) -> None:
    lines = (FOLDER / kind / "subject.txt").read_text(encoding="utf-8").strip().splitlines()
    assert len([line for line in lines if not line.startswith("{% load")]) == 1
