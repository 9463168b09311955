"""Who was refused what is on record: the route, the case and the answer, and never so often that it fills the trail."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Case
from cases.states import HiddenWhy
from rainbowrail.accounts.models import User
from rainbowrail.audit import refusals, unusual
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.record import record
from rainbowrail.audit.unusual import Pattern
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto.errors import OpenFailed
from rainbowrail.roles import Role
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case
from tests.factories.referrals import make_referral

pytestmark = pytest.mark.django_db
PEOPLE = reverse("account_people", urlconf=STAFF_URLS)


def lines(who: User) -> list[tuple[str, Any, dict[str, Any]]]:
    found = AuditEvent.objects.of_person(who.pk).filter(verb__in=["audit.refused", "audit.seal_failed"]).order_by("pk")
    return [(event.verb, event.case_id, event.detail) for event in found]


def hidden_from(person: User) -> Case:
    case = make_case()
    actions.restrict(case, people=[person], why=HiddenWhy.COMMUNITY, by=make_staff(Role.TRIAGE_LEAD).actor)
    return case


@pytest.mark.parametrize(
    ("route", "path"), [("account_people", PEOPLE), ("cases:erasures", "/erasures/"), ("audit:trail", "/trail/")]
)
def test_a_page_for_other_roles(route: str, path: str, staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert staff_client.get(path).status_code == 403
    assert lines(cleo) == [("audit.refused", None, {"page": route, "status": 403})]


def test_a_hidden_case_with_the_case_and_one_that_never_was_without(staff_client: CarefulClient, cleo: User) -> None:
    case = hidden_from(cleo)
    staff_client.force_login(cleo)
    assert staff_client.get(case.get_absolute_url()).status_code == 404
    assert staff_client.get("/cases/RR-CCCC-DDDD/").status_code == 404
    detail = {"page": "cases:case", "status": 404}
    assert lines(cleo) == [("audit.refused", case.pk, detail), ("audit.refused", None, detail)]


def test_an_act_that_is_not_theirs(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case()
    staff_client.force_login(cleo)
    assert staff_client.post(f"/cases/{case.reference}/hide/").status_code == 403
    assert [(verb, about) for verb, about, _ in lines(cleo)] == [("audit.refused", case.pk)]


def test_a_seal_that_does_not_open(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case()
    actions.claim(case, by=cleo.actor)
    staff_client.force_login(cleo)
    staff_client.raise_request_exception = False
    with patch("cases.views.case.told_by", side_effect=OpenFailed("no")):
        assert staff_client.get(case.get_absolute_url()).status_code == 500
    assert lines(cleo) == [("audit.seal_failed", case.pk, {"page": "cases:case", "status": 500})]


def test_what_works_and_what_leads_nowhere_leaves_no_refusal(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.get(PEOPLE)
    staff_client.force_login(cleo)
    assert staff_client.get("/").status_code == 200
    assert staff_client.get("/no-such-page/").status_code == 404
    assert not AuditEvent.objects.filter(verb="audit.refused").exists()


def test_the_same_again_leaves_one_line_an_hour(staff_client: CarefulClient, cleo: User) -> None:
    now = timezone.now()
    for minutes, count in ((0, 1), (59, 1), (61, 2)):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            staff_client.force_login(cleo)
            staff_client.get(PEOPLE)
            staff_client.get(PEOPLE)
            assert len(lines(cleo)) == count


def test_a_flood_of_different_refusals_is_bounded_a_person(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    for number in range(refusals.MOST_IN_A_SPAN):
        record(KernelVerb.REFUSED, by=cleo.actor, detail={"page": f"x{number}", "status": 404})
    for person in (cleo, dana):
        staff_client.force_login(person)
        staff_client.get("/trail/")
    assert len(lines(cleo)) == refusals.MOST_IN_A_SPAN
    assert len(lines(dana)) == 1


def test_no_words_of_an_address_are_kept(cleo: User, staff_client: CarefulClient) -> None:
    staff_client.force_login(cleo)
    staff_client.get(PEOPLE, {"name": "Ade-canary"})
    (line,) = AuditEvent.objects.filter(verb="audit.refused")
    assert "canary" not in str(line.detail)


def test_neither_the_footprint_nor_the_trail_tells_a_hidden_case_from_none(staff_client: CarefulClient) -> None:
    """A lead who is auditor too probes for a case that is hidden from them, and reads what of it is on record."""
    both = make_staff(Role.TRIAGE_LEAD, Role.AUDITOR)
    case = hidden_from(both)
    staff_client.force_login(both)
    for reference in (case.reference, "RR-CCCC-DDDD"):
        staff_client.get(f"/cases/{reference}/")
    assert len(lines(both)) == 2
    for page in ("/trail/mine/", "/trail/", f"/trail/?person={both.pk}"):
        shown = [line.event for line in staff_client.get(page).context["lines"]]
        assert not [event for event in shown if event.verb == "audit.refused" or event.case_id == case.pk], page


def test_who_is_refused_often_stands_out_for_another_auditor(staff_client: CarefulClient, cleo: User, fay: User) -> None:
    for person in (cleo, fay):
        for number in range(unusual.REFUSALS_A_DAY):
            record(KernelVerb.REFUSED, by=person.actor, detail={"page": f"x{number}", "status": 403})
    staff_client.force_login(fay)
    (group,) = staff_client.get("/trail/unusual/").context["groups"]
    assert group.pattern is Pattern.REFUSED
    (row,) = group.rows
    assert (row.finding.staff_id, row.finding.count) == (cleo.pk, unusual.REFUSALS_A_DAY)
    assert len(staff_client.get(row.url).context["lines"]) == unusual.REFUSALS_A_DAY


def test_a_request_that_nobody_resolved_is_not_noted(cleo: User) -> None:
    request = RequestFactory().get("/nowhere/")
    request.user, request.resolver_match = cleo, None
    assert not refusals.note(request, KernelVerb.REFUSED, status=404)


def test_who_tries_one_reference_after_the_other_stands_out(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    for letter in "CDEFGHJKMNPQR":
        staff_client.get(f"/cases/RR-CCCC-DDD{letter}/")
    assert len(lines(cleo)) == refusals.GUESSES_IN_A_SPAN
    (found,) = unusual.found(until=timezone.localdate())
    assert (found.pattern, found.staff_id, found.count) == (Pattern.REFUSED, cleo.pk, refusals.GUESSES_IN_A_SPAN)


def test_sixty_refusals_do_not_hide_a_seal_that_did_not_open(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case()
    actions.claim(case, by=cleo.actor)
    for number in range(refusals.MOST_IN_A_SPAN):
        record(KernelVerb.REFUSED, by=cleo.actor, detail={"page": f"x{number}", "status": 404})
    staff_client.force_login(cleo)
    staff_client.raise_request_exception = False
    with patch("cases.views.case.told_by", side_effect=OpenFailed("no")):
        staff_client.get(case.get_absolute_url())
    assert lines(cleo)[-1] == ("audit.seal_failed", case.pk, {"page": "cases:case", "status": 500})


def test_seals_that_do_not_open_are_bounded_too(staff_client: CarefulClient, cleo: User) -> None:
    for number in range(refusals.MOST_IN_A_SPAN):
        record(KernelVerb.SEAL_FAILED, by=cleo.actor, detail={"page": f"x{number}", "status": 500})
    case = make_case()
    actions.claim(case, by=cleo.actor)
    staff_client.force_login(cleo)
    staff_client.raise_request_exception = False
    with patch("cases.views.case.told_by", side_effect=OpenFailed("no")):
        staff_client.get(case.get_absolute_url())
    assert len(lines(cleo)) == refusals.MOST_IN_A_SPAN


def test_who_tries_one_number_of_a_referral_after_the_other_stands_out(staff_client: CarefulClient) -> None:
    ora = make_staff(Role.REFERRAL_OFFICER)
    staff_client.force_login(ora)
    for letter in "CDEFGHJKMNPQR":
        assert staff_client.get(f"/referrals/CCCC-DDD{letter}/").status_code == 404
    assert lines(ora) == [("audit.refused", None, {"page": "referrals:referral", "status": 404})] * refusals.GUESSES_IN_A_SPAN


def test_the_number_of_a_hidden_referral_names_its_case(staff_client: CarefulClient) -> None:
    ora, referral = make_staff(Role.REFERRAL_OFFICER), make_referral()
    actions.restrict(referral.case, people=[ora], why=HiddenWhy.COMMUNITY, by=make_staff(Role.TRIAGE_LEAD).actor)
    staff_client.force_login(ora)
    for _ in range(2):
        assert staff_client.get(f"/referrals/{referral.packet_id}/").status_code == 404
    assert lines(ora) == [("audit.refused", referral.case_id, {"page": "referrals:referral", "status": 404})]


def test_a_second_reference_in_an_address_is_a_guess_too(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case()
    actions.claim(case, by=cleo.actor)
    staff_client.force_login(cleo)
    for letter in "CDF":
        assert staff_client.post(f"/cases/{case.reference}/same/RR-CCCC-DDD{letter}/").status_code == 404
    assert [(verb, about) for verb, about, _ in lines(cleo)] == [("audit.refused", case.pk)] * 3


def test_ids_of_what_belongs_to_no_case_are_guesses_as_well(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    for number in range(1, 4):
        assert staff_client.get(reverse("account_person", args=[number], urlconf=STAFF_URLS)).status_code == 403
    assert len(lines(cleo)) == 3
