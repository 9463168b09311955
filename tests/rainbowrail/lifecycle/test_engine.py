"""The engine, on a small thing of its own: a lamp that is off, on, or broken."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models, transaction

from rainbowrail.actors import APPLICANT, Actor, ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.lifecycle import engine
from rainbowrail.lifecycle.diagram import mermaid
from rainbowrail.lifecycle.moves import Move

CLEO = Actor(ActorKind.STAFF, staff_id=1, roles=frozenset({"caseworker"}))


class Lamp(models.Model):
    state = models.CharField(max_length=10, default="off")
    keeper_id = models.IntegerField(null=True)

    class Meta:
        app_label = "lifecycle_tests"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="on") | models.Q(keeper_id__isnull=False), name="a_lit_lamp_has_a_keeper"
            )
        ]

    def __str__(self) -> str:
        return self.state

    def write_history(self, move: Move, left: str, by: Actor, reason: str) -> None:
        Line.objects.create(lamp_id=self.pk, move=move.name, left=left, reason=reason)


class Line(models.Model):
    lamp_id = models.IntegerField()
    move = models.CharField(max_length=10)
    left = models.CharField(max_length=10)
    reason = models.TextField()

    class Meta:
        app_label = "lifecycle_tests"

    def __str__(self) -> str:
        return self.move


def staff_only(by: Actor, lamp: Lamp) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotAllowed("Only staff may touch the lamp.")


LIGHT = Move("light", leaves=["off"], enters="on", may=staff_only, label="Light", verb=KernelVerb.ROLES_CHANGED)
SNUFF = Move("snuff", leaves=["on"], enters="off", may=staff_only, label="Snuff", needs_reason=True)
BREAK = Move("break", leaves=["off", "on"], enters="broken", may=staff_only, label="Break", needs_second=True)
MOVES = [LIGHT, SNUFF, BREAK]


@pytest.fixture(scope="module")
def _tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Lamp)
        editor.create_model(Line)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.delete_model(Lamp)
        editor.delete_model(Line)


@pytest.fixture
def lamp(_tables: None, db: None) -> Lamp:
    return Lamp.objects.create()


def test_a_move_writes_state_history_and_trail(lamp: Lamp) -> None:
    engine.move(lamp, LIGHT, by=CLEO, changes={"keeper_id": 1})
    lamp.refresh_from_db()
    assert (lamp.state, lamp.keeper_id) == ("on", 1)
    assert list(Line.objects.values_list("move", "left", "reason")) == [("light", "off", "")]
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id, event.thing_id) == ("accounts.roles_changed", 1, str(lamp.pk))
    assert event.detail == {"move": "light", "left": "off", "entered": "on"}


def test_the_thing_in_hand_is_brought_up_to_date(lamp: Lamp) -> None:
    returned = engine.move(lamp, LIGHT, by=CLEO, changes={"keeper_id": 1})
    assert (lamp.state, returned.state, lamp.keeper_id) == ("on", "on", 1)


def test_a_move_from_another_state_is_not_possible(lamp: Lamp) -> None:
    with pytest.raises(NotPossible, match="Snuff"):
        engine.move(lamp, SNUFF, by=CLEO, reason="late")
    assert not Line.objects.exists()


def test_the_row_counts_and_not_what_the_caller_believes(lamp: Lamp) -> None:
    stale = Lamp.objects.get(pk=lamp.pk)
    engine.move(lamp, BREAK, by=CLEO)
    with pytest.raises(NotPossible):
        engine.move(stale, LIGHT, by=CLEO, changes={"keeper_id": 1})


def test_the_wrong_person_may_not_and_nothing_is_written(lamp: Lamp) -> None:
    with pytest.raises(NotAllowed, match="Only staff"):
        engine.move(lamp, BREAK, by=APPLICANT)
    lamp.refresh_from_db()
    assert lamp.state == "off"
    assert not Line.objects.exists() and not AuditEvent.objects.exists()


def test_a_needed_reason_that_is_blank_is_missing(lamp: Lamp) -> None:
    engine.move(lamp, LIGHT, by=CLEO, changes={"keeper_id": 1})
    with pytest.raises(NotPossible, match="Say why"):
        engine.move(lamp, SNUFF, by=CLEO, reason="  ")


def test_changes_may_not_smuggle_a_state(lamp: Lamp) -> None:
    with pytest.raises(ValueError, match="state"):
        engine.move(lamp, BREAK, by=CLEO, changes={"state": "off"})


def test_a_constraint_that_ties_columns_to_the_state_holds_in_one_update(lamp: Lamp) -> None:
    with pytest.raises(Exception, match="a_lit_lamp_has_a_keeper"), transaction.atomic():
        engine.move(lamp, LIGHT, by=CLEO)
    assert not Line.objects.exists()


def test_buttons_are_the_moves_that_would_succeed(lamp: Lamp) -> None:
    assert engine.available(lamp, MOVES, by=CLEO) == [LIGHT, BREAK]
    assert engine.available(lamp, MOVES, by=APPLICANT) == []


def test_a_move_lists_the_states_it_leaves() -> None:
    with pytest.raises(ValueError, match="must list"):
        Move("odd", leaves="off", enters="on", may=staff_only, label="Odd")


def test_the_picture_has_an_arrow_for_every_pair_of_states() -> None:
    assert mermaid(MOVES, start="off") == (
        "stateDiagram-v2\n"
        "    [*] --> off\n"
        "    off --> on: light\n"
        "    on --> off: snuff\n"
        "    off --> broken: break (second person)\n"
        "    on --> broken: break (second person)\n"
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_press_at_once_one_is_told_it_is_done(_tables: None) -> None:
    lamp = Lamp.objects.create()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        try:
            engine.move(Lamp.objects.get(pk=lamp.pk), BREAK, by=CLEO)
            outcomes.append("done")
        except NotPossible:
            outcomes.append("not possible")
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes) == ["done", "not possible"]
    assert Line.objects.count() == 1
    Line.objects.all().delete()
    Lamp.objects.all().delete()
