import pytest

from rainbowrail.accounts.models import User
from tests.factories.referrals import Crew


@pytest.fixture
def crew(eli: User, dana: User) -> Crew:
    """Eli drafts, Dana approves."""
    return Crew(eli, dana)
