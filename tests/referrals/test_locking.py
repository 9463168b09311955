"""Two at once: the case is locked before its referral, and who may act is asked under both (docs/decisions/0068)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cases import actions as case_actions
from cases.models import Case
from cases.states import CloseReason, HiddenWhy
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import Role
from referrals import actions
from referrals.actions import releasing
from referrals.casefile import ConsentHow
from referrals.models import Referral
from referrals.states import ReferralState
from tests.factories.accounts import make_staff
from tests.factories.referrals import WORDS, Crew, make_referral_in, read_digest

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "DRAIN_SECONDS", 0.0)


@pytest.fixture
def crew(db: None) -> Crew:
    return Crew.new()


def fresh(referral: Referral) -> Referral:
    return Referral.objects.select_related("case").get(pk=referral.pk)


def at_once(first: Callable[[], object], second: Callable[[], object], between: Callable[[], object] = lambda: None) -> Any:
    """Do `first` and, before it commits, begin `second` in another connection, which waits. Returns what `second` raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            with datakeys.scope():
                second()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    try:
        with transaction.atomic():
            first()
            thread.start()
            thread.join(0.7)
            assert thread.is_alive(), f"it was to wait; it raised {raised}"
            between()
    finally:
        thread.join(30)
    return raised[0] if raised else None


@pytest.mark.django_db(transaction=True)
def test_a_case_is_closed_while_its_referral_is_withdrawn(crew: Crew) -> None:
    """Whoever withdraws waits for the case and holds nothing that closing it needs."""
    referral = make_referral_in(ReferralState.DRAFT, crew=crew)
    withdraw = lambda: actions.withdraw(fresh(referral), reason="Another official.", by=crew.officer.actor)  # noqa: E731
    hold = lambda: Case.objects.select_for_update().get(pk=referral.case_id)  # noqa: E731
    close = lambda: case_actions.close_case(  # noqa: E731
        Case.objects.get(pk=referral.case_id), close_reason=CloseReason.WITHDRAWN, reason="They wish it.", by=crew.lead.actor
    )
    raised = at_once(hold, withdraw, between=close)
    assert isinstance(raised, NotPossible), "it is withdrawn already, by the closing; no deadlock"
    assert fresh(referral).state == ReferralState.WITHDRAWN


@pytest.mark.django_db(transaction=True)
def test_who_approves_at_that_moment_does_not_become_the_officer_who_answers_for_it(crew: Crew) -> None:
    both = make_staff(Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD)
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    digest = read_digest(referral)
    approve = lambda: actions.approve(fresh(referral), read_digest=digest, by=both.actor)  # noqa: E731
    give = lambda: case_actions.give_to_officer(Case.objects.get(pk=referral.case_id), to=both, by=crew.lead.actor)  # noqa: E731
    raised = at_once(approve, give)
    assert isinstance(raised, NotPossible) and "cannot be the officer" in str(raised)
    assert fresh(referral).case.officer == crew.officer


# --- what the page of a minute ago knew counts for nothing ---


def give_away(referral: Referral, crew: Crew) -> None:
    lou = make_staff(Role.REFERRAL_OFFICER)
    case_actions.give_to_officer(Case.objects.get(pk=referral.case_id), to=lou, by=crew.lead.actor)


def hide(referral: Referral, crew: Crew) -> None:
    case = Case.objects.get(pk=referral.case_id)
    case_actions.restrict(case, people=[crew.officer], why=HiddenWhy.KNOWS, by=crew.lead.actor)


def consents(referral: Referral, by: Any) -> None:
    actions.record_consent(referral, parts="B", how=ConsentHow.SIGNED, language="en", given_on=TODAY(), ends_on=TODAY(), by=by)


@pytest.mark.django_db
@pytest.mark.parametrize("happens", [give_away, hide])
@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ReferralState.DRAFT, lambda it, by: actions.save_draft(it, words=WORDS, by=by)),
        (ReferralState.DRAFT, lambda it, by: actions.ask_consent(it, parts="B", ends_on=TODAY(), by=by)),
        (ReferralState.DRAFT, consents),
        (ReferralState.DRAFT, lambda it, by: actions.submit(it, by=by)),
        (ReferralState.READY, lambda it, by: actions.download(it, by=by)),
        (ReferralState.READY, lambda it, by: actions.take_passphrase(it, by=by)),
    ],
)
def test_an_officer_whose_case_went_at_that_moment_goes_no_further(
    crew: Crew, happens: Callable[[Referral, Crew], None], state: ReferralState, step: Callable[[Referral, Any], object]
) -> None:
    referral = fresh(make_referral_in(state, crew=crew))
    assert referral.case.officer == crew.officer
    happens(referral, crew)
    with pytest.raises(NotAllowed):
        step(referral, crew.officer.actor)


# --- hidden is hidden from every act, whatever page it comes from ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "state", "step"),
    [
        ([Role.MANAGER], ReferralState.WAITING, lambda it, by: actions.approve(it, read_digest=read_digest(it), by=by)),
        ([Role.MANAGER], ReferralState.WAITING, lambda it, by: actions.return_with_reason(it, reason="Thin.", by=by)),
        ([Role.REFERRAL_OFFICER], ReferralState.SENT, lambda it, by: actions.withdraw(it, reason="Enough.", by=by)),
        ([Role.MANAGER], ReferralState.DRAFT, lambda it, by: actions.withdraw(it, reason="Enough.", by=by)),
        ([Role.REFERRAL_OFFICER], ReferralState.SENT, lambda it, by: actions.withdraw_consent(it, withdrawn_on=TODAY(), by=by)),
        ([Role.TRIAGE_LEAD], ReferralState.SENT, lambda it, by: actions.withdraw_consent(it, withdrawn_on=TODAY(), by=by)),
    ],
)
def test_nobody_acts_on_a_referral_of_a_case_that_is_hidden_from_them(
    crew: Crew, roles: list[Role], state: ReferralState, step: Callable[[Referral, Any], object]
) -> None:
    someone, referral = make_staff(*roles), make_referral_in(state, crew=crew)
    case_actions.restrict(fresh(referral).case, people=[someone], why=HiddenWhy.KNOWS, by=crew.lead.actor)
    with pytest.raises(NotAllowed):
        step(fresh(referral), someone.actor)
    assert fresh(referral).state == state


@pytest.mark.django_db
def test_any_officer_stops_a_draft_of_a_case_that_went_back_to_casework(crew: Crew) -> None:
    """They do not see it there any more; whoever hears the "no" records it all the same."""
    referral, lou = make_referral_in(ReferralState.DRAFT, crew=crew), make_staff(Role.REFERRAL_OFFICER)
    case_actions.send_back(fresh(referral).case, reason="A date differs.", by=crew.lead.actor)
    actions.withdraw_consent(fresh(referral), withdrawn_on=TODAY(), by=lou.actor)
    assert fresh(referral).state == ReferralState.WITHDRAWN
