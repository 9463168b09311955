"""Staff people, made through the real action."""

from itertools import count

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
