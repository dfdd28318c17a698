"""Migrations carry names that people chose, stand alone, and none is missing."""

import ast

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.sources import APPS, named, nodes, python_files, tree


def our_migrations():
    loader = MigrationLoader(None)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in APPS}


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_app_with_tables_has_migrations() -> None:
    with_tables = {app for app in APPS if list(apps.get_app_config(app).get_models())}
    assert {app for app, _name in our_migrations()} == with_tables


def test_migrations_are_named_by_hand() -> None:
    """Django's own suggestion (``0002_alter_user_name_and_more``) says what changed, never why."""
    by_machine = [
        f"{app}.{name}"
        for (app, name), migration in our_migrations().items()
        if not migration.initial and name.partition("_")[2] == migration.suggest_name()
    ]
    assert by_machine == []


def test_migrations_reach_for_nothing_that_changes() -> None:
    """What they took from code of today they would do differently tomorrow; and the suite keeps what they made."""
    reached = {
        f"{named(path)}: {name}"
        for path in python_files(*APPS)
        if path.parent.name == "migrations"
        for node in nodes(tree(path))
        for name in imported(node)
        if name.partition(".")[0] in APPS and name.removesuffix(".now") != "core.clock"
    }
    assert reached == set()


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.django_db
def test_all_migrations_are_applied_to_the_test_database() -> None:
    loader = MigrationLoader(connection)
    assert set(loader.disk_migrations) <= set(loader.applied_migrations)
