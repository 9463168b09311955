"""Only rainbowrail.lifecycle.engine assigns a state; rows of an outbox are moved by the one module that is named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("rainbowrail", "intake", "cases", "referrals")
ENGINE = "rainbowrail/lifecycle/engine.py"
# No lifecycle of the work, but what crosses to a person and back: each moved by one module, under a row lock (decision 0022).
OUTBOXES = {
    "intake/drain.py": "a delivery is waiting, opened or quarantined",
    "intake/kept_aside.py": "a quarantined delivery waits again",
    "intake/consent_offers.py": "a question to a person is answered or taken back, as intake.states.MAY_FOLLOW allows",
    "rainbowrail/notifications/delivery.py": "a notice is waiting, sent, refused or given up",
    "rainbowrail/notifications/actions.py": "a given-up notice begins again",
}


def targets_of(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Assign(targets=targets):
            for target in targets:
                yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target) | ast.For(target=target):
            yield target
        case ast.withitem(optional_vars=ast.expr() as target):
            yield target


def assignments(source: str) -> list[int]:
    """Return the lines that assign an attribute `state`, also by setattr."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        lines += [target.lineno for target in targets_of(node) if isinstance(target, ast.Attribute) and target.attr == "state"]
        match node:
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), _]):
                lines.append(node.lineno)
    return lines


def updates(source: str) -> list[int]:
    """Return the lines that write a column `state` in bulk: `update(state=…)` or `bulk_update(…, ["state"])`."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
                lines += [node.lineno for keyword in keywords if keyword.arg == "state"]
            case ast.Call(func=ast.Attribute(attr="bulk_update"), args=[_, ast.List(elts=names), *_]):
                lines += [node.lineno for name in names if isinstance(name, ast.Constant) and name.value == "state"]
    return lines


def sources() -> dict[str, str]:
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


def test_only_the_engine_assigns_a_state() -> None:
    found = {path: lines for path, source in sources().items() if (lines := assignments(source))}
    assert list(found) == [ENGINE]


def test_only_an_outbox_writes_states_by_update() -> None:
    found = {path: lines for path, source in sources().items() if (lines := updates(source))}
    assert set(found) <= set(OUTBOXES)


def test_the_outboxes_named_here_exist() -> None:
    assert set(OUTBOXES) <= set(sources())


@pytest.mark.parametrize(
    "line",
    [
        "case.state = 'closed'",
        "case.state: str = 'x'",
        "a, case.state = 1, 2",
        "setattr(case, 'state', 'x')",
        "self.case.state += 'x'",
    ],
)
def test_an_assignment_in_any_clothes_is_seen(line: str) -> None:
    assert assignments(line) == [1]


def test_reading_and_comparing_is_no_assignment() -> None:
    assert assignments("if case.state == 'x':\n    y = case.state\nCase(state='new')") == []


@pytest.mark.parametrize("line", ["Case.objects.update(state='x')", "Case.objects.bulk_update(cases, ['state'])"])
def test_a_bulk_write_is_seen(line: str) -> None:
    assert updates(line) == [1]
