"""The panic plan: one person closes, a second vouches for the hosts, and two open again; the database repeats the rules."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.accounts.sessions import hash_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto.grants import STAFF
from rainbowrail.crypto.models import IntakeKey, StoreKey
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.lifecycle import engine
from rainbowrail.notifications.models import Notification
from rainbowrail.panic import actions, freeze, reminders, tasks, workflow
from rainbowrail.panic.models import Panic
from rainbowrail.panic.permissions import KEEPERS
from rainbowrail.panic.states import PanicState, WhyBegun, WhyEnded
from rainbowrail.roles import Role
from rainbowrail.web import exports
from tests.factories.accounts import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(dana: User) -> Panic:
    return actions.begin(WhyBegun.ACCOUNT, by=dana.actor, session_key="mine")


@pytest.fixture
def vouched(plan: Panic, hana: User) -> Panic:
    return actions.confirm_hosts(plan, by=hana.actor)


def session(key: str) -> None:
    StaffSession.objects.create(key_hash=hash_of(key))


@pytest.mark.parametrize("role", list(Role))
def test_leads_managers_and_administrators_begin_it_and_nobody_else(role: Role) -> None:
    by = make_staff(role).actor
    if role in KEEPERS:
        assert actions.begin(WhyBegun.DRILL, by=by, session_key="").state == PanicState.IN_FORCE
    else:
        with pytest.raises(NotAllowed):
            actions.begin(WhyBegun.DRILL, by=by, session_key="")
        assert not freeze.in_force()


def test_at_once_exports_freeze_sessions_end_and_everybody_who_holds_the_plan_is_told(
    dana: User, hana: User, cleo: User
) -> None:
    for key in ("mine", "my other window", "cleo"):
        session(key)
    exports.check_exports()
    plan = actions.begin(WhyBegun.OFFICE, by=dana.actor, session_key="mine")
    with pytest.raises(NotPossible, match="Nothing leaves the building"):
        exports.check_exports()
    assert list(StaffSession.objects.values_list("key_hash", flat=True)) == [hash_of("mine")]
    told = Notification.objects.filter(kind="panic.begun").values_list("about_id", flat=True)
    assert {about.int for about in told} == {dana.pk, hana.pk}
    line = AuditEvent.objects.get(verb="panic.begun")
    assert (line.actor_id, line.thing_id, line.case_id) == (dana.pk, str(plan.pk), None)
    assert line.detail == {"reason_code": "office", "count": 2}


def test_the_staff_role_may_do_all_of_it(dana: User, hana: User) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {STAFF}")
        session("cleo")
        plan = actions.begin(WhyBegun.ACCOUNT, by=dana.actor, session_key="")
        actions.confirm_hosts(plan, by=hana.actor)
        actions.ask_end(plan, why=WhyEnded.OVER, by=hana.actor)
        actions.end(plan, by=dana.actor)
        assert not freeze.in_force() and not StaffSession.objects.exists()


def test_there_is_one_plan_at_a_time(plan: Panic, hana: User) -> None:
    with pytest.raises(NotPossible, match="in force already"):
        actions.begin(WhyBegun.OTHER, by=hana.actor, session_key="")
    assert Panic.objects.count() == 1


def test_whoever_began_it_does_not_vouch_for_the_hosts(plan: Panic, dana: User, hana: User) -> None:
    with pytest.raises(NotAllowed, match="second person"):
        actions.confirm_hosts(plan, by=dana.actor)
    assert actions.confirm_hosts(plan, by=hana.actor).state == PanicState.HOSTS_OURS


def test_nothing_turns_and_nothing_is_to_be_turned_before_the_hosts_are_vouched_for(plan: Panic) -> None:
    before = list(IntakeKey.objects.values_list("id", "retired_on"))
    tasks.turn_pair()
    plan.refresh_from_db()
    assert plan.pair_turned_at is None and list(reminders.chores_of(plan)) == []
    assert list(IntakeKey.objects.values_list("id", "retired_on")) == before


def test_then_the_pair_turns_and_the_store_key_waits_for_the_operator(vouched: Panic) -> None:
    IntakeKey.objects.create(
        id="zz-next", public_key=b"x", fingerprint="f" * 64, created_on=timezone.localdate() + timedelta(days=1)
    )
    tasks.turn_pair()
    tasks.turn_pair()
    vouched.refresh_from_db()
    assert vouched.pair_turned_at is not None
    assert AuditEvent.objects.filter(verb="panic.pair_turned").count() == 1
    assert [chore.commands[0] for chore in reminders.chores_of(vouched)] == ["operate keys rotate store --folders /keys"]
    newest = StoreKey.objects.order_by("-id").first()
    assert newest is not None
    StoreKey.objects.create(id=newest.pk + 1, fingerprint="e" * 64, created_on=timezone.localdate())
    assert list(reminders.chores_of(vouched)) == []


def test_doctor_says_that_a_plan_is_in_force_and_what_it_waits_for(plan: Panic, hana: User) -> None:
    first = " ".join(reminders.complaints())
    assert "in force since" in first and "Nobody has confirmed" in first
    actions.confirm_hosts(plan, by=hana.actor)
    assert "keys rotate store" in " ".join(reminders.complaints())


def test_doctor_says_nothing_where_no_plan_ever_began() -> None:
    assert list(reminders.complaints()) == []


def test_it_cannot_end_before_somebody_vouched_for_the_hosts(plan: Panic, hana: User) -> None:
    with pytest.raises(NotPossible):
        actions.ask_end(plan, why=WhyEnded.FALSE_ALARM, by=hana.actor)


def test_it_is_ended_by_two_people(vouched: Panic, dana: User, hana: User) -> None:
    asked = actions.ask_end(vouched, why=WhyEnded.OVER, by=hana.actor)
    with pytest.raises(NotAllowed, match="second person"):
        actions.end(asked, by=hana.actor)
    assert freeze.in_force()
    assert actions.end(asked, by=dana.actor).state == PanicState.ENDED
    exports.check_exports()
    verbs = list(AuditEvent.objects.filter(verb__startswith="panic.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["panic.begun", "panic.hosts_confirmed", "panic.end_asked", "panic.ended"]


def test_asking_can_be_refused_and_taken_back(vouched: Panic, dana: User, hana: User) -> None:
    for who in (dana, hana):
        actions.ask_end(vouched, why=WhyEnded.OVER, by=hana.actor)
        kept = actions.keep(vouched, by=who.actor)
        assert (kept.state, kept.end_asked_by_id, kept.end_asked_at, kept.why_ended) == ("hosts_ours", None, None, "")


def test_after_it_ended_another_can_begin(vouched: Panic, dana: User, hana: User) -> None:
    actions.end(actions.ask_end(vouched, why=WhyEnded.DRILL_OVER, by=dana.actor), by=hana.actor)
    assert actions.begin(WhyBegun.TAKEN, by=hana.actor, session_key="").state == PanicState.IN_FORCE


@pytest.mark.parametrize("state", list(PanicState))
@pytest.mark.parametrize("move", workflow.MOVES, ids=lambda move: move.name)
def test_each_move_leaves_the_stages_of_the_table_and_no_other(
    state: PanicState, move: workflow.Move, dana: User, hana: User
) -> None:
    plan = Panic(state=state, begun_by=dana, end_asked_by=dana)
    assert (move in engine.available(plan, workflow.MOVES, by=hana.actor)) is (state in move.leaves)


@pytest.mark.parametrize(
    "change",
    [
        "hosts_confirmed_by_id = begun_by_id, hosts_confirmed_at = now()",
        "hosts_confirmed_at = now()",
        "state = 'hosts_ours'",
        "ended_at = now(), ended_by_id = begun_by_id, state = 'ended'",
        "state = 'ended'",
    ],
)
def test_the_database_refuses_what_the_rules_of_two_people_forbid(plan: Panic, change: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE panic_panic SET {change}")  # noqa: S608 - the sentences above


def test_the_words_in_mails_do_not_say_why(plan: Panic) -> None:
    assert not Notification.objects.exclude(reason_code="").exists()
