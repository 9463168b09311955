"""A referral is locked by one module, which locks its case first (docs/decisions/0068)."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKING = "referrals/actions/locking.py"
# Locks the case by `lock_case` and then only a referral that is in the making.
BUILDING = "referrals/actions/building.py"


def locks(source: str) -> list[str]:
    """Return how a source locks a referral: a query of Referral with select_for_update, and a move by the engine itself."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="engine"), attr="move"):
                found.append("engine.move")
            case ast.Attribute(value=inner, attr="select_for_update"):
                named = [one.id for one in ast.walk(inner) if isinstance(one, ast.Name)]
                found += ["Referral"] if {"Referral", "building"} & set(named) else []
    return sorted(found)


def test_a_referral_is_locked_where_its_case_is_locked_first() -> None:
    paths = [path for path in (ROOT / "referrals").rglob("*.py") if "migrations" not in path.parts]
    found = {path.relative_to(ROOT).as_posix(): locks(path.read_text()) for path in paths}
    assert {name: each for name, each in found.items() if each} == {
        LOCKING: ["Referral", "engine.move"],
        BUILDING: ["Referral"],
    }


def test_the_search_finds_both_ways_of_locking() -> None:
    assert locks('Referral.objects.select_for_update(of=("self",)).get(pk=1)') == ["Referral"]
    assert locks("engine.move(referral, workflow.SEND, by=by)") == ["engine.move"]
    assert locks("Case.objects.select_for_update().get(pk=1)") == []
