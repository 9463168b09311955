"""The marks themselves; that every routed view wears one is held by tests/architecture/test_doors.py."""

import pytest
from django.http import HttpRequest, HttpResponse

from rainbowrail.roles import Role
from rainbowrail.web.doors import Door, DoorKind, applicant_page, door_of, mark_third_party, public_page, staff_page


def a_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_a_mark_can_be_read_back() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert door_of(staff_page(Role.AUDITOR)(view)) == Door(DoorKind.STAFF, frozenset({Role.AUDITOR}))


def test_a_view_has_one_door() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(TypeError, match="already wears"):
        applicant_page(public_page(view))


def test_staff_page_without_brackets_is_a_mistake_that_is_told() -> None:
    with pytest.raises(TypeError, match=r"@staff_page\(\)"):
        staff_page(a_view)  # type: ignore[arg-type]


def test_somebody_elses_view_is_marked_without_touching_it() -> None:
    marked = mark_third_party(a_view, Door(DoorKind.OPEN))
    assert door_of(marked) == Door(DoorKind.OPEN)
    assert door_of(a_view) is None


def test_what_was_not_marked_has_no_door() -> None:
    assert door_of(a_view) is None
