"""Begin the panic plan, go on with it, end it. Each step is one transaction and one line in the trail."""

from collections.abc import Mapping
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rainbowrail.accounts.sessions import end_all
from rainbowrail.actors import SYSTEM, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.lifecycle import engine
from rainbowrail.lifecycle.moves import Move
from rainbowrail.panic import notifications, reminders, workflow
from rainbowrail.panic.audit_verbs import PanicVerb
from rainbowrail.panic.models import Panic
from rainbowrail.panic.permissions import check_keeper, person
from rainbowrail.panic.states import WhyBegun, WhyEnded
from rainbowrail.web import logs


def begin(why: WhyBegun, *, by: Actor, session_key: str) -> Panic:
    """Freeze exports, end every session but this one, cover places, tell leads, managers and administrators.

    The caller's own session stays: it was confirmed a moment ago, and somebody must be able to see what is happening. Their
    other sessions end. Raises NotAllowed for the wrong person, NotPossible while a plan is in force already.
    """
    check_keeper(by)
    try:
        with transaction.atomic():
            plan = Panic.objects.create(why_begun=WhyBegun(why), begun_by_id=person(by))
            ended = end_all(but=session_key)
            record(PanicVerb.BEGUN, by=by, on=plan, detail={"reason_code": plan.why_begun, "count": ended})
            notifications.tell_keepers(notifications.BEGUN)
            transaction.on_commit(partial(logs.event, "panic_begun", reason_code=plan.why_begun, count=ended))
    except IntegrityError as error:
        raise NotPossible(_("The panic plan is in force already.")) from error
    return plan


@transaction.atomic
def confirm_hosts(plan: Panic, *, by: Actor) -> Panic:
    """Vouch for the hosts: the worker then turns the intake pair, and `doctor` waits for the store key."""
    confirmed = {
        "hosts_confirmed_at": timezone.now(),
        "hosts_confirmed_by_id": by.staff_id,
        "intake_key_then": reminders.newest_intake_key(),
        "store_key_then": reminders.newest_store_key(),
    }
    return _move(plan, workflow.CONFIRM_HOSTS, by, confirmed)


@transaction.atomic
def ask_end(plan: Panic, *, why: WhyEnded, by: Actor) -> Panic:
    asked = {"end_asked_at": timezone.now(), "end_asked_by_id": by.staff_id, "why_ended": WhyEnded(why)}
    plan = _move(plan, workflow.ASK_END, by, asked)
    notifications.tell_keepers(notifications.END_ASKED)
    return plan


@transaction.atomic
def keep(plan: Panic, *, by: Actor) -> Panic:
    """Refuse to end it, or take one's own asking back."""
    return _move(plan, workflow.KEEP, by, {"end_asked_at": None, "end_asked_by_id": None, "why_ended": ""})


@transaction.atomic
def end(plan: Panic, *, by: Actor) -> Panic:
    """Open everything again: the second person's word."""
    return _move(plan, workflow.END, by, {"ended_at": timezone.now(), "ended_by_id": by.staff_id})


@transaction.atomic
def note_pair_turned(plan: Panic) -> None:
    """Keep that the intake pair was turned for this plan. Does nothing the second time."""
    if Panic.objects.filter(pk=plan.pk, pair_turned_at=None).update(pair_turned_at=timezone.now()):
        record(PanicVerb.PAIR_TURNED, by=SYSTEM, on=plan)


def _move(plan: Panic, step: Move, by: Actor, changes: Mapping[str, object]) -> Panic:
    return engine.move(plan, step, by=by, changes=changes)
