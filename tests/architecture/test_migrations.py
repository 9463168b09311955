"""Migrations are whole, named in words, and can go either way."""

import importlib
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.migration import Migration

ROOT = Path(__file__).resolve().parents[2]
APPS = ("rainbowrail", "intake", "cases", "referrals")
FILES = sorted(path for app in APPS for path in (ROOT / app).rglob("migrations/[0-9]*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def migration(path: Path) -> type[Migration]:
    found: type[Migration] = importlib.import_module(named(path).removesuffix(".py").replace("/", ".")).Migration
    return found


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_its_name_is_spoken(path: Path) -> None:
    name = path.stem.split("_", 1)[1]
    assert name == "initial" or (not re.search(r"auto|_and_more|alter_\w+_\w+_options", name) and "_" in name)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_it_can_be_undone(path: Path) -> None:
    for operation in migration(path).operations:
        if isinstance(operation, RunPython | RunSQL):
            assert operation.reversible, f"{named(path)}: {operation}"


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[-3] == "intake"], ids=named)
def test_intake_waits_for_no_staff_app(path: Path) -> None:
    assert {app for app, _ in migration(path).dependencies} <= {"intake", "crypto"}


@pytest.mark.parametrize("app", ["accounts", "audit", "notifications", "crypto", "intake", "cases", "referrals"])
def test_every_app_with_tables_has_its_first_migration(app: str) -> None:
    assert any(path.parts[-3] == app and path.stem == "0001_initial" for path in FILES)
