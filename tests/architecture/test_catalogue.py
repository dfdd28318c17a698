"""Whoever reads Chinese reads nothing else: the catalogue is complete and compiled from what is committed."""

import re

import polib
import pytest

from tests.architecture.sources import ROOT

CATALOGUES = sorted((ROOT / "locale/zh_Hans/LC_MESSAGES").glob("*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text or ""))


def test_there_is_a_catalogue() -> None:
    assert "django.po" in [path.name for path in CATALOGUES]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_every_sentence_is_translated(path) -> None:
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_the_compiled_catalogue_is_the_committed_one(path) -> None:
    source = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(path))
    }
    compiled = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural
        for entry in polib.mofile(str(path.with_suffix(".mo")))
    }
    assert compiled == source


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_placeholders_survive_translation(path) -> None:
    broken = [
        entry.msgid
        for entry in polib.pofile(str(path))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if not placeholders(text) <= placeholders(entry.msgid) | placeholders(entry.msgid_plural)
    ]
    assert broken == []
