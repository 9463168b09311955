"""Who does a thing: what every action takes as `by=`."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    STAFF = "staff"
    APPLICANT = "applicant"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A staff member, an applicant or the system; of an applicant nothing but the kind is known."""

    kind: ActorKind
    staff_id: int | None = None
    roles: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if (self.kind is ActorKind.STAFF) != (self.staff_id is not None):
            raise ValueError("A staff actor names its staff_id; no other actor has one.")


APPLICANT = Actor(ActorKind.APPLICANT)
SYSTEM = Actor(ActorKind.SYSTEM)
