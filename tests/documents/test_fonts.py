import pytest

from documents import checks, fonts, pdfs
from documents.pdfs.press import Press
from tests.surveys.prints import text_of


def test_the_start_up_check_is_silent_where_everything_is_there():
    assert checks.printing_is_possible() == []


def test_the_start_up_check_names_every_font_that_is_missing(monkeypatch, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(fonts, "FAMILIES", ("No Such Font SC", "Nor This One SC"))
    errors = checks.printing_is_possible()
    assert [(error.id, error.msg, error.hint) for error in errors] == [
        (
            "documents.E001",
            f"Nothing can be printed: the font {family} is not installed.",
            "apt-get install fonts-noto-cjk",
        )
        for family in fonts.FAMILIES
    ]
    with pytest.raises(RuntimeError):
        fonts.folder()
    assert list((tmp_path / "fonts").iterdir()) == []


@pytest.mark.parametrize("text", ["筼筜街道", "厦门市集美区杏林街道（№ 127）①②℃㎡☑✓——…“安全”", "ąžş"])
def test_the_cuts_cover_what_offices_write(text):
    assert fonts.cover(text)


@pytest.mark.parametrize("text", ["𬭎", "朱镕基", "한국"])
def test_a_sign_beyond_the_cuts_is_printed_in_the_whole_fonts(text, layouts):
    assert not fonts.cover(text)
    assert text_of(pdfs.set_pages("echo.typ", {"text": text})) == text


@pytest.fixture
def layouts(tmp_path, monkeypatch):
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / "echo.typ").write_text(
        '#set document(date: none)\n#set text(font: "Noto Serif CJK SC")\n#json(bytes(sys.inputs.content)).text',
        encoding="utf-8",
    )
    monkeypatch.setattr(pdfs, "LAYOUTS", folder)
    return folder


def test_a_layout_reads_nothing_outside_the_folder_of_layouts(layouts):
    (layouts.parent / "secret.txt").write_text("secret")
    (layouts / "outside.typ").write_text('#read("../secret.txt")')
    with pytest.raises(RuntimeError):
        pdfs.set_pages("outside.typ", {})
    assert text_of(pdfs.set_pages("echo.typ", {"text": "inside"})) == "inside"


class TestPress:
    """The process of its own in which Typst runs."""

    JOB = {"layout": "echo.typ", "content": '{"text": "安全"}', "is_tagged": True, "is_common": True}

    @pytest.fixture
    def press(self, layouts):
        press = Press(layouts, fonts.folder())
        yield press
        press.end()

    def test_a_press_that_was_killed_is_replaced_and_sets_the_same_bytes(self, press):
        first = press.set(self.JOB)
        press._process.kill()
        press._process.wait()
        assert press.set(self.JOB) == first

    def test_a_press_that_dies_of_a_job_is_told_and_the_next_job_is_done(self, press, monkeypatch):
        start = press._start

        def start_and_die():
            line = start()
            press._process.kill()
            press._process.wait()
            return line

        monkeypatch.setattr(press, "_start", start_and_die)
        with pytest.raises(RuntimeError, match="the press ended over this job"):
            press.set(self.JOB)
        monkeypatch.undo()
        assert text_of(press.set(self.JOB)) == "安全"

    def test_a_press_that_takes_too_long_is_ended(self, press, monkeypatch):
        monkeypatch.setattr("documents.pdfs.press.PATIENCE", 0)
        with pytest.raises(RuntimeError, match="the press was not done after 0 s"):
            press.set(self.JOB)
        assert press._process is None

    def test_a_press_ends_with_the_process_that_started_it(self, press):
        press.set(self.JOB)
        press._line.close()
        assert press._process.wait(timeout=5) == 0


def test_no_layout_fetches_a_package():
    """Packages would come over the network, on the machine that prints."""
    layouts = list(pdfs.LAYOUTS.rglob("*.typ"))
    assert [layout.name for layout in layouts if "@" in layout.read_text(encoding="utf-8")] == []
    assert len(layouts) == 6
