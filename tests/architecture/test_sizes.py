"""Files and functions stay small enough to be read in one go."""

from tests.architecture.sources import ROOT, app_files, functions, is_module, named, python_files

FILE_LINES = 400
FUNCTION_LINES = 50
VIEW_LINES = 30
TEMPLATE_LINES = 150


def length(node) -> int:
    return node.end_lineno - node.lineno + 1


def test_no_file_is_longer_than_400_lines() -> None:
    files = [*app_files(), *python_files("tests", "bench", "deploy")]
    long = {
        named(path): lines for path in files if (lines := len(path.read_text().splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_50_lines_and_no_view_than_30() -> None:
    long = {
        f"{named(path)}:{node.name}": length(node)
        for path in app_files()
        for node in functions(path)
        if length(node) > (VIEW_LINES if is_module(path, "views") else FUNCTION_LINES)
    }
    assert long == {}


def test_no_template_is_longer_than_150_lines() -> None:
    templates = sorted((ROOT / "templates").rglob("*.*"))
    long = {
        named(path): lines
        for path in templates
        if (lines := len(path.read_text().splitlines())) > TEMPLATE_LINES
    }
    assert long == {}


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "helpers", "common", "misc"}
    assert [named(path) for path in app_files() if drawers & {path.stem, *path.parts}] == []
