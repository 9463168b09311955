"""Lines of the trail as pages show them: names, references, words. Two queries for any number of lines, and one more for a
reader from whom cases may be hidden."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from rainbowrail.actors import ActorKind
from rainbowrail.audit import references
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.wording import detail_in_words, thing_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a page shows it. `who` is a name, or empty for applicant, system and an account that is gone; `actor` always
    says who acted. `case` is empty where no reference is known."""

    event: AuditEvent
    who: str
    actor: str
    has_left: bool
    case: str
    thing: str
    detail: list[tuple[str, str]]


def lines_of(events: list[AuditEvent], *, reader: int | None = None) -> list[Line]:
    """Return the lines in words. For a `reader` who works on cases, what they did in one that is hidden from them since stands
    without its reference; an auditor, who works on none, reads all of them."""
    people: dict[int, Any] = get_user_model()._default_manager.in_bulk(_people_in(events))
    names = {pk: str(person) for pk, person in people.items()}
    ids = {event.case_id for event in events if event.case_id}
    cases = references.names(ids - set(references.hidden(reader, ids)) if reader is not None else ids)
    return [_line(event, people, names, cases.get(event.case_id, "") if event.case_id else "") for event in events]


def _people_in(events: list[AuditEvent]) -> set[int]:
    named = {event.actor_id for event in events if event.actor_id}
    return named | {
        int(value) for e in events for key, value in e.detail.items() if key in {"owner", "person"} and _is_id(value)
    }


def _is_id(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.isdigit() and len(value) < 18)


def _line(event: AuditEvent, people: dict[int, Any], names: dict[int, str], case: str) -> Line:
    person = people.get(event.actor_id) if event.actor_id else None
    who = str(person) if person is not None else ""
    has_left = event.actor_kind == ActorKind.STAFF and (person is None or not person.is_active)
    actor = _("%(name)s (has left)") % {"name": who} if who and has_left else who or event.actor_label
    return Line(
        event, who, actor, has_left, case, thing_in_words(event.thing), list(detail_in_words(event.verb, event.detail, names))
    )
