"""The project's own Python files, read as text and as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "core",
    "audit",
    "notices",
    "accounts",
    "documents",
    "communities",
    "surveys",
    "injuries",
    "projects",
    "reports",
    "operations",
)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def app_files() -> list[Path]:
    return [path for path in python_files(*APPS, "config") if "migrations" not in path.parts]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_module(path: Path, *names: str) -> bool:
    """Whether a file is one of these modules of an app, or lies in the package of that name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return len(parts) > 1 and parts[1] in names


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes(source: ast.AST) -> tuple[ast.AST, ...]:
    """Everything in a tree; walked once for all rules."""
    return tuple(ast.walk(source))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
