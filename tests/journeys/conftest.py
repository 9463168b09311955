"""Journeys are told by people; each gets a browser of their own."""

from collections.abc import Callable

import pytest

from tests.journeys.applicant import Applicant
from tests.journeys.people import Caseworker, ReferralOfficer, TriageLead
from tests.worlds import DESK, OpenBrowser, Running

type Ask = Callable[..., Applicant]


@pytest.fixture
def somebody(open_browser: OpenBrowser, running: Running) -> Ask:
    """Return an applicant with a new phone: `somebody(code="…", java_script_enabled=False)`."""

    def with_a_phone(*, code: str = "", **browser: object) -> Applicant:
        return Applicant(open_browser(**browser), running.public, code=code)

    return with_a_phone


@pytest.fixture
def cleo(open_browser: OpenBrowser, running: Running) -> Caseworker:
    return Caseworker(open_browser(DESK), running.staff)


@pytest.fixture
def dana(open_browser: OpenBrowser, running: Running) -> TriageLead:
    return TriageLead(open_browser(DESK), running.staff)


@pytest.fixture
def eli(open_browser: OpenBrowser, running: Running) -> ReferralOfficer:
    return ReferralOfficer(open_browser(DESK), running.staff)
