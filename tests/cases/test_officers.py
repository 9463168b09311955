"""The officer of the case: who becomes it, what the others see, and that no case is left with somebody who is not there."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cases import actions, need_to_know, officers, orphans
from cases.models import Case
from cases.need_to_know import Depth
from cases.states import CaseState, CloseReason, HiddenWhy
from rainbowrail.accounts import actions as accounts
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case, make_case_in
from tests.factories.evidence import with_file
from tests.rainbowrail.accounts.test_recent import let_ten_minutes_pass
from tests.rainbowrail.crypto import hostile

pytestmark = pytest.mark.django_db


@pytest.fixture
def lou(db: None) -> User:
    return make_staff(Role.REFERRAL_OFFICER, name="Lou", email="lou@example.org")


@pytest.fixture
def case(cleo: User, dana: User) -> Case:
    return make_case_in(CaseState.READY, owner=cleo, lead=dana)


def depth(case: Case, person: User) -> Depth:
    return need_to_know.depth_of(Case.objects.get(pk=case.pk), person.actor)


def told(kind: str) -> set[int]:
    return {about.int for about in Notification.objects.filter(kind=kind).values_list("about_id", flat=True)}


# --- taken and given ---


def test_an_officer_takes_a_case_that_nobody_has_and_the_others_see_where_it_stands(case: Case, eli: User, lou: User) -> None:
    assert depth(case, eli) is depth(case, lou) is Depth.CARD
    actions.take_as_officer(case, by=eli.actor)
    assert (case.officer, depth(case, eli), depth(case, lou)) == (eli, Depth.IDENTITY, Depth.OUTLINE)
    assert AuditEvent.objects.filter(verb="cases.officer_taken", actor_id=eli.pk, case_id=case.pk).count() == 1


def test_the_second_of_two_who_take_it_is_told(case: Case, eli: User, lou: User) -> None:
    as_both_saw_it = Case.objects.get(pk=case.pk)
    actions.take_as_officer(case, by=eli.actor)
    with pytest.raises(NotPossible, match="has an officer by now"):
        actions.take_as_officer(as_both_saw_it, by=lou.actor)
    assert Case.objects.get(pk=case.pk).officer == eli


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REFERRAL_OFFICER])
def test_nobody_else_takes_it(case: Case, role: Role) -> None:
    with pytest.raises(NotAllowed):
        actions.take_as_officer(case, by=make_staff(role).actor)


@pytest.mark.parametrize("state", [CaseState.RECEIVED, CaseState.IN_SUPPORT, CaseState.CLOSED])
def test_only_what_is_in_referral_is_taken(state: CaseState, eli: User, dana: User) -> None:
    with pytest.raises(NotAllowed):
        actions.take_as_officer(make_case_in(state, lead=dana), by=eli.actor)


@pytest.mark.parametrize("giver", ["eli", "dana"])
def test_the_officer_and_a_lead_give_it_to_another_who_is_told(
    case: Case, eli: User, lou: User, dana: User, giver: str
) -> None:
    actions.take_as_officer(case, by=eli.actor)
    by = {"eli": eli, "dana": dana}[giver]
    actions.give_to_officer(case, to=lou, by=by.actor)
    assert (depth(case, lou), depth(case, eli)) == (Depth.IDENTITY, Depth.OUTLINE)
    assert told("cases.officer_given") == {lou.pk}
    line = AuditEvent.objects.get(verb="cases.officer_given", case_id=case.pk)
    assert (line.actor_id, line.detail) == (by.pk, {"person": lou.pk})


def test_neither_another_officer_nor_the_owner_gives_it(case: Case, eli: User, lou: User, cleo: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    for person in (lou, cleo):
        with pytest.raises(NotAllowed):
            actions.give_to_officer(case, to=lou, by=person.actor)


def test_it_is_given_to_nobody_who_may_not_have_it(case: Case, eli: User, lou: User, cleo: User, dana: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    left = make_staff(Role.REFERRAL_OFFICER)
    User.objects.filter(pk=left.pk).update(is_active=False)
    actions.restrict(case, people=[lou], why=HiddenWhy.KNOWS, by=dana.actor)
    for person in (lou, left, cleo):
        with pytest.raises(NotPossible, match="cannot be the officer"):
            actions.give_to_officer(case, to=person, by=dana.actor)
    with pytest.raises(NotPossible, match="already"):
        actions.give_to_officer(case, to=eli, by=dana.actor)
    assert told("cases.officer_given") == set()


def test_an_officer_who_needs_anothers_case_asks_or_breaks_the_glass(case: Case, eli: User, lou: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    with pytest.raises(NotAllowed):
        actions.open_identity(case, by=lou.actor)
    actions.break_glass(case, reason="The office calls, and Eli is on a plane.", by=lou.actor)
    actions.open_identity(case, by=lou.actor)
    assert depth(case, lou) is Depth.IDENTITY
    assert AuditEvent.objects.filter(verb="cases.glass_broken", actor_id=lou.pk).count() == 1


def test_files_open_for_the_officer_of_the_case_alone(eli: User, lou: User, cleo: User, dana: User) -> None:
    picture = with_file(hostile.picture())
    case = Case.objects.get(help_request=picture.help_request_id)
    actions.claim(case, by=cleo.actor)
    actions.verify(case, by=cleo.actor)
    actions.mark_ready(case, by=dana.actor)
    for person in (eli, lou):
        with pytest.raises(NotAllowed):
            actions.list_files(case, by=person.actor)
    actions.take_as_officer(case, by=eli.actor)
    assert len(actions.list_files(case, by=eli.actor)) == 1
    with pytest.raises(NotAllowed):
        actions.list_files(case, by=lou.actor)


# --- when it ends ---


@pytest.mark.parametrize("back", [actions.send_back, actions.plan_support])
def test_a_case_that_goes_back_to_its_owner_needs_no_officer(case: Case, eli: User, cleo: User, back: object) -> None:
    actions.take_as_officer(case, by=eli.actor)
    back(case, reason="Not yet.", by=cleo.actor)  # type: ignore[operator]
    assert (case.officer, depth(case, eli)) == (None, Depth.NOTHING)
    assert AuditEvent.objects.filter(verb="cases.officer_released", case_id=case.pk).count() == 1


def test_a_closed_case_keeps_its_officer_only_when_something_left_the_building(cleo: User, dana: User, eli: User) -> None:
    for state, stays in ((CaseState.READY, False), (CaseState.OUTCOME, True)):
        case = make_case_in(state, owner=cleo, lead=dana)
        actions.take_as_officer(case, by=eli.actor)
        actions.close_case(case, close_reason=CloseReason.HELPED, reason="Safe.", by=dana.actor)
        assert (Case.objects.get(pk=case.pk).officer == eli) is stays
    actions.reopen(case, reason="They wrote again.", by=dana.actor)
    assert Case.objects.get(pk=case.pk).officer is None


def test_the_database_gives_no_officer_to_a_case_that_nobody_has_read(eli: User) -> None:
    with pytest.raises(IntegrityError, match="case_received_has_no_officer"), transaction.atomic():
        Case.objects.filter(pk=make_case().pk).update(officer=eli)


# --- nothing is left with somebody who is not there ---


def test_a_case_hidden_from_its_officer_goes_to_the_one_with_fewest(case: Case, eli: User, lou: User, dana: User) -> None:
    ivy = make_staff(Role.REFERRAL_OFFICER, name="Ivy")
    actions.take_as_officer(make_case_in(CaseState.READY, lead=dana), by=lou.actor)
    actions.take_as_officer(case, by=eli.actor)
    actions.restrict(case, people=[eli], why=HiddenWhy.KNOWS, by=dana.actor)
    assert Case.objects.get(pk=case.pk).officer == case.officer == ivy
    assert told("cases.officer_given") == {ivy.pk}
    assert depth(case, eli) is Depth.NOTHING


def test_an_officer_who_knows_the_person_gives_the_case_away_at_once(case: Case, eli: User, lou: User, dana: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    actions.declare_conflict(case, by=eli.actor)
    assert Case.objects.get(pk=case.pk).officer == lou


def test_without_anybody_to_follow_the_case_waits_and_the_leads_hear_what_comes(case: Case, eli: User, dana: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    actions.restrict(case, people=[eli], why=HiddenWhy.KNOWS, by=dana.actor)
    assert case.officer is None
    assert Case.objects.without_officer().filter(pk=case.pk).exists()
    assert officers.who_hears(case) == [dana.pk]


def test_while_the_officer_is_away_every_other_hears(case: Case, eli: User, lou: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    assert officers.who_hears(case) == [eli.pk]
    User.objects.filter(pk=eli.pk).update(is_active=False)
    assert officers.who_hears(case) == [lou.pk]
    assert orphans.officerless() == 1


def test_an_officer_leaves_with_empty_hands_only(case: Case, eli: User, lou: User, dana: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    with pytest.raises(NotPossible, match="Cases in referral: 1"):
        accounts.deactivate(eli, by=SYSTEM)
    with pytest.raises(NotPossible, match="can take this over"):
        actions.hand_over_everything(eli, heirs=[make_staff(Role.CASEWORKER)], by=dana.actor)
    actions.restrict(case, people=[lou], why=HiddenWhy.KNOWS, by=dana.actor)
    with pytest.raises(NotPossible, match="Not everything can go to them"):
        actions.hand_over_everything(eli, heirs=[lou], by=dana.actor)
    ivy = make_staff(Role.REFERRAL_OFFICER)
    assert actions.hand_over_everything(eli, heirs=[lou, ivy], by=dana.actor) == {"officer": 1}
    assert Case.objects.get(pk=case.pk).officer == ivy
    assert told("cases.cases_given") == {ivy.pk}
    accounts.deactivate(eli, by=SYSTEM)
    assert orphans.officerless() == 0


# --- pages ---


def test_the_page_names_the_officer_and_leads_to_another(
    staff_client: CarefulClient, case: Case, eli: User, lou: User, dana: User
) -> None:
    staff_client.force_login(eli)
    assert "Take it as its officer" in staff_client.get(case.get_absolute_url()).content.decode()
    answer = staff_client.post(f"/cases/{case.reference}/officer/take/", follow=True)
    text = answer.content.decode()
    assert "You are the officer of this case now." in text
    assert "Give to another officer" in text and "Take it as its officer" not in text
    staff_client.force_login(dana)
    assert "<dt>Referral officer</dt><dd><bdi>Eli</bdi></dd>" in staff_client.get(case.get_absolute_url()).content.decode()
    assert staff_client.post(f"/cases/{case.reference}/officer/", {"to": lou.pk}).status_code == 302
    assert Case.objects.get(pk=case.pk).officer == lou
    staff_client.force_login(eli)
    page = staff_client.get(case.get_absolute_url())
    assert "cases/card.html" in {template.name for template in page.templates}
    assert "Closed to you" in page.content.decode() and "Ask to open it" in page.content.decode()
    assert staff_client.post(f"/cases/{case.reference}/officer/take/").status_code == 409
    assert staff_client.get(f"/cases/{case.reference}/officer/").status_code == 403
    assert staff_client.get(f"/cases/{case.reference}/officer/take/").status_code == 405


def test_taking_and_giving_ask_for_both_factors_again(
    staff_client: CarefulClient, case: Case, eli: User, lou: User, dana: User
) -> None:
    for person, address, body in ((eli, "officer/take/", {}), (dana, "officer/", {"to": lou.pk})):
        staff_client.force_login(person)
        let_ten_minutes_pass(staff_client)
        answer = staff_client.post(f"/cases/{case.reference}/{address}", body)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("account_confirm"))
        assert Case.objects.get(pk=case.pk).officer is None


def test_an_officer_puts_a_case_back_and_it_waits_for_one_again(
    staff_client: CarefulClient, case: Case, eli: User, lou: User
) -> None:
    actions.take_as_officer(case, by=eli.actor)
    address = f"/cases/{case.reference}/officer/put-back/"
    staff_client.force_login(lou)
    assert address not in staff_client.get(case.get_absolute_url()).content.decode()
    assert staff_client.post(address).status_code == 403
    staff_client.force_login(eli)
    assert address in staff_client.get(case.get_absolute_url()).content.decode()
    answer = staff_client.post(address, follow=True)
    assert "waits for an officer again" in answer.content.decode()
    assert "Take it as its officer" in answer.content.decode()
    assert (depth(case, eli), depth(case, lou)) == (Depth.CARD, Depth.CARD)
    line = AuditEvent.objects.get(verb="cases.officer_released", case_id=case.pk)
    assert (line.actor_id, line.detail) == (eli.pk, {"person": eli.pk})


@pytest.mark.parametrize("who", ["dana", "cleo", "eli"])
def test_nobody_puts_back_what_is_not_theirs(case: Case, lou: User, who: str, request: pytest.FixtureRequest) -> None:
    actions.take_as_officer(case, by=lou.actor)
    with pytest.raises(NotAllowed):
        actions.put_back_as_officer(case, by=request.getfixturevalue(who).actor)
    assert depth(case, lou) is Depth.IDENTITY


def test_what_no_officer_could_take_from_there_is_not_put_back(case: Case, eli: User) -> None:
    actions.take_as_officer(case, by=eli.actor)
    Case.objects.filter(pk=case.pk).update(state=CaseState.IN_SUPPORT)  # as with a referral that is open
    with pytest.raises(NotPossible, match="not in referral any more"):
        actions.put_back_as_officer(Case.objects.get(pk=case.pk), by=eli.actor)


def test_who_is_given_a_case_that_is_hidden_from_them_is_not(
    staff_client: CarefulClient, case: Case, lou: User, dana: User
) -> None:
    actions.restrict(case, people=[lou], why=HiddenWhy.KNOWS, by=dana.actor)
    staff_client.force_login(dana)
    answer = staff_client.post(f"/cases/{case.reference}/officer/", {"to": lou.pk})
    assert answer.status_code == 409
    assert "cannot be the officer" in answer.content.decode()
    assert told("cases.officer_given") == set()


def test_the_officer_sees_who_opened_the_case_and_the_other_does_not(
    staff_client: CarefulClient, case: Case, eli: User, lou: User, dana: User
) -> None:
    actions.take_as_officer(case, by=eli.actor)
    staff_client.force_login(dana)
    staff_client.get(case.get_absolute_url())
    staff_client.force_login(eli)
    assert "Dana" in {line.who for line in staff_client.get(f"/cases/{case.reference}/seen/").context["lines"]}
    assert case.reference in staff_client.get("/trail/my-cases/").content.decode()
    assert f"/cases/{case.reference}/seen/" in staff_client.get(case.get_absolute_url()).content.decode()
    staff_client.force_login(lou)
    assert staff_client.get(f"/cases/{case.reference}/seen/").status_code == 403


def test_the_queue_says_whose_it_is_and_mine_holds_what_one_is_the_officer_of(
    staff_client: CarefulClient, case: Case, eli: User, lou: User
) -> None:
    actions.take_as_officer(case, by=eli.actor)
    staff_client.force_login(lou)
    text = staff_client.get("/").content.decode()
    assert case.reference in text and "officer: <bdi>Eli</bdi>" in text and "Closed to you" in text
    assert case.reference not in staff_client.get("/?whose=mine").content.decode()
    staff_client.force_login(eli)
    assert case.reference in staff_client.get("/?whose=mine").content.decode()


def test_what_an_officer_has_and_what_nobody_has_is_found_by_an_index(eli: User) -> None:
    """A handful of rows is planned for as a whole table, so that scanning it is switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        mine, nobodys = Case.objects.filter(officer=eli).explain(), Case.objects.without_officer().explain()
    assert "case_of_officer" in mine, mine
    assert "case_without_officer" in nobodys, nobodys


def test_a_notice_to_the_new_officer_is_about_a_person_and_names_no_case(case: Case, eli: User, dana: User) -> None:
    actions.give_to_officer(case, to=eli, by=dana.actor)
    assert Notification.objects.get(kind="cases.officer_given").about_id == to_person(eli.pk)
