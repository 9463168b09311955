"""A person sets their own password: the former one is asked for, all sessions end, one line in the trail (decision 0028)."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from rainbowrail.accounts import limits, trail
from rainbowrail.accounts.models import User
from rainbowrail.accounts.sessions import end_all_of
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb


class WrongPassword(Exception):
    """The former password does not fit."""


def check_former(person: User, former: str) -> None:
    """Raise WrongPassword, and TooSoon as at the sign-in: an open browser must not be a place to guess in."""
    limits.PASSWORDS.take(person.email)
    if not person.check_password(former):
        trail.password_failed(person.email)
        raise WrongPassword
    limits.PASSWORDS.forget(person.email)


@transaction.atomic
def change(person: User, *, to: str) -> None:
    """Set the new password and end every session of this person; the caller opens theirs anew.

    Raises ValidationError for a weak one.
    """
    validate_password(to, person)
    person.set_password(to)
    person.save(update_fields=["password"])
    record(KernelVerb.PASSWORD_CHANGED, by=person.actor, on=person)
    end_all_of(person.pk)
