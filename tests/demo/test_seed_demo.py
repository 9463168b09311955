"""`manage.py seed_demo`: only in the demo, the same again for the same seed, and rows that open like real ones."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from cases.models import Case, Note
from cases.states import CaseState
from intake.models import HelpRequest
from rainbowrail.accounts.models import User
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.fields import SealedField
from referrals.models import Referral
from tests.clients import CarefulClient

pytestmark = pytest.mark.django_db
CAST = 4  # applicants who went the real way
SENT_ON = 2  # two more of them, whose referrals went on, in a world that has other cases


def seed(cases: int, number: int = 1) -> str:
    said = StringIO()
    call_command("seed_demo", cases=cases, seed=number, workers=1, stdout=said, stderr=StringIO())
    return said.getvalue()


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


def test_it_refuses_a_database_that_is_not_the_demos(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="for the demo only"):
        seed(1)
    assert not User.objects.exists()


def test_it_refuses_a_number_that_is_none() -> None:
    with pytest.raises(CommandError, match="must be 0 or more"):
        seed(-1)


def test_it_says_who_can_sign_in_and_the_codes_of_its_applicants() -> None:
    said = seed(0)
    for words in ("cleo@example.org", "dana@example.org", "eli@example.org", "AGE-SECRET-KEY-", "Ade", "Bo", "Ima", "Sol"):
        assert words in said
    assert Case.objects.count() == CAST


def test_two_runs_add_up_and_the_cast_is_made_once() -> None:
    seed(5, 1)
    said = seed(7, 2)
    assert Case.objects.count() == CAST + SENT_ON + 12
    assert User.objects.filter(email="cleo@example.org").count() == 1
    assert "password" not in said


def test_the_same_seed_writes_the_same_people() -> None:
    def told() -> list[Any]:
        return [request.identity["call_you"] for request in HelpRequest.objects.order_by("received_hour", "language")]

    seed(15, 3)
    once = sorted(told())
    seed(15, 3)
    twice = told()
    for name in once:
        if name not in {"Ade", "Bo", "Ima", "Sol", "Ren", "Tal"}:
            assert twice.count(name) == 2 * once.count(name)


def test_every_sealed_field_of_every_row_opens() -> None:
    seed(40)
    opened = 0
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields if isinstance(field, SealedField)]
        for row in model._default_manager.all() if names else ():
            with datakeys.scope():
                for name in names:
                    getattr(row, name)
                    opened += 1
    assert opened > 300


def test_pages_of_invented_cases_open_like_those_of_real_ones(staff_client: CarefulClient) -> None:
    seed(60, 5)
    staff_client.force_login(User.objects.get(email="dana@example.org"))
    assert staff_client.get(staff_client.url("cases:queue")).status_code == 200
    assert not Case.objects.without_named_places().exists(), "their cards cover who they are"
    seen = set()
    for case in Case.objects.all():
        if case.state in seen:
            continue
        seen.add(case.state)
        page = staff_client.get(case.get_absolute_url())
        assert page.status_code == 200
        assert staff_client.post(staff_client.url("cases:identity", case.reference)).status_code in {200, 302}
    assert seen == {str(state) for state in CaseState}
    staff_client.force_login(User.objects.get(email="eli@example.org"))
    assert staff_client.get(staff_client.url("referrals:list")).status_code == 200
    for referral in Referral.objects.all():
        assert staff_client.get(referral.get_absolute_url()).status_code == 200
    assert Referral.objects.exists()
    assert Note.objects.exists()


def test_something_goes_on_among_the_staff(staff_client: CarefulClient) -> None:
    seed(60, 5)
    for who, route, words in (
        ("hana", "account_people", "pia@example.org"),
        ("dana", "cases:access", "the owner is away until Monday"),
        ("dana", "cases:care", "to read"),
        ("dana", "cases:erasures", "Kept as long as the rules say"),
        ("fay", "audit:unusual", "Broke the glass"),
        ("vera", "cases:queue", "Who waits"),
    ):
        staff_client.force_login(User.objects.get(email=f"{who}@example.org"))
        assert words in staff_client.get(staff_client.url(route)).content.decode(), route
