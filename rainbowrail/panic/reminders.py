"""What the operator still has to do for a plan: on its page and in `doctor`, in the same words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.models import IntakeKey, StoreKey
from rainbowrail.panic.models import Panic

TURN_PAIR = "operate keys rotate intake --folders /keys"
TURN_STORE = ("operate keys rotate store --folders /keys", "operate keys copy --folders /keys")


@dataclass(frozen=True, slots=True)
class Chore:
    """One thing that only somebody at the host can do: in words, and the commands."""

    words: str | Promise
    commands: tuple[str, ...]


def newest_store_key() -> int | None:
    return StoreKey.objects.order_by("-id").values_list("id", flat=True).first()


def newest_intake_key() -> str:
    """Return the id of the pair that new deliveries are closed to; empty where there is none."""
    counting = IntakeKey.objects.filter(retired_on=None).order_by("-created_on", "-id")
    return counting.values_list("id", flat=True).first() or ""


def chores_of(plan: Panic) -> Iterator[Chore]:
    """Yield what is left to do at the host: nothing before somebody has vouched for it. Two queries."""
    if plan.hosts_confirmed_at is None:
        return
    if plan.pair_turned_at is None and not settings.PINS_DIR and newest_intake_key() == plan.intake_key_then:
        yield Chore(_("Turn the intake pair, so that what arrives from now on is closed to a new key."), (TURN_PAIR,))
    if newest_store_key() == plan.store_key_then:
        yield Chore(_("Turn the store key and seal a new recovery copy; then make a backup."), TURN_STORE)


def complaints() -> Iterator[str]:
    """Say what `doctor` should know: a plan in force, and what it waits for. Three queries."""
    plan = Panic.objects.order_by("-begun_at").first()
    if plan is None:
        return
    if plan.ended_at is None:
        yield f"The panic plan is in force since {plan.begun_at:%Y-%m-%d %H:%M} UTC: nothing leaves the building. See its page."
        if plan.hosts_confirmed_at is None:
            yield "Nobody has confirmed that the hosts are ours; no key turns before a second person did."
    for chore in chores_of(plan):
        yield f"{chore.words} Run: {' && '.join(chore.commands)}"
