"""The trail is read by people: no fact in it goes by the name a program gave it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from audit.enums import fact_label
from tests.architecture.sources import nodes, tree

OURS = (
    "accounts",
    "audit",
    "communities",
    "documents",
    "notices",
    "operations",
    "projects",
    "reports",
    "surveys",
    "injuries",
)

# Fields of the very model that the entry is about.
OF_THEIR_TARGET = {"is_active", "is_staff", "name_zh", "path", "position", "settled_by", "text_zh", "version"}


def facts_written() -> Iterator[tuple[str, str]]:
    """Every key that a call with ``changes={…}`` writes, and where; ``[old, new]`` are fields, named by their model."""
    for app in OURS:
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            for node in nodes(tree(path)):
                if (
                    isinstance(node, ast.keyword)
                    and node.arg == "changes"
                    and isinstance(node.value, ast.Dict)
                ):
                    for key, value in zip(node.value.keys, node.value.values, strict=True):
                        if isinstance(key, ast.Constant) and not isinstance(value, ast.List):
                            yield str(key.value), path.name


def test_every_fact_has_a_name() -> None:
    facts = sorted(set(facts_written()))
    assert len(facts) > 30
    unnamed = [(fact, where) for fact, where in facts if fact_label(fact) == fact]
    assert [(fact, where) for fact, where in unnamed if fact not in OF_THEIR_TARGET] == []
