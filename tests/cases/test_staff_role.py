"""The database role of staff web and worker can do the work of cases, and cannot rewrite what happened."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from cases import actions, tasks
from cases.models import Case, PossibleDuplicate, UrgencyScore
from cases.states import CaseState, CloseReason, NextStep, Verdict, Verification
from cases.urgency.bands import Band
from intake import finding
from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import EMERGENCY, make_case, make_case_in
from tests.factories.intake import ade, received
from tests.roles import AsRole

pytestmark = pytest.mark.django_db


def test_every_action_needs_no_more_than_the_staff_role(as_staff_role: AsRole, cleo: User, dana: User) -> None:
    dora = make_staff(Role.TRIAGE_LEAD)
    with as_staff_role():
        case = make_case(EMERGENCY)
        actions.claim(case, by=cleo.actor)
        actions.mark_read(case, by=cleo.actor)
        actions.open_identity(case, by=cleo.actor)
        actions.write_note(case, text="They called.", by=cleo.actor)
        actions.ask_applicant(case, question="Where?", by=cleo.actor)
        actions.stop_waiting(case, by=cleo.actor)
        actions.tell_applicant(case, text="We are on it.", by=cleo.actor)
        actions.assess(case, verification=Verification.CREDIBLE, pathways=[], summary="It fits.", by=cleo.actor)
        actions.set_next_step(case, step=NextStep.CONTACT, on=timezone.localdate(), by=cleo.actor)
        actions.confirm_urgency(actions.set_urgency(case, band=Band.URGENT, reason="x", by=dana.actor), by=dora.actor)
        actions.refuse_urgency(_proposal_again(case, cleo, dana), by=dora.actor)
        tasks.rescore(str(case.pk))
        actions.verify(case, by=cleo.actor)
        actions.plan_support(case, by=cleo.actor)
        actions.mark_ready(case, by=dana.actor)
        actions.mark_referred(case, by=dana.actor)
        actions.mark_outcome(case, by=dana.actor)
        actions.assign(case, to=dana, by=cleo.actor)
        actions.close_case(case, close_reason=CloseReason.HELPED, reason="Safe.", by=dana.actor)
        actions.reopen(case, reason="They wrote again.", by=dana.actor)
        tasks.open_missed()
        tasks.name_missed()
    case.refresh_from_db()
    assert (case.state, case.owner) == (CaseState.IN_REVIEW, dana)


def _proposal_again(case: Case, cleo: User, dana: User) -> UrgencyScore:
    actions.set_urgency(case, band=Band.EMERGENCY, reason="A call at night.", by=cleo.actor)
    return actions.set_urgency(case, band=Band.URGENT, reason="y", by=dana.actor)


def test_the_pages_need_no_more_than_the_staff_role(as_staff_role: AsRole, cleo: User, staff_client: CarefulClient) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    staff_client.force_login(cleo)
    with as_staff_role():
        assert staff_client.get("/").status_code == 200
        assert staff_client.get(f"/cases/{case.reference}/").status_code == 200
        assert staff_client.post(f"/cases/{case.reference}/note/", {"text": "They called."}).status_code == 302


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_casemove SET moved_at = now()",
        "DELETE FROM cases_casemove",
        "UPDATE cases_note SET written_at = now()",
        "DELETE FROM cases_note",
        "DELETE FROM cases_case",
        "DELETE FROM cases_urgencyscore",
        "UPDATE cases_assessment SET made_at = now()",
        "TRUNCATE cases_case CASCADE",
    ],
)
def test_the_staff_role_cannot_unmake_what_happened(statement: str, as_staff_role: AsRole) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with as_staff_role(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_request_that_was_really_sent_and_drained_is_a_case_in_the_queue() -> None:
    request = received(ade())
    case = Case.objects.get(help_request=request)
    assert case.country == "UGA"
    assert case.band == Band.URGENT


def test_finding_people_needs_no_more_than_the_staff_role(as_staff_role: AsRole, cleo: User, dana: User) -> None:
    identity = {"call_you": "Fátima Al-Sayed", "contact": {"channel": "email", "address": "fatima@example.org"}}
    with as_staff_role():
        first, second = (make_case({"nationality": "SYR"}, identity=identity) for _ in range(2))
        assert tasks.compare_missed() == 2
        pair = PossibleDuplicate.objects.get()
        actions.judge(pair, on=first, verdict=Verdict.SAME, by=dana.actor)
        assert {row.case for row in actions.search("فاطمة السيد", by=dana.actor).rows} == {first, second}
        finding.thin()
        assert sum(finding.rebuild(10)) == 0
        assert finding.forget_person(second.help_request.person_id) == 1
