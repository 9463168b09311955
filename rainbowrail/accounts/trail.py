"""The lines of sign-in in the trail. No address, no browser: who, what, when."""

from allauth.mfa.models import Authenticator

from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb

KINDS = {
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.TOTP: "app",
    Authenticator.Type.RECOVERY_CODES: "recovery_codes",
}


def password_failed(email: str) -> None:
    """Record that a password was wrong. Of an address that is nobody's, nothing but the fact is kept."""
    person = User.objects.filter(email=email.strip().lower()).first()
    record(KernelVerb.SIGN_IN_FAILED, by=SYSTEM, on=person, detail={"kind": "password"})


def factor_failed(person: User, *, kind: str) -> None:
    """Record that a second factor was wrong. Whoever showed it need not be the person: the line is about them, not by them."""
    record(KernelVerb.SIGN_IN_FAILED, by=SYSTEM, on=person, detail={"kind": kind})


def factor_changed(verb: KernelVerb, person: User, authenticator: Authenticator) -> None:
    """Record that a person added, removed or renewed a factor of their own."""
    record(verb, by=person.actor, on=person, detail={"kind": KINDS[Authenticator.Type(authenticator.type)]})
