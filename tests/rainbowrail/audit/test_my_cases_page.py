"""Who opened my cases: looks of others at what is mine now, and the words in which any line is told."""

import pytest

from cases import actions as cases
from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.actors import APPLICANT, SYSTEM
from rainbowrail.audit.kinds import Kind, kind_of
from rainbowrail.audit.lines import lines_of
from rainbowrail.audit.record import record, record_view
from rainbowrail.audit.verbs import KernelVerb, every_verb
from tests.clients import CarefulClient
from tests.factories.cases import make_case_in

pytestmark = pytest.mark.django_db
PAGE = "/trail/my-cases/"


def test_an_owner_sees_who_else_opened_their_cases(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    mine = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    theirs = make_case_in(CaseState.IN_REVIEW)
    for case in (mine, theirs):
        record_view(case, compartment="story", by=dana.actor, case_id=case.pk)
    record_view(mine, compartment="identity", by=cleo.actor, case_id=mine.pk)
    staff_client.force_login(cleo)
    response = staff_client.get(PAGE)
    assert [(line.event.case_id, line.who) for line in response.context["lines"]] == [(mine.pk, "Dana")]
    assert f"/cases/{mine.reference}/seen/" in response.content.decode()


def test_a_case_that_was_given_away_is_shown_to_whom_it_belongs_now(
    staff_client: CarefulClient, cleo: User, dana: User, hana: User
) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    record_view(case, compartment="story", by=hana.actor, case_id=case.pk)
    cases.assign(case, to=dana, by=cleo.actor)
    for person, lines in ((cleo, 0), (dana, 1)):
        staff_client.force_login(person)
        shown = [line for line in staff_client.get(PAGE).context["lines"] if line.event.actor_id == hana.pk]
        assert len(shown) == lines


def test_a_case_that_is_hidden_from_its_owner_is_not_shown_to_them(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo)
    record_view(case, compartment="story", by=dana.actor, case_id=case.pk)
    cases.declare_conflict(case, by=cleo.actor)
    staff_client.force_login(cleo)
    assert not staff_client.get(PAGE).context["lines"]


@pytest.mark.parametrize("person", ["eli", "fay", "gus"])
def test_whoever_has_no_case_reads_what_would_stand_there(
    staff_client: CarefulClient, person: str, request: pytest.FixtureRequest
) -> None:
    staff_client.force_login(request.getfixturevalue(person))
    assert "Nobody else has opened a case of yours" in staff_client.get(PAGE).content.decode()


def test_lines_name_applicants_the_system_and_people_who_have_left(cleo: User, dana: User) -> None:
    events = [record(KernelVerb.VIEWED, by=actor) for actor in (APPLICANT, SYSTEM, cleo.actor, dana.actor)]
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    User.objects.filter(pk=dana.pk).delete()
    assert [line.actor for line in lines_of(events)] == ["Applicant", "The system", "Cleo (has left)", "Former staff"]


def test_details_are_told_in_words(cleo: User, dana: User) -> None:
    event = record(KernelVerb.ROLES_CHANGED, by=cleo.actor, detail={"roles": "auditor,caseworker", "person": dana.pk})
    (line,) = lines_of([event])
    assert line.detail == [("roles", "Auditor, Caseworker"), ("person", "Dana")]


def test_every_verb_has_its_kind() -> None:
    by_kind = {kind: [verb for verb in every_verb() if kind_of(verb) is kind] for kind in Kind}
    assert {kind for kind, verbs in by_kind.items() if not verbs} == set()
    assert {"cases.file_downloaded", "referrals.downloaded", "referrals.passphrase_shown", "audit.trail_exported"} <= set(
        by_kind[Kind.OUT]
    )
    assert {"audit.viewed", "cases.identity_opened", "cases.queue_viewed", "cases.file_shown"} <= set(by_kind[Kind.LOOK])
    assert {"cases.glass_broken", "cases.access_asked"} <= set(by_kind[Kind.GLASS])
    assert {"accounts.sign_in_failed", "accounts.signed_in"} <= set(by_kind[Kind.SIGN_IN])
