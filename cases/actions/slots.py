"""Booking the times during which a volunteer sees new requests, and cancelling them (docs/decisions/0101)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.audit_verbs import CaseVerb
from cases.models import Slot
from cases.models.slot import MOST_HOURS
from cases.permissions import check_book_slots, person
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import Role

# No stretch of this length holds more than MOST of one volunteer's times.
DAY = timedelta(hours=24)
MOST = timedelta(hours=MOST_HOURS)


def book_slot(volunteer: User, *, begins_at: datetime, ends_at: datetime, by: Actor) -> Slot:
    """Book a time (UTC). Raises NotAllowed for oneself; NotPossible for a time that is over, ends before it begins, overlaps
    another of this volunteer, or is longer than MOST_HOURS, alone or with all others within any DAY."""
    check_book_slots(by)
    if volunteer.pk == by.staff_id:
        raise NotAllowed(_("Nobody books a time for themselves. Ask another triage lead."))
    if not (volunteer.is_active and volunteer.has_role(Role.VOLUNTEER)):
        raise NotPossible(_("%(name)s is no intake volunteer.") % {"name": volunteer.name})
    if ends_at <= begins_at:
        raise NotPossible(_("The end must come after the beginning."))
    if ends_at <= timezone.now():
        raise NotPossible(_("That time is over. Choose a later one."))
    with transaction.atomic():
        # The row of the volunteer is the lock: two leads may book for one volunteer at the same moment.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=volunteer.pk)
        near = Slot.objects.filter(cancelled_at=None, ends_at__gt=begins_at - DAY, begins_at__lt=ends_at + DAY)
        booked = list(near.filter(volunteer=volunteer).values_list("begins_at", "ends_at"))
        if any(begun < ends_at and begins_at < ended for begun, ended in booked):
            raise NotPossible(_("%(name)s has a time then already.") % {"name": volunteer.name})
        if most_in_a_day([(begins_at, ends_at), *booked]) > MOST:
            raise NotPossible(
                _("A volunteer has at most %(hours)s hours in any 24 hours, several times and what was ended early counted in.")
                % {"hours": MOST_HOURS}
            )
        slot = Slot.objects.create(volunteer=volunteer, begins_at=begins_at, ends_at=ends_at, booked_by_id=person(by))
        record(CaseVerb.SLOT_BOOKED, by=by, on=slot, detail={"person": volunteer.pk})
    return slot


def cancel_slot(slot: Slot, *, by: Actor) -> None:
    """Take a time away, at once also one that runs. Raises NotPossible when it is over or cancelled."""
    check_book_slots(by)
    with transaction.atomic():
        locked = Slot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
        if locked.cancelled_at is not None or locked.is_over:
            raise NotPossible(_("This time is over or cancelled already."))
        end_slot(locked, by=by)


def end_slot(slot: Slot, *, by: Actor) -> None:
    """Cancel one time and say so in the trail; the caller has locked it and asked whether `by` may.

    One that has begun ends now, unless it is over already, and what has run of it goes on counting; one to come counts no more.
    """
    now = timezone.now()
    if slot.begins_at <= now:
        slot.ends_at = min(slot.ends_at, now)
    else:
        slot.cancelled_at = now
    slot.save(update_fields=["ends_at", "cancelled_at"])
    record(CaseVerb.SLOT_CANCELLED, by=by, on=slot, detail={"person": slot.volunteer_id})


def most_in_a_day(times: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """Return the most that any stretch of DAY holds of these times, which do not overlap.

    A stretch that holds most can be moved until it begins with one of them, or ends with one.
    """
    begins = [begun for begun, _ended in times] + [ended - DAY for _begun, ended in times]
    none = timedelta()
    return max(
        (sum((max(none, min(ended, one + DAY) - max(begun, one)) for begun, ended in times), none) for one in begins),
        default=none,
    )
