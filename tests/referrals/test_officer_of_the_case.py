"""A referral is prepared by the officer of its case; stopping it and calling a file back wait for nobody in particular."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from cases import actions as case_actions
from cases import officers
from cases.models import Case, ErasurePlan
from cases.states import CaseState, CloseReason, ErasureWhy, HiddenWhy
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from referrals import actions
from referrals.models import ConsentRecord, Outcome, RecallNotice, Referral
from referrals.states import ConsentAct, HandedOver, OutcomeKind, ReferralState
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case_in
from tests.factories.referrals import WORDS, Crew, make_official, make_referral, make_referral_in, read_digest

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def lou(db: None) -> User:
    return make_staff(Role.REFERRAL_OFFICER, name="Lou")


def fresh(referral: Referral) -> Referral:
    return Referral.objects.select_related("case").get(pk=referral.pk)


def told(kind: str) -> set[int]:
    return {about.int for about in Notification.objects.filter(kind=kind).values_list("about_id", flat=True)}


# --- whoever begins has the case ---


def test_whoever_begins_the_referral_is_the_officer_of_the_case(crew: Crew) -> None:
    assert make_referral(crew=crew).case.officer == crew.officer


def test_another_officer_neither_begins_a_second_referral_nor_goes_on_with_the_first(crew: Crew, lou: User) -> None:
    referral = make_referral(crew=crew)
    actions.withdraw(referral, reason="Another official.", by=crew.officer.actor)
    with pytest.raises(NotAllowed, match="Another officer has this case"):
        actions.draft(referral.case, recipient=referral.recipient, language="en", by=lou.actor)
    assert fresh(referral).case.officer == crew.officer


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ReferralState.DRAFT, lambda it, by: actions.save_draft(it, words=WORDS, by=by)),
        (ReferralState.DRAFT, lambda it, by: actions.submit(it, by=by)),
        (ReferralState.DRAFT, lambda it, by: actions.ask_consent(it, parts="B", ends_on=TODAY(), by=by)),
        (ReferralState.WAITING, lambda it, by: actions.take_back(it, by=by)),
        (ReferralState.BUILD_FAILED, lambda it, by: actions.retry_build(it, by=by)),
        (ReferralState.READY, lambda it, by: actions.open_contents(it, by=by)),
        (ReferralState.READY, lambda it, by: actions.download(it, by=by)),
        (ReferralState.READY, lambda it, by: actions.take_passphrase(it, by=by)),
        (ReferralState.READY, lambda it, by: actions.hand_over(it, on=TODAY(), how=HandedOver.PORTAL, by=by)),
        (ReferralState.SENT, lambda it, by: actions.record_acknowledgement(it, on=TODAY(), by=by)),
        (ReferralState.SENT, lambda it, by: actions.revise(it, by=by)),
        (ReferralState.SENT, lambda it, by: actions.record_outcome(it, kind=OutcomeKind.ACCEPTED, on=TODAY(), by=by)),
    ],
)
def test_no_step_of_a_referral_is_another_officers(crew: Crew, lou: User, state: ReferralState, step: Any) -> None:
    referral = make_referral_in(state, crew=crew)
    with pytest.raises(NotAllowed):
        step(fresh(referral), lou.actor)
    assert fresh(referral).state == state


def test_who_takes_a_case_over_goes_on_with_its_referral(crew: Crew, lou: User) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    case_actions.give_to_officer(referral.case, to=lou, by=crew.officer.actor)
    actions.hand_over(fresh(referral), on=TODAY(), how=HandedOver.PORTAL, by=lou.actor)
    assert fresh(referral).state == ReferralState.SENT
    assert fresh(referral).responsible == lou
    with pytest.raises(NotAllowed):
        actions.record_acknowledgement(fresh(referral), on=TODAY(), by=crew.officer.actor)


def test_an_officer_whom_a_lead_let_in_reads_and_does_not_write(crew: Crew, lou: User) -> None:
    referral = make_referral_in(ReferralState.DRAFT, crew=crew)
    case_actions.break_glass(referral.case, reason="The office calls.", by=lou.actor)
    assert actions.open_contents(fresh(referral), by=lou.actor)
    assert AuditEvent.objects.filter(verb="audit.viewed", actor_id=lou.pk, case_id=referral.case_id).exists()
    with pytest.raises(NotAllowed):
        actions.save_draft(fresh(referral), words=WORDS, by=lou.actor)


# --- the second person ---


@pytest.mark.parametrize("state", [ReferralState.DRAFT, ReferralState.WAITING, ReferralState.READY])
def test_a_manager_reads_exactly_while_it_waits_and_on_record(crew: Crew, state: ReferralState) -> None:
    max_, referral = make_staff(Role.MANAGER), make_referral_in(state, crew=crew)
    if state is ReferralState.WAITING:
        actions.open_contents(fresh(referral), by=max_.actor)
    else:
        with pytest.raises(NotAllowed):
            actions.open_contents(fresh(referral), by=max_.actor)
    looks = AuditEvent.objects.filter(verb="audit.viewed", actor_id=max_.pk, case_id=referral.case_id)
    assert looks.count() == (3 if state is ReferralState.WAITING else 0)


def test_a_manager_from_whom_the_case_is_hidden_reads_nothing_that_waits(crew: Crew) -> None:
    max_, referral = make_staff(Role.MANAGER), make_referral_in(ReferralState.WAITING, crew=crew)
    case_actions.restrict(referral.case, people=[max_], why=HiddenWhy.KNOWS, by=crew.lead.actor)
    with pytest.raises(NotAllowed):
        actions.open_contents(fresh(referral), by=max_.actor)


def test_the_officer_of_the_case_never_approves_even_if_they_wrote_nothing(crew: Crew) -> None:
    both = make_staff(Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD)
    referral = make_referral_in(ReferralState.DRAFT, crew=crew)
    actions.submit(referral, by=crew.officer.actor)
    case_actions.give_to_officer(referral.case, to=both, by=crew.lead.actor)
    with pytest.raises(NotAllowed, match="officer of this case"):
        actions.approve(fresh(referral), read_digest=read_digest(fresh(referral)), by=both.actor)


def test_who_approved_does_not_become_the_officer_who_answers_for_it(crew: Crew) -> None:
    both = make_staff(Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD)
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    actions.approve(referral, read_digest=read_digest(referral), by=both.actor)
    with pytest.raises(NotPossible, match="cannot be the officer"):
        case_actions.give_to_officer(referral.case, to=both, by=crew.lead.actor)


def test_who_approved_does_not_take_what_the_officer_put_back(crew: Crew, lou: User) -> None:
    both = make_staff(Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD)
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    actions.approve(referral, read_digest=read_digest(referral), by=both.actor)
    case = case_actions.put_back_as_officer(Case.objects.get(pk=referral.case_id), by=crew.officer.actor)
    with pytest.raises(NotPossible, match="cannot be the officer"):
        case_actions.take_as_officer(case, by=both.actor)
    case_actions.take_as_officer(case, by=lou.actor)
    assert fresh(referral).case.officer == lou


def test_nothing_is_approved_while_nobody_answers_for_it(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    case_actions.restrict(referral.case, people=[crew.officer], why=HiddenWhy.KNOWS, by=crew.lead.actor)
    with pytest.raises(NotPossible, match="has no officer"):
        actions.approve(fresh(referral), read_digest=read_digest(fresh(referral)), by=crew.lead.actor)


# --- no withdrawal waits ---


@pytest.mark.parametrize("who", ["lou", "lead"])
def test_whoever_hears_that_consent_is_withdrawn_records_it(crew: Crew, lou: User, who: str) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    person = {"lou": lou, "lead": crew.lead}[who]
    actions.withdraw_consent(fresh(referral), withdrawn_on=TODAY(), note="On the telephone.", by=person.actor)
    assert fresh(referral).state == ReferralState.WITHDRAWN
    act = ConsentRecord.objects.about(referral).first()
    assert act is not None
    assert (act.act, act.recorded_by) == (ConsentAct.WITHDRAWN, person)
    assert fresh(referral).case.state == CaseState.OUTCOME
    assert RecallNotice.objects.waiting().count() == 1


@pytest.mark.parametrize("role", [Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD, Role.MANAGER])
def test_anybody_who_may_stop_a_referral_stops_one_that_an_office_has(crew: Crew, role: Role) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    actions.withdraw(fresh(referral), reason="The office was closed.", by=make_staff(role).actor)
    assert fresh(referral).case.state == CaseState.OUTCOME
    assert Outcome.objects.get().kind == OutcomeKind.WITHDRAWN


def test_a_recall_is_told_to_every_officer_who_may_know_and_to_leads_where_there_is_none(crew: Crew, lou: User) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    ivy = make_staff(Role.REFERRAL_OFFICER)
    case_actions.restrict(referral.case, people=[ivy], why=HiddenWhy.KNOWS, by=crew.lead.actor)
    actions.withdraw(fresh(referral), reason="Enough.", by=crew.lead.actor)
    assert told("referrals.recall_waits") == {crew.officer.pk, lou.pk}
    Notification.objects.all().delete()
    other = make_referral_in(ReferralState.SENT, crew=crew)
    User.objects.with_role(Role.REFERRAL_OFFICER).update(is_active=False)
    actions.withdraw(fresh(other), reason="Enough.", by=crew.lead.actor)
    assert told("referrals.recall_waits") == {crew.lead.pk}


@pytest.mark.parametrize("who", ["lou", "lead"])
def test_another_officer_or_a_lead_sends_a_recall_notice(staff_client: CarefulClient, crew: Crew, lou: User, who: str) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    actions.withdraw(fresh(referral), reason="Enough.", by=crew.lead.actor)
    notice = RecallNotice.objects.get()
    staff_client.force_login({"lou": lou, "lead": crew.lead}[who])
    address = f"/referrals/{referral.packet_id}/recall/{notice.pk}/"
    assert address in staff_client.get("/referrals/").content.decode()
    assert notice.packet.sha256 in staff_client.get(address).content.decode()
    assert staff_client.post(f"{address}sent/", {"on": TODAY(), "how": "email"}).headers["Location"] == address
    assert RecallNotice.objects.waiting().count() == 0
    assert address not in staff_client.get("/referrals/").content.decode()
    assert staff_client.post(f"{address}destroyed/", {"on": TODAY()}).status_code == 302


def test_a_file_is_called_back_also_for_somebody_who_wished_to_be_deleted(
    staff_client: CarefulClient, crew: Crew, lou: User
) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    actions.withdraw(fresh(referral), reason="They wished it.", by=crew.lead.actor)
    case = fresh(referral).case
    case_actions.close_case(case, close_reason=CloseReason.WITHDRAWN, reason="They wished it.", by=crew.lead.actor)
    ErasurePlan.objects.filter(case=case).update(why=ErasureWhy.WISH)
    address = f"/referrals/{referral.packet_id}/recall/{RecallNotice.objects.get().pk}/"
    for officer in (crew.officer, lou):
        staff_client.force_login(officer)
        assert staff_client.get(case.get_absolute_url()).status_code == 404
        assert staff_client.get(referral.get_absolute_url()).status_code == 404
        page = staff_client.get(address)
        assert page.status_code == 200
        assert referral.get_absolute_url() + '"' not in page.content.decode(), "it would lead to a page that is closed"
    assert staff_client.get(f"{address}sent/").status_code == 200
    assert staff_client.post(f"{address}sent/", {"on": TODAY(), "how": "email"}).status_code == 302


def test_nobody_calls_back_the_file_of_a_case_that_is_hidden_from_them(
    staff_client: CarefulClient, crew: Crew, lou: User
) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    actions.withdraw(fresh(referral), reason="Enough.", by=crew.lead.actor)
    case_actions.restrict(referral.case, people=[lou], why=HiddenWhy.KNOWS, by=crew.lead.actor)
    address = f"/referrals/{referral.packet_id}/recall/{RecallNotice.objects.get().pk}/"
    staff_client.force_login(lou)
    assert staff_client.get(address).status_code == 404
    assert staff_client.post(f"{address}sent/", {"on": TODAY(), "how": "email"}).status_code == 404
    assert referral.packet_id not in staff_client.get("/referrals/").content.decode()


# --- who hears ---


def test_a_returned_draft_is_told_to_the_officer_of_the_case_and_not_to_who_began_it(crew: Crew, lou: User) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    case_actions.give_to_officer(referral.case, to=lou, by=crew.lead.actor)
    actions.return_with_reason(fresh(referral), reason="Part D is thin.", by=crew.lead.actor)
    assert told("referrals.returned") == {lou.pk}


def test_a_case_that_is_ready_again_is_told_to_its_officer_alone(crew: Crew, lou: User) -> None:
    referral = make_referral(crew=crew)
    case = fresh(referral).case
    case_actions.send_back(case, reason="A date differs.", by=crew.lead.actor)
    assert fresh(referral).case.officer == crew.officer, "the draft is still theirs"
    Notification.objects.all().delete()
    case_actions.verify(case, by=crew.lead.actor)
    case_actions.mark_ready(case, by=crew.lead.actor)
    assert told("referrals.case_ready") == {crew.officer.pk}
    make_case_in(CaseState.READY, lead=crew.lead)
    assert told("referrals.case_ready") == {crew.officer.pk, lou.pk}


def test_the_end_of_the_last_draft_ends_that_a_case_in_casework_has_an_officer(crew: Crew) -> None:
    referral = make_referral(crew=crew)
    case_actions.send_back(fresh(referral).case, reason="A date differs.", by=crew.lead.actor)
    actions.withdraw(fresh(referral), reason="Not now.", by=crew.officer.actor)
    assert fresh(referral).case.officer is None


def test_a_draft_withdrawn_in_a_case_that_is_ready_leaves_it_with_its_officer(crew: Crew) -> None:
    referral = make_referral(crew=crew)
    actions.withdraw(referral, reason="Another official.", by=crew.officer.actor)
    assert fresh(referral).case.officer == crew.officer


# --- pages ---


def test_another_officer_sees_where_a_referral_stands_and_nothing_in_it(
    staff_client: CarefulClient, crew: Crew, lou: User
) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    staff_client.force_login(lou)
    text = staff_client.get(referral.get_absolute_url()).content.decode()
    assert "With the office" in text and "Eli" in text
    assert "G000123456" not in text and "Read what version" not in text and "Holds until" not in text
    assert "The person withdrew consent" in text and "Download the sealed file" not in text
    for page in ("read", "write", "consent", "consent/ask", "hand-over", "receipt", "answer"):
        assert staff_client.get(f"{referral.get_absolute_url()}{page}/").status_code == 403, page
    for page in ("submit", "take-back", "retry", "revise", "file", "passphrase"):
        assert staff_client.post(f"{referral.get_absolute_url()}{page}/").status_code == 403, page
    assert not AuditEvent.objects.filter(verb="audit.viewed", actor_id=lou.pk).exists()


def test_the_list_says_what_waits_for_an_officer_and_what_is_ones_own(
    staff_client: CarefulClient, crew: Crew, lou: User
) -> None:
    free, mine, theirs, left = (make_case_in(CaseState.READY, lead=crew.lead) for _ in range(4))
    case_actions.take_as_officer(mine, by=crew.officer.actor)
    case_actions.take_as_officer(theirs, by=lou.actor)
    make_referral(crew=crew, case=left)
    Case.objects.filter(pk=left.pk).update(officer=None)

    def buttons(person: User) -> dict[str, tuple[bool, bool, bool]]:
        staff_client.force_login(person)
        waiting = staff_client.get("/referrals/").context["waiting"]
        return {row.case.reference: (row.may_begin, row.may_take, row.may_give) for row in waiting}

    assert buttons(crew.officer) == {
        free.reference: (True, True, False),
        mine.reference: (True, False, False),
        left.reference: (False, True, False),
    }
    assert buttons(crew.lead) == {free.reference: (False, False, True), left.reference: (False, False, True)}
    assert buttons(make_staff(Role.MANAGER)) == {}


def test_what_waits_costs_the_same_number_of_queries_however_much_it_is(
    staff_client: CarefulClient, crew: Crew, django_assert_max_num_queries: Any
) -> None:
    official = make_official(crew=crew).recipient
    for _ in range(3):
        make_case_in(CaseState.READY, lead=crew.lead)
        case_actions.take_as_officer(make_case_in(CaseState.READY, lead=crew.lead), by=crew.officer.actor)
        make_referral(crew=crew, recipient=official)
        actions.withdraw(make_referral_in(ReferralState.SENT, crew=crew), reason="Enough.", by=crew.lead.actor)
    staff_client.force_login(crew.officer)
    with django_assert_max_num_queries(10):
        staff_client.get("/referrals/")


# --- the rows from before ---


def test_each_case_gets_the_officer_who_answers_for_its_referral(crew: Crew, lou: User) -> None:
    """The step that fills the column, on today's tables: the column that it reads of a referral is put there again first."""
    fill = importlib.import_module("referrals.migrations.0008_the_officer_of_a_referral_has_the_case")
    open_one, sent, over = (
        make_referral_in(state, crew=crew) for state in (ReferralState.DRAFT, ReferralState.SENT, ReferralState.WITHDRAWN)
    )
    passed_on, gone, hidden = (make_referral(crew=crew) for _ in range(3))
    left = make_staff(Role.REFERRAL_OFFICER)
    case_actions.give_to_officer(hidden.case, to=lou, by=crew.lead.actor)
    case_actions.restrict(hidden.case, people=[crew.officer], why=HiddenWhy.KNOWS, by=crew.lead.actor)
    never = make_case_in(CaseState.READY, lead=crew.lead)
    back, closed, begun_again = (make_referral_in(ReferralState.SENT, crew=crew) for _ in range(3))
    for one in (back, closed):
        actions.withdraw(one, reason="Enough.", by=crew.lead.actor)
    case_actions.close_case(fresh(closed).case, close_reason=CloseReason.HELPED, reason="Safe.", by=crew.lead.actor)
    Case.objects.filter(pk__in=[back.case_id, begun_again.case_id]).update(state=CaseState.IN_SUPPORT)
    Case.objects.update(officer=None)
    User.objects.filter(pk=left.pk).update(is_active=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked would stand in the way
        cursor.execute("ALTER TABLE referrals_referral ADD COLUMN officer_id bigint")
        cursor.execute("UPDATE referrals_referral SET officer_id = %s WHERE id = %s", [lou.pk, passed_on.pk])
        cursor.execute("UPDATE referrals_referral SET officer_id = %s WHERE id = %s", [left.pk, gone.pk])
    state = MigrationLoader(connection).project_state(
        [("referrals", "0007_acts_of_consent_stand_as_they_arrived"), ("cases", "0009_a_case_names_its_officer")]
    )
    fill.give_cases_their_officers(state.apps, None)
    officer = dict(Case.objects.values_list("pk", "officer"))
    assert officer[open_one.case_id] == officer[sent.case_id] == officer[over.case_id] == crew.officer.pk
    assert officer[passed_on.case_id] == lou.pk
    assert officer[closed.case_id] == officer[begun_again.case_id] == crew.officer.pk
    assert officer[back.case_id] is None, "its owner works on it again, and no referral is open"
    assert officer[gone.case_id] is officer[hidden.case_id] is officer[never.pk] is None
    assert apps.get_model("referrals", "Referral") is Referral
    assert officers.cases_held(lou.pk) == 1
