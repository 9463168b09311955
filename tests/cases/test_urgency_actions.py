"""A person lowers, the policy only raises; an EMERGENCY is lowered by two."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases import actions, tasks
from cases.models import Case, UrgencyScore
from cases.states import CaseState, CloseReason
from cases.urgency.bands import Band
from intake.models import HelpRequest
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, EMERGENCY, URGENT, make_case, make_case_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(db: None) -> User:
    return make_staff(Role.TRIAGE_LEAD, name="Dora")


def now_says(monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any]) -> None:
    """Let the stored answers read as these facts, as if they had been corrected."""
    monkeypatch.setattr(
        HelpRequest, "facts", lambda self, today: {k: v for k, v in facts.items() if k not in {"shelter_until"}}
    )


def test_a_caseworker_raises_at_once_and_the_due_date_follows(cleo: User) -> None:
    case = make_case(CALM)
    before = case.due_at
    word = actions.set_urgency(case, band=Band.EMERGENCY, reason="A call at night.", by=cleo.actor)
    case.refresh_from_db()
    assert (case.band, word.by, word.in_force_at is not None) == (Band.EMERGENCY, cleo, True)
    assert case.due_at == case.received_at + timedelta(hours=4) < before
    assert case.latest_score is not None
    assert (word.rests_on, case.latest_score.band) == (case.latest_score, Band.NORMAL)


def test_raising_to_emergency_tells_the_leads(cleo: User, dana: User) -> None:
    actions.set_urgency(make_case(CALM), band=Band.EMERGENCY, reason="A call at night.", by=cleo.actor)
    assert Notification.objects.get().about_id.int == dana.pk


def test_a_caseworker_lowers_nothing(cleo: User) -> None:
    with pytest.raises(NotAllowed, match="lead lowers"):
        actions.set_urgency(
            make_case_in(CaseState.IN_REVIEW, owner=cleo, answers=URGENT), band=Band.NORMAL, reason="x", by=cleo.actor
        )


def test_a_lead_lowers_what_is_no_emergency(dana: User) -> None:
    case = make_case(URGENT)
    actions.set_urgency(case, band=Band.ELEVATED, reason="The threat was withdrawn.", by=dana.actor)
    case.refresh_from_db()
    assert case.band == Band.ELEVATED


def test_no_urgency_is_changed_without_a_reason(dana: User) -> None:
    with pytest.raises(NotPossible, match="why"):
        actions.set_urgency(make_case(URGENT), band=Band.NORMAL, reason=" ", by=dana.actor)


def test_one_person_alone_never_lowers_an_emergency(dana: User) -> None:
    case = make_case(EMERGENCY)
    proposal = actions.set_urgency(case, band=Band.URGENT, reason="Safe at an aunt's.", by=dana.actor)
    case.refresh_from_db()
    assert (case.band, proposal.in_force_at) == (Band.EMERGENCY, None)
    with pytest.raises(NotAllowed, match="two people"):
        actions.confirm_urgency(proposal, by=dana.actor)
    with pytest.raises(NotPossible, match="proposal already"):
        actions.set_urgency(case, band=Band.NORMAL, reason="Again.", by=dana.actor)
    assert Case.objects.get(pk=case.pk).band == Band.EMERGENCY


def test_a_second_lead_confirms_and_then_it_counts(dana: User, dora: User) -> None:
    case = make_case(EMERGENCY)
    proposal = actions.set_urgency(case, band=Band.URGENT, reason="Safe at an aunt's.", by=dana.actor)
    word = actions.confirm_urgency(proposal, by=dora.actor)
    case.refresh_from_db()
    assert (case.band, word.by, word.seconded_by) == (Band.URGENT, dana, dora)
    with pytest.raises(NotPossible, match="already decided"):
        actions.confirm_urgency(proposal, by=dora.actor)
    verbs = AuditEvent.objects.filter(case_id=case.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["cases.urgency_proposed", "cases.urgency_confirmed"]


def test_a_caseworker_is_no_second_person(dana: User, cleo: User) -> None:
    proposal = actions.set_urgency(make_case(EMERGENCY), band=Band.URGENT, reason="x", by=dana.actor)
    with pytest.raises(NotAllowed, match="lead"):
        actions.confirm_urgency(proposal, by=cleo.actor)


def test_a_refused_proposal_changes_nothing_and_another_may_follow(dana: User, dora: User) -> None:
    case = make_case(EMERGENCY)
    proposal = actions.set_urgency(case, band=Band.URGENT, reason="x", by=dana.actor)
    actions.refuse_urgency(proposal, by=dora.actor)
    with pytest.raises(NotPossible, match="already decided"):
        actions.confirm_urgency(proposal, by=dora.actor)
    assert actions.set_urgency(case, band=Band.ELEVATED, reason="y", by=dana.actor).in_force_at is None
    assert Case.objects.get(pk=case.pk).band == Band.EMERGENCY


def test_nothing_counts_in_a_closed_case(dana: User) -> None:
    case = make_case(URGENT)
    actions.close_case(case, close_reason=CloseReason.DUPLICATE, reason="Twice.", by=dana.actor)
    with pytest.raises(NotPossible, match="closed"):
        actions.set_urgency(case, band=Band.NORMAL, reason="x", by=dana.actor)


# --- the policy again ---


def test_rescoring_the_same_facts_on_the_same_day_changes_nothing() -> None:
    case = make_case(URGENT)
    tasks.rescore(str(case.pk))
    tasks.rescore(str(case.pk))
    after = Case.objects.get(pk=case.pk)
    assert UrgencyScore.objects.filter(case=case).count() == 1
    assert (after.band, after.score, after.due_at) == (case.band, case.score, case.due_at)


def test_new_facts_raise_the_band(monkeypatch: pytest.MonkeyPatch, dana: User) -> None:
    case = make_case(CALM)
    now_says(monkeypatch, EMERGENCY)
    tasks.rescore(str(case.pk))
    case.refresh_from_db()
    assert case.band == Band.EMERGENCY
    assert UrgencyScore.objects.by_policy().filter(case=case).count() == 2
    assert Notification.objects.count() == 1
    assert AuditEvent.objects.get(verb="cases.scored").detail == {"from_band": "NORMAL", "to_band": "EMERGENCY"}


def test_the_policy_never_lowers_a_band(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(EMERGENCY)
    now_says(monkeypatch, CALM)
    tasks.rescore(str(case.pk))
    case.refresh_from_db()
    assert case.band == Band.EMERGENCY
    assert case.latest_score is not None
    assert (case.latest_score.band, case.score) == (Band.NORMAL, case.latest_score.score)


def test_a_lowered_case_is_not_raised_by_what_was_known(dana: User) -> None:
    case = make_case(URGENT)
    actions.set_urgency(case, band=Band.ELEVATED, reason="The threat was withdrawn.", by=dana.actor)
    tasks.rescore(str(case.pk))
    case.refresh_from_db()
    assert case.band == Band.ELEVATED


def test_anything_new_raises_a_lowered_case_again(monkeypatch: pytest.MonkeyPatch, dana: User, dora: User) -> None:
    """Also when the policy's band is the one that two people lowered: the gate is another one."""
    case = make_case({**EMERGENCY, "self_rated_danger": 2})
    actions.confirm_urgency(actions.set_urgency(case, band=Band.URGENT, reason="x", by=dana.actor), by=dora.actor)
    now_says(monkeypatch, {**EMERGENCY, "self_rated_danger": 2, "custody": "police"})
    tasks.rescore(str(case.pk))
    case.refresh_from_db()
    assert case.band == Band.EMERGENCY


def test_a_day_that_comes_nearer_moves_the_due_date(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(CALM)
    now_says(monkeypatch, {**CALM, "dated_event": {"type": "eviction", "in_days": 2}})
    tasks.rescore(str(case.pk))
    case.refresh_from_db()
    assert case.due_at <= timezone.now() + timedelta(days=2)


def test_a_closed_case_is_not_scored_again(monkeypatch: pytest.MonkeyPatch, dana: User) -> None:
    case = make_case(CALM)
    actions.close_case(case, close_reason=CloseReason.DUPLICATE, reason="Twice.", by=dana.actor)
    now_says(monkeypatch, EMERGENCY)
    tasks.rescore(str(case.pk))
    assert Case.objects.get(pk=case.pk).band == Band.NORMAL


# --- the page ---


def test_two_leads_lower_an_emergency_on_the_page(staff_client: CarefulClient, dana: User, dora: User) -> None:
    case = make_case(EMERGENCY)
    staff_client.force_login(dana)
    staff_client.post(f"/cases/{case.reference}/urgency/", {"band": "1", "reason": "Safe at an aunt's."})
    mine = staff_client.get(f"/cases/{case.reference}/").content.decode()
    assert "until a second lead confirms" in mine and 'value="confirm"' not in mine

    staff_client.force_login(dora)
    assert 'value="confirm"' in staff_client.get(f"/cases/{case.reference}/").content.decode()
    assert staff_client.post(f"/cases/{case.reference}/urgency/second/", {"answer": "confirm"}).status_code == 302
    case.refresh_from_db()
    assert case.band == Band.URGENT
    assert staff_client.post(f"/cases/{case.reference}/urgency/second/", {"answer": "confirm"}).status_code == 404


def test_an_answer_that_is_no_answer_refuses(staff_client: CarefulClient, dana: User, dora: User) -> None:
    case = make_case(EMERGENCY)
    actions.set_urgency(case, band=Band.URGENT, reason="x", by=dana.actor)
    staff_client.force_login(dora)
    staff_client.post(f"/cases/{case.reference}/urgency/second/", {"answer": "perhaps"})
    case.refresh_from_db()
    assert case.band == Band.EMERGENCY
