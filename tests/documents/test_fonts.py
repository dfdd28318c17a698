import pytest

from documents import checks, fonts, pdfs
from tests.surveys.prints import text_of


def test_the_start_up_check_is_silent_where_everything_is_there():
    assert checks.printing_is_possible() == []


def test_the_start_up_check_names_every_font_that_is_missing(monkeypatch):
    monkeypatch.setattr(fonts, "FAMILIES", (*fonts.FAMILIES, "No Such Font SC"))
    (error,) = checks.printing_is_possible()
    assert (error.id, error.msg) == (
        "documents.E001",
        "Nothing can be printed: the font No Such Font SC is not installed.",
    )
    assert error.hint == "apt-get install fonts-noto-cjk"


def test_a_layout_reads_nothing_outside_the_folder_of_layouts(tmp_path, monkeypatch):
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / "inside.typ").write_text("inside")
    (folder / "outside.typ").write_text('#read("../secret.txt")')
    monkeypatch.setattr(pdfs, "LAYOUTS", folder)
    assert text_of(pdfs.set_pages("inside.typ", {})) == "inside"
    with pytest.raises(RuntimeError):
        pdfs.set_pages("outside.typ", {})


def test_no_layout_fetches_a_package():
    """Packages would come over the network, on the machine that prints."""
    layouts = list(pdfs.LAYOUTS.rglob("*.typ"))
    assert [layout.name for layout in layouts if "@" in layout.read_text(encoding="utf-8")] == []
    assert len(layouts) == 5
