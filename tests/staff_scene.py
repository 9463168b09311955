"""One visit to come on a walk over the staff pages: who asks, about which case, and who else is there."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.models import Case
from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from referrals.models import Referral
from tests.factories.accounts import make_staff
from tests.staff_walk import World


@dataclass(frozen=True)
class Given:
    """What an address and its form are given. `signs_in_again`: making it ended every session."""

    arguments: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    signs_in_again: bool = False


@dataclass
class Scene:
    """One visit to come: who asks, of which kind the case is, and the colleagues who made the things."""

    world: World
    who: User
    which: str
    case: Case
    others: dict[str, User]

    @property
    def lead(self) -> User:
        return self.world.lead

    @property
    def referral(self) -> Referral:
        return Referral.objects.select_related("case").get(case=self.case)


def colleagues() -> dict[str, User]:
    """Return people who are in no column of the table: they ask, receive, agree and leave."""
    return {
        "reader": make_staff(Role.CASEWORKER, name="Reads for others"),
        "lead": make_staff(Role.TRIAGE_LEAD, name="Second lead"),
        "officer": make_staff(Role.REFERRAL_OFFICER, name="Another officer"),
        "volunteer": make_staff(Role.VOLUNTEER, name="Another volunteer"),
        "admin": make_staff(Role.ADMINISTRATOR, name="Another administrator"),
        "manager": make_staff(Role.MANAGER, name="Another manager"),
        "somebody": make_staff(Role.MANAGER, name="Somebody of the house"),
    }


def today(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()
