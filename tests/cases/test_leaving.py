"""What somebody leaves behind goes to others in one action, and nobody leaves before: nothing belongs to nobody."""

import pytest

from cases import actions, leaving, orphans
from cases.models import AccessRequest, Case, Slot
from cases.states import CaseState, HiddenWhy
from rainbowrail.accounts import actions as accounts
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from referrals import orphans as referrals
from referrals.models import Referral
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import book_now, make_case_in
from tests.factories.referrals import Crew, make_referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(dana: User) -> User:
    """Somebody of every working role, with three cases, a referral, a time and a case of others that is open to them."""
    person = make_staff(Role.CASEWORKER, Role.REFERRAL_OFFICER, Role.VOLUNTEER, name="Luz")
    for _ in range(3):
        make_case_in(CaseState.IN_REVIEW, owner=person, lead=dana)
    make_referral(crew=Crew.new(officer=person, lead=dana), case=make_case_in(CaseState.READY, lead=dana))
    book_now(person, by=dana)
    actions.break_glass(make_case_in(CaseState.IN_REVIEW, lead=dana), reason="Now.", by=person.actor)
    return person


def test_everything_goes_to_several_people_evenly(leaver: User, cleo: User, dana: User, eli: User) -> None:
    ivo = make_staff(Role.CASEWORKER)
    numbers = actions.hand_over_everything(leaver, heirs=[cleo, ivo, eli], by=dana.actor)
    assert numbers == {"cases": 3, "officer": 1, "slots": 1, "access": 1}
    assert sorted(Case.objects.waiting().filter(owner=one).count() for one in (cleo, ivo)) == [1, 2]
    assert Referral.objects.get().responsible == Referral.objects.get().case.officer == eli
    assert Referral.objects.get().drafted_by == leaver
    assert Slot.objects.get().is_over and not AccessRequest.objects.get().is_open
    assert {estate.holding.count(leaver.pk) for estate in leaving.estates()} == {0}
    assert list(orphans.complaints()) == list(referrals.complaints()) == []
    told = Notification.objects.filter(kind="cases.cases_given").values_list("about_id", flat=True)
    assert {about.int for about in told} == {cleo.pk, ivo.pk, eli.pk}
    assert AuditEvent.objects.filter(verb="cases.handed_over", actor_id=dana.pk).count() == 3
    accounts.deactivate(leaver, by=SYSTEM)
    assert list(orphans.complaints()) == list(referrals.complaints()) == []


def test_nobody_is_given_a_case_that_is_hidden_from_them(leaver: User, cleo: User, dana: User, eli: User) -> None:
    hidden = Case.objects.waiting().filter(owner=leaver).most_urgent_first()[0]
    actions.restrict(hidden, people=[cleo], why=HiddenWhy.KNOWS, by=dana.actor)
    with pytest.raises(NotPossible, match="Not everything can go to them"):
        actions.hand_over_everything(leaver, heirs=[cleo, eli], by=dana.actor)
    assert Case.objects.waiting().filter(owner=leaver).count() == 3
    actions.hand_over_everything(leaver, heirs=[cleo, dana, eli], by=dana.actor)
    assert Case.objects.get(pk=hidden.pk).owner == dana


def test_what_is_hidden_from_who_hands_over_and_from_the_heirs_goes_to_several_leads(
    leaver: User, cleo: User, dana: User, eli: User
) -> None:
    leads = [make_staff(Role.TRIAGE_LEAD, name=name) for name in ("Uma", "Vic", "Wes")]
    for case in list(Case.objects.waiting().filter(owner=leaver)):
        actions.restrict(case, people=[cleo, dana], why=HiddenWhy.KNOWS, by=leads[0].actor)
    actions.hand_over_everything(leaver, heirs=[cleo, eli], by=dana.actor)
    assert [Case.objects.waiting().filter(owner=lead).count() for lead in leads] == [1, 1, 1]


def test_each_thing_needs_somebody_who_may_hold_it(leaver: User, cleo: User, dana: User) -> None:
    with pytest.raises(NotPossible, match="Cases in referral"):
        actions.hand_over_everything(leaver, heirs=[cleo], by=dana.actor)
    assert Case.objects.waiting().filter(owner=leaver).count() == 3
    with pytest.raises(NotPossible, match="colleagues who stay"):
        actions.hand_over_everything(leaver, heirs=[leaver], by=dana.actor)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REFERRAL_OFFICER, Role.MANAGER, Role.AUDITOR])
def test_others_hand_nothing_over(role: Role, leaver: User, dana: User, staff_client: CarefulClient) -> None:
    who = make_staff(role)
    with pytest.raises(NotAllowed):
        actions.hand_over_everything(leaver, heirs=[dana], by=who.actor)
    staff_client.force_login(who)
    assert staff_client.get(f"/hand-over/{leaver.pk}/").status_code == 403


def test_an_account_closes_and_a_role_goes_only_with_empty_hands(cleo: User, dana: User) -> None:
    make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=dana)
    with pytest.raises(NotPossible, match="Open cases: 1"):
        accounts.deactivate(cleo, by=SYSTEM)
    with pytest.raises(NotPossible, match="Open cases: 1"):
        accounts.change_roles(cleo, roles=[Role.AUDITOR], by=SYSTEM)
    accounts.change_roles(cleo, roles=[Role.CASEWORKER, Role.AUDITOR], by=SYSTEM)
    assert User.objects.get(pk=cleo.pk).is_active


def test_the_only_lead_who_sees_a_case_cannot_leave(dana: User) -> None:
    other = make_staff(Role.TRIAGE_LEAD)
    case = make_case_in(CaseState.IN_REVIEW, lead=dana)
    actions.restrict(case, people=[other], why=HiddenWhy.KNOWS, by=dana.actor)
    with pytest.raises(NotPossible, match="no other lead sees: 1"):
        accounts.deactivate(dana, by=SYSTEM)
    accounts.deactivate(other, by=SYSTEM)


def test_the_doctor_finds_what_belongs_to_nobody(cleo: User, dana: User) -> None:
    make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=dana)
    referral = make_referral(crew=Crew.new(lead=dana), case=make_case_in(CaseState.READY, lead=dana))
    assert list(orphans.complaints()) == list(referrals.complaints()) == []
    User.objects.filter(pk__in=[cleo.pk, referral.drafted_by_id]).update(is_active=False)
    assert orphans.ownerless() == 1
    assert orphans.officerless() == 1
    Case.objects.filter(pk=referral.case_id).update(officer=None)
    assert orphans.officerless() == 0
    assert len(list(referrals.complaints())) == 1
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert orphans.unseen() == Case.objects.waiting().count()


def test_the_page_says_how_much_it_is_and_one_button_gives_it(
    leaver: User, cleo: User, dana: User, eli: User, staff_client: CarefulClient
) -> None:
    staff_client.force_login(dana)
    assert "Luz" in staff_client.get("/hand-over/").content.decode()
    text = staff_client.get(f"/hand-over/{leaver.pk}/").content.decode()
    assert "Open cases" in text and "Cases in referral" in text and "nobody takes these over" in text
    assert staff_client.post(f"/hand-over/{leaver.pk}/", {"heirs": [cleo.pk]}).status_code == 409
    answer = staff_client.post(f"/hand-over/{leaver.pk}/", {"heirs": [cleo.pk, eli.pk]}, follow=True)
    assert "Nothing is left with them" in answer.content.decode()


def test_a_closed_case_of_somebody_who_left_is_reopened_by_who_reopens_it(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    accounts.deactivate(cleo, by=SYSTEM)
    assert actions.reopen(Case.objects.get(pk=case.pk), reason="They wrote again.", by=dana.actor).owner == dana
