"""Somebody else filed: the person's own consent is the next step until they give it, on their page or by word of mouth."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases import actions as case_actions
from cases.filed_for import FiledFor
from cases.models import Case
from cases.states import NextStep
from rainbowrail.accounts.models import User
from referrals import actions
from referrals.casefile import ConsentHow
from referrals.models import Referral
from tests.clients import CarefulClient
from tests.factories.cases import CALM, make_help_request
from tests.factories.referrals import ABROAD, Crew, make_referral

pytestmark = pytest.mark.django_db


def filed_by_a_friend(owner: User, answers: dict[str, Any] = CALM) -> Case:
    case = case_actions.open_case(make_help_request({**answers, "submitter": "friend"}))
    case_actions.claim(case, by=owner.actor)
    return case


def in_referral(owner: User) -> tuple[Crew, Referral]:
    crew, case = Crew.new(), filed_by_a_friend(owner, ABROAD)
    case_actions.verify(case, by=owner.actor)
    assert case.next_step == NextStep.PLAN
    case_actions.mark_ready(case, by=crew.lead.actor)
    return crew, make_referral(crew=crew, case=case)


def consents(referral: Referral, crew: Crew) -> None:
    today = timezone.localdate()
    actions.record_consent(
        referral,
        parts=["B"],
        how=ConsentHow.RECORDED_ORAL,
        language="en",
        given_on=today,
        ends_on=today + timedelta(days=30),
        by=crew.officer.actor,
    )


def step_of(case: Case) -> str:
    return Case.objects.values_list("next_step", flat=True).get(pk=case.pk)


def test_taking_the_case_makes_it_the_next_step_in_the_queue_and_on_the_case(staff_client: CarefulClient, cleo: User) -> None:
    case = filed_by_a_friend(cleo)
    staff_client.force_login(cleo)
    assert step_of(case) == NextStep.OWN_CONSENT
    for page in ("/", f"/cases/{case.reference}/"):
        assert "Get the person’s own consent" in staff_client.get(page).content.decode()


def test_who_wrote_themself_is_not_asked_for_it(cleo: User) -> None:
    case = case_actions.open_case(make_help_request(CALM))
    case_actions.claim(case, by=cleo.actor)
    assert step_of(case) == NextStep.CHECK


def test_a_consent_by_word_of_mouth_clears_it(cleo: User) -> None:
    crew, referral = in_referral(cleo)
    case = referral.case
    assert step_of(case) == NextStep.OWN_CONSENT and FiledFor.of(case) is not None
    consents(referral, crew)
    assert step_of(case) == NextStep.PREPARE_REFERRAL and FiledFor.of(case) is None


def test_a_consent_that_was_withdrawn_is_missing_again(cleo: User) -> None:
    crew, referral = in_referral(cleo)
    consents(referral, crew)
    actions.withdraw_consent(referral, withdrawn_on=timezone.localdate(), by=crew.officer.actor)
    assert FiledFor.of(referral.case) is not None


def test_another_step_that_somebody_chose_meanwhile_stays(cleo: User) -> None:
    crew, referral = in_referral(cleo)
    case_actions.set_next_step(referral.case, step=NextStep.CONTACT, on=timezone.localdate(), by=crew.lead.actor)
    consents(referral, crew)
    assert step_of(referral.case) == NextStep.CONTACT
