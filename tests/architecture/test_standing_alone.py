"""The project needs no folder beside it, and its pages lead somewhere."""

import re
import subprocess

import pytest

from tests.architecture.sources import ROOT

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = {".py", ".html", ".txt", ".md", ".toml", ".sh", ".js", ".css", ".yaml", ""}
THIS_FILE = "tests/architecture/test_standing_alone.py"


def committed_files() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name and name != THIS_FILE]


def test_nothing_reaches_for_a_folder_beside_the_project() -> None:
    reaching = []
    for name in committed_files():
        path = ROOT / name
        if (
            path.suffix in {".py", ".html", ".txt", ".md", ".toml", ".sh", ".js", ".css", ".yaml", ""}
            and path.is_file()
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            reaching += [name] if "../shared" in text or re.search(r"/work/(main|shared)\b", text) else []
    assert reaching == []


def test_the_lock_names_only_the_public_index() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(document) -> None:
    targets = [target for target in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_no_secret_is_committed() -> None:
    assert [name for name in committed_files() if name.endswith((".env", ".pem", ".key", "secret-key"))] == []
