"""Staff people, made through the real action."""

from itertools import count

from allauth.mfa.totp.internal import auth as totp

from rainbowrail.accounts import actions
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.roles import Role

PASSWORD = "a long sentence that nobody guesses"
_numbers = count(1)


def make_staff(*roles: Role, name: str = "", email: str = "") -> User:
    """Return a member of staff with these roles and PASSWORD."""
    number = next(_numbers)
    return actions.add_person(
        email or f"person{number}@example.org", name=name or f"Person {number}", roles=roles, password=PASSWORD, by=SYSTEM
    )


def enrol_app(person: User) -> str:
    """Give a person an app that shows codes, as enrolment does, and return its secret."""
    secret: str = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def code_now(secret: str) -> str:
    """Return the code that the app shows now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code: str = totp.format_hotp_value(totp.hotp_value(secret, counter))
    return code
