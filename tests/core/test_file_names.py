"""Names of files are readable, and allowed on every system they may land on."""

import pytest

from core.file_names import LONGEST, file_name, told_apart


def test_a_name_says_place_number_and_unit() -> None:
    parts = ["福建省", "厦门市", 362, "筼筜街道", "邀请函"]
    assert file_name(parts, ".pdf") == "福建省_厦门市_362_筼筜街道_邀请函.pdf"


@pytest.mark.parametrize(
    ("part", "plain"),
    [
        ("a/b\\c:d", "a b c d"),
        ('<甲>"乙"|丙?丁*', "甲 乙 丙 丁"),
        ("街道. ", "街道"),
        ("街\n道\x00", "街 道"),
        ("街\u202efdp.道", "街 fdp.道"),
        ("../../etc", "etc"),
    ],
)
def test_what_windows_forbids_is_left_out(part, plain) -> None:
    assert file_name([part], ".pdf") == f"{plain}.pdf"


def test_parts_that_say_nothing_are_left_out() -> None:
    assert file_name(["北京市", "", None, "亦庄"], ".pdf") == "北京市_亦庄.pdf"
    assert file_name(["", "?"], ".pdf") == "file.pdf"


def test_a_long_name_is_cut_at_a_whole_sign() -> None:
    name = file_name(["长" * 200], ".pdf")
    assert name == "长" * (LONGEST // 3) + ".pdf"


def test_equal_names_are_told_apart_without_regard_to_case() -> None:
    taken: set[str] = set()
    assert [told_apart(name, taken) for name in ("A.pdf", "a.pdf", "A.pdf")] == [
        "A.pdf",
        "a (2).pdf",
        "A (3).pdf",
    ]
