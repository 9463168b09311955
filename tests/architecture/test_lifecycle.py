"""The lifecycle of a case is a table: whole, drawn in the README, and the engine alone assigns a state."""

import ast
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.management.commands.lifecycle_diagram import BEGIN, END, with_picture
from cases.states import OPEN_STATES, CaseState
from cases.timeline import DONE
from cases.workflow import MOVES, NEXT_STEP, PUBLIC_STATUS
from intake.states import PublicStatus

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "rainbowrail" / "lifecycle" / "engine.py"


def test_every_stage_has_a_word_for_the_applicant() -> None:
    assert set(PUBLIC_STATUS) == set(CaseState)
    assert PublicStatus.QUESTION not in PUBLIC_STATUS.values(), "a question is said while the case waits, in any stage"


def test_every_open_stage_has_a_next_step_and_the_closed_one_has_none() -> None:
    assert set(NEXT_STEP) == set(OPEN_STATES)


def test_every_stage_can_be_reached_and_left() -> None:
    entered = {move.enters for move in MOVES} | {CaseState.RECEIVED}
    left = {state for move in MOVES for state in move.leaves}
    assert entered == left == set(CaseState)


def test_every_open_stage_can_be_closed() -> None:
    (close,) = [move for move in MOVES if move.enters is CaseState.CLOSED]
    assert set(close.leaves) == set(OPEN_STATES)


def test_every_move_has_a_name_of_its_own_a_verb_in_the_trail_and_words_in_the_history() -> None:
    assert len({move.name for move in MOVES}) == len(MOVES)
    assert len({move.verb for move in MOVES}) == len(MOVES)
    assert set(DONE) == {move.name for move in MOVES}


def test_the_picture_in_the_readme_is_drawn_from_the_table() -> None:
    call_command("lifecycle_diagram", check=True)


def test_a_picture_that_drifted_is_found_and_redrawn(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    with pytest.raises(CommandError, match="out of date"):
        call_command("lifecycle_diagram", check=True, file=page)
    call_command("lifecycle_diagram", file=page, verbosity=0)
    call_command("lifecycle_diagram", check=True, file=page)
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n")
    assert "received --> in_review: claim" in text


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(CommandError, match="needs the lines"):
        with_picture("nothing here")


# A state is data of its own elsewhere: a notice, a delivery, a draft. What is watched is the apps whose things are moved.
def python_files() -> list[Path]:
    apps = [ROOT / "cases", ROOT / "referrals"]
    return [path for app in apps for path in app.rglob("*.py") if "migrations" not in path.parts]


def assignments_of_state(path: Path) -> list[int]:
    """Return the lines that assign `.state`, or hand `state=` to `update()`."""
    lines = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        flat = [one for target in targets for one in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])]
        lines += [node.lineno for target in flat if isinstance(target, ast.Attribute) and target.attr == "state"]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "bulk_update"}:
            lines += [node.lineno for keyword in node.keywords if keyword.arg == "state"]
    return lines


def test_only_the_engine_assigns_a_state() -> None:
    found = {str(path.relative_to(ROOT)): lines for path in python_files() if (lines := assignments_of_state(path))}
    assert found == {}


def test_an_assignment_of_state_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "bad.py"
    page.write_text("case.state = 'closed'\nx, case.state = 1, 2\nCase.objects.update(state='closed')\n")
    assert assignments_of_state(page) == [1, 2, 3]
