"""Who may write: services and lifecycle, never a view or an admin action; a stage only in lifecycle."""

import ast

import pytest

from tests.architecture.sources import app_files, is_module, named, nodes, tree

# A write through the ORM. ``update`` is told from a dictionary's by its keyword arguments.
WRITES = {
    "save",
    "asave",
    "create",
    "acreate",
    "delete",
    "adelete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "save_model",
    "save_related",
    "delete_model",
    "delete_queryset",
}
NO_TABLES = {"cache", "session"}


def receiver(call: ast.Call) -> str:
    value = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(value, ast.Attribute):
        return value.attr
    return value.id if isinstance(value, ast.Name) else ""


def is_write(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if receiver(node) in NO_TABLES:
        return False
    name = node.func.attr
    return name in WRITES or (name in {"update", "aupdate"} and bool(node.keywords) and not node.args)


def writes_in(source: ast.AST) -> list[int]:
    return [node.lineno for node in nodes(source) if isinstance(node, ast.Call) and is_write(node)]


def stage_assignments(source: ast.AST) -> list[int]:
    lines = []
    for node in nodes(source):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            continue
        lines += [
            node.lineno for target in targets if isinstance(target, ast.Attribute) and target.attr == "stage"
        ]
    return lines


def stage_updates(source: ast.AST) -> list[int]:
    """``queryset.update(stage=…)`` would go round the table of moves."""
    return [
        node.lineno
        for node in nodes(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "update"
        and any(keyword.arg == "stage" for keyword in node.keywords)
    ]


def test_views_and_admin_write_nothing() -> None:
    found = [
        f"{named(path)}:{line}"
        for path in app_files()
        if is_module(path, "views", "admin", "admin_site", "access", "forms", "selectors")
        for line in writes_in(tree(path))
    ]
    assert found == []


def test_only_lifecycle_assigns_a_stage() -> None:
    found = [
        f"{named(path)}:{line}"
        for path in app_files()
        if not is_module(path, "lifecycle")
        for line in [*stage_assignments(tree(path)), *stage_updates(tree(path))]
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "row.save()",
        "Row.objects.create(a=1)",
        "rows.filter(a=1).update(b=2)",
        "super().save_model(request, row)",
    ],
)
def test_a_write_is_recognised(code: str) -> None:
    assert writes_in(ast.parse(code)) == [1]


@pytest.mark.parametrize("code", ["context.update({'a': 1})", "cache.delete('a')", "form.is_valid()"])
def test_what_is_no_write_is_let_through(code: str) -> None:
    assert writes_in(ast.parse(code)) == []


def test_a_stage_set_by_hand_is_recognised() -> None:
    assert stage_assignments(ast.parse("response.stage = 'accepted'")) == [1]
    assert stage_updates(ast.parse("rows.update(stage='accepted')")) == [1]
