import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from documents import checks, fonts


def test_the_cuts_hold_the_gb_2312_set_between_them():
    assert len([sign for sign in fonts.common() if 0x4E00 <= sign <= 0x9FFF]) == 3755
    assert len([sign for sign in fonts.rare() if 0x4E00 <= sign <= 0x9FFF]) == 3008 + len(
        set(fonts.NAME_SIGNS)
    )
    assert set(fonts.common()).isdisjoint(fonts.rare())


def test_every_heading_sign_is_in_the_heading_cuts():
    for face in fonts.ensure():
        with TTFont(face.path, lazy=True) as font:
            assert set(face.characters()) <= set(font.getBestCmap()), face.file_name


def test_a_cut_is_the_same_every_time():
    path, index = fonts.locate("Noto Serif CJK SC")
    signs = [ord(sign) for sign in "社区安全"]
    assert fonts.cut(path, index, signs) == fonts.cut(path, index, signs)


def test_glyphs_of_a_cut_are_numbered_by_position():
    path, index = fonts.locate("Noto Serif CJK SC")
    with TTFont(io.BytesIO(fonts.cut(path, index, [0x793E, 0x533A]))) as font:
        assert font.getGlyphOrder()[1:] == [f"cid{n:05d}" for n in range(1, font["maxp"].numGlyphs)]


def test_the_start_up_check_is_silent_where_everything_is_there():
    assert checks.printing_is_possible() == []


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("subsetter", "the library libharfbuzz-subset is not installed"),
        ("locate", "the font Noto Serif CJK SC is not installed"),
    ],
)
def test_the_start_up_check_names_what_is_missing(monkeypatch, part, sentence):
    def missing(*arguments, **options):
        raise fonts.FontsMissing(sentence)

    monkeypatch.setattr(fonts, part, missing)
    (error,) = checks.printing_is_possible()
    assert (error.id, error.msg) == ("documents.E001", f"Nothing can be printed: {sentence}.")
    assert "libharfbuzz-subset0" in error.hint


def test_another_font_in_its_place_is_not_taken_for_the_right_one():
    with pytest.raises(fonts.FontsMissing):
        fonts.locate("No Such Font SC")


def test_every_place_name_of_the_register_is_in_the_cuts():
    signs = {*fonts.common(), *fonts.rare()}
    for table in ("fixtures/register/annex1.csv", "fixtures/regions/subdistricts.csv"):
        text = Path(table).read_text(encoding="utf-8-sig")
        assert {sign for sign in text if ord(sign) not in signs} <= {"\n"}, table


def test_every_cut_is_a_family_of_its_own_or_a_missing_sign_would_print_as_another():
    families = [face.family for face in fonts.FACES]

    assert len(families) == len(set(families))
