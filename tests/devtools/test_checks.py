"""`make check`: each check is a program of its own, told apart, with advice."""

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rainbowrail.devtools import checks
from rainbowrail.devtools.checks import ROOT, Check


def check(name: str, code: str) -> Check:
    return Check(name, lambda: [sys.executable, "-c", code], "think again")


def test_a_check_that_finds_something_says_what_and_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [check("good", "print('nothing')"), check("bad", "print('line 7 is wrong'); raise SystemExit(3)")]
    monkeypatch.setattr(checks, "all_checks", lambda: iter(both))
    said = StringIO()

    with pytest.raises(CommandError, match="1 found something: bad"):
        call_command("quality", stdout=said)

    assert "ok  good" in said.getvalue()
    assert "BAD bad" in said.getvalue()
    assert "line 7 is wrong" in said.getvalue()
    assert "to mend it: think again" in said.getvalue()


def test_mending_runs_only_what_can_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    mending = Check("good", lambda: ["false"], "run it", fix=lambda: [sys.executable, "-c", "print('mended')"])
    monkeypatch.setattr(checks, "all_checks", lambda: iter([mending, check("bad", "raise SystemExit(1)")]))
    said = StringIO()
    call_command("quality", fix=True, stdout=said)
    assert "ok  good" in said.getvalue()
    assert "bad" not in said.getvalue()


def test_every_check_has_a_name_of_its_own_and_advice() -> None:
    all_of_them = list(checks.all_checks())
    assert len({each.name for each in all_of_them}) == len(all_of_them) >= 12
    assert all(each.advice for each in all_of_them)


def test_only_our_own_files_are_checked() -> None:
    files = checks.our_files("*.py")
    assert ROOT / "manage.py" in files
    assert not [path for path in files if ".venv" in path.parts or ".run" in path.parts]
