"""Booking the times during which a volunteer sees new requests, and cancelling them."""

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
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role

# Times with less than this between them count as one: ten hours and ten hours are not two short ones.
BREAK = timedelta(hours=1)
MOST = timedelta(hours=MOST_HOURS)


def book_slot(volunteer: User, *, begins_at: datetime, ends_at: datetime, by: Actor) -> Slot:
    """Book a time (UTC). Raises NotPossible for a time that is over, ends before it begins, overlaps another of this volunteer,
    or is longer than MOST_HOURS, alone or with those right beside it."""
    check_book_slots(by)
    if not (volunteer.is_active and volunteer.has_role(Role.VOLUNTEER)):
        raise NotPossible(_("%(name)s is no intake volunteer.") % {"name": volunteer.name})
    if ends_at <= begins_at:
        raise NotPossible(_("The end must come after the beginning."))
    if ends_at <= timezone.now():
        raise NotPossible(_("That time is over. Choose a later one."))
    with transaction.atomic():
        # The row of the volunteer is the lock: two leads may book for one volunteer at the same moment.
        User.objects.select_for_update(of=("self",)).get(pk=volunteer.pk)
        booked = list(Slot.objects.filter(volunteer=volunteer, cancelled_at=None, ends_at__gt=begins_at - 2 * MOST))
        if any(slot.begins_at < ends_at and begins_at < slot.ends_at for slot in booked):
            raise NotPossible(_("%(name)s has a time then already.") % {"name": volunteer.name})
        if _with_neighbours(begins_at, ends_at, booked) > MOST:
            raise NotPossible(
                _("A volunteer's time lasts at most %(hours)s hours, and times with less than an hour between them are one.")
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
    """Cancel one time and say so in the trail; the caller has locked it and asked whether `by` may."""
    slot.cancelled_at = timezone.now()
    slot.save(update_fields=["cancelled_at"])
    record(CaseVerb.SLOT_CANCELLED, by=by, on=slot, detail={"person": slot.volunteer_id})


def _with_neighbours(begins_at: datetime, ends_at: datetime, booked: list[Slot]) -> timedelta:
    """Return how long the time is together with those that lie less than BREAK from it, and from these in turn."""
    near = True
    while near:
        near = False
        for slot in booked:
            is_beside = slot.begins_at < ends_at + BREAK and begins_at - BREAK < slot.ends_at
            if is_beside and (slot.begins_at < begins_at or slot.ends_at > ends_at):
                begins_at, ends_at, near = min(begins_at, slot.begins_at), max(ends_at, slot.ends_at), True
    return ends_at - begins_at
