"""The known cast, as fixtures. Ade and Bo are applicants and have no account: they are words in the stories of `tests/intake`.

Cleo is a caseworker, Dana a triage lead, Eli a referral officer, Fay an auditor; Gus may sign in and has no role. Hana
administers.
"""

import pytest

from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from tests.factories.accounts import make_staff


@pytest.fixture
def cleo(db: None) -> User:
    return make_staff(Role.CASEWORKER, name="Cleo", email="cleo@example.org")


@pytest.fixture
def dana(db: None) -> User:
    return make_staff(Role.TRIAGE_LEAD, name="Dana", email="dana@example.org")


@pytest.fixture
def eli(db: None) -> User:
    return make_staff(Role.REFERRAL_OFFICER, name="Eli", email="eli@example.org")


@pytest.fixture
def fay(db: None) -> User:
    return make_staff(Role.AUDITOR, name="Fay", email="fay@example.org")


@pytest.fixture
def gus(db: None) -> User:
    return make_staff(name="Gus", email="gus@example.org")


@pytest.fixture
def hana(db: None) -> User:
    return make_staff(Role.ADMINISTRATOR, name="Hana", email="hana@example.org")
