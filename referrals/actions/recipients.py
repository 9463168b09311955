"""Officials and their keys. A wrong key would send everything to the wrong eyes, so two people stand behind each."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals.actions.people import staff_id_of
from referrals.audit_verbs import ReferralVerb
from referrals.models import Recipient
from referrals.permissions import check_add_recipient, check_confirm_key
from referrals.programmes import programme as programme_called
from referrals.states import KeyKind


def add_recipient(
    *, programme: str, name: str, office: str, email: str, kind: KeyKind, public_key: str, by: Actor
) -> Recipient:
    """Add an official; nothing can be sent to them before a second person checked the key.

    Raises NotPossible with the sentence of whatever is wrong: a key that is none, that must not be used (expired, revoked, for
    signing only, too weak), or that belongs to somebody already.
    """
    check_add_recipient(by)
    chosen = programme_called(programme)
    recipient = Recipient(
        programme=chosen.slug,
        name=name,
        office=office,
        email=email,
        kind=kind,
        public_key=public_key.strip(),
        added_by_id=staff_id_of(by),
    )
    try:
        recipient.full_clean()
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages)) from error
    with transaction.atomic():
        recipient.save(force_insert=True)
        record(ReferralVerb.RECIPIENT_ADDED, by=by, on=recipient, detail={"programme": chosen.slug})
    return recipient


def confirm_key(recipient: Recipient, *, by: Actor) -> Recipient:
    """Record that this person compared the fingerprint with the official over another channel."""
    with transaction.atomic():
        locked = Recipient.objects.select_for_update().get(pk=recipient.pk)
        check_confirm_key(by, locked)
        if not locked.is_active:
            raise NotPossible(_("This official was retired."))
        if locked.is_checked:
            raise NotPossible(_("This key was checked already."))
        locked.key_checked_by_id, locked.key_checked_on = by.staff_id, timezone.localdate()
        locked.save(update_fields=["key_checked_by", "key_checked_on"])
        record(ReferralVerb.RECIPIENT_CHECKED, by=by, on=locked)
    return locked


def retire_recipient(recipient: Recipient, *, by: Actor) -> Recipient:
    """Stop sending to this official: they left, or their key did."""
    check_add_recipient(by)
    with transaction.atomic():
        locked = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if not locked.is_active:
            raise NotPossible(_("This official was retired."))
        locked.retired_on = timezone.localdate()
        locked.save(update_fields=["retired_on"])
        record(ReferralVerb.RECIPIENT_RETIRED, by=by, on=locked)
    return locked
