"""What lets something out of the building asks first whether it may: every staff view that hands out a file wears the mark."""

import inspect
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from rainbowrail.errors import NotPossible
from rainbowrail.web import exports
from tests.architecture.test_doors import original, pages
from tests.clients import STAFF_URLS

HANDS_OUT = re.compile(r"Content-Disposition|StreamingHttpResponse|FileResponse|as_attachment|text/csv|\bhand_out(_copy)?\(")
# Releases that hand out nothing by themselves.
RELEASES = {"referrals:approve", "referrals:passphrase"}
# Files that are no export: why.
HARMLESS = {
    "audit:checkpoint": "a number and a hash, about nobody, which must be carried away above all in bad times",
    "cases:import_template": "an empty table to fill in",
}


def hands_out(view: Callable[..., Any]) -> bool:
    """Whether a view, or a function of its own module that it calls, makes an answer that a browser keeps as a file."""
    module = inspect.getmodule(view)
    return module is not None and _reaches(view, module, set())


def _reaches(function: Callable[..., Any], module: ModuleType, seen: set[str]) -> bool:
    source = inspect.getsource(function)
    if HANDS_OUT.search(source):
        return True
    for name in sorted(set(re.findall(r"(?<![.\w])(\w+)\(", source)) - seen):
        seen.add(name)
        inner = getattr(module, name, None)
        if inspect.isfunction(inner) and inner.__module__ == module.__name__ and _reaches(inner, module, seen):
            return True
    return False


def test_every_view_that_hands_out_a_file_asks_first() -> None:
    silent = [
        name
        for name, entry, _ in pages(STAFF_URLS)
        if not exports.lets_out(entry.callback) and name not in HARMLESS and hands_out(original(entry.callback))
    ]
    assert silent == [], "put @export() under the door mark (rainbowrail.web.exports), or say in HARMLESS why not"


def test_the_marks_are_where_something_leaves() -> None:
    marked = {name: entry.callback for name, entry, _ in pages(STAFF_URLS) if exports.lets_out(entry.callback)}
    assert set(marked) >= RELEASES
    assert {name for name in set(marked) - RELEASES if not hands_out(original(marked[name]))} == set()
    assert {
        "referrals:file",
        "cases:file_original",
        "cases:file_copy_download",
        "cases:reading_copy_download",
        "audit:table",
    } <= set(marked)


def test_what_is_harmless_is_still_there() -> None:
    assert set(HARMLESS) <= {name for name, _, _ in pages(STAFF_URLS)}


def test_a_marked_view_does_not_run_while_exports_are_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    def frozen() -> None:
        raise NotPossible("not now")

    monkeypatch.setattr(exports, "_guards", [frozen])
    with pytest.raises(NotPossible):
        exports.export()(lambda request: pytest.fail("it ran"))(None)  # type: ignore[arg-type]


def test_without_a_guard_nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_guards", [])
    with pytest.raises(RuntimeError, match="registers a guard"):
        exports.check_exports()
