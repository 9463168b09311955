"""What belongs to nobody: `manage.py doctor` says it, so that nobody waits for a person who is not there."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from cases.leaving import OWNERS
from cases.models import Case, Restriction
from rainbowrail.accounts.models import User
from rainbowrail.roles import Role


def ownerless() -> int:
    """Return how many open cases are owned by somebody who left, lost the role, or may not see them."""
    able = User.objects.filter(is_active=True, roles__overlap=[str(role) for role in OWNERS])
    hidden = Restriction.objects.filter(case=OuterRef("pk"), person=OuterRef("owner"), lifted_at=None)
    lost = ~Q(owner__in=able.values("pk")) | Exists(hidden)
    return Case.objects.waiting().filter(lost, owner__isnull=False).count()


def officerless() -> int:
    """Return how many open cases have an officer who left, lost the role, or may not see them."""
    able = User.objects.with_role(Role.REFERRAL_OFFICER)
    hidden = Restriction.objects.filter(case=OuterRef("pk"), person=OuterRef("officer"), lifted_at=None)
    lost = ~Q(officer__in=able.values("pk")) | Exists(hidden)
    return Case.objects.waiting().filter(lost, officer__isnull=False).count()


def unseen() -> int:
    """Return how many open cases no lead may see."""
    leads = list(User.objects.with_role(Role.TRIAGE_LEAD).values_list("pk", flat=True))
    waiting = Case.objects.waiting()
    for lead in leads:
        waiting = waiting.filter(pk__in=Restriction.objects.filter(person=lead, lifted_at=None).values("case"))
    return waiting.count()


def complaints() -> Iterator[str]:
    if number := ownerless():
        yield f"{number} open cases belong to somebody who cannot work on them: a lead gives them to others, page “Hand-over”."
    if number := officerless():
        yield f"{number} open cases have a referral officer who cannot work on them: a lead gives them to others."
    if number := unseen():
        yield f"{number} open cases are seen by no triage lead: give the role to somebody, or lift a restriction."
