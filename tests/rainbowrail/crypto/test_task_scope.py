import uuid
from pathlib import Path

import pytest
from celery import Celery
from celery.signals import worker_init
from django.test import override_settings

from rainbowrail.crypto import datakeys, task_scope
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.settings.env import Process

seen: list[object] = []


@pytest.fixture
def tasks() -> Celery:
    app = Celery("test", set_as_current=False)
    app.conf.task_always_eager = True
    task_scope.connect()
    seen.clear()
    return app


def test_a_task_starts_with_an_empty_scope_and_leaves_none_behind(tasks: Celery) -> None:
    person = uuid.uuid4()

    @tasks.task(name="test.opens_a_key")
    def opens_a_key() -> None:
        seen.append(datakeys._held(person, Compartment.STORY))
        datakeys.generate(person, Compartment.STORY)
        seen.append(datakeys._scope.get())

    with datakeys.scope():
        outer = datakeys._scope.get()
        opens_a_key.delay()
        opens_a_key.delay()
        assert datakeys._scope.get() is outer

    first_found, first_scope, second_found, second_scope = seen
    assert first_found is second_found is None
    assert first_scope is not second_scope
    assert not first_scope.by_id
    assert not task_scope._open


def test_a_task_that_fails_leaves_no_keys_behind_either(tasks: Celery) -> None:
    @tasks.task(name="test.fails")
    def fails() -> None:
        datakeys.generate(uuid.uuid4(), Compartment.STORY)
        seen.append(datakeys._scope.get())
        raise RuntimeError

    fails.delay()

    assert not seen[0].by_id
    assert not task_scope._open


def test_a_task_called_inside_a_task_has_its_own_scope(tasks: Celery) -> None:
    person = uuid.uuid4()

    @tasks.task(name="test.inner")
    def inner() -> None:
        seen.append(datakeys._held(person, Compartment.STORY))

    @tasks.task(name="test.outer")
    def outer() -> None:
        key = datakeys.generate(person, Compartment.STORY)
        inner.delay()
        seen.append(datakeys.held(person, Compartment.STORY) is key)

    outer.delay()

    assert seen == [None, True]


def test_a_worker_with_wrong_keys_does_not_start(tmp_path: Path) -> None:
    task_scope.connect()

    with (
        override_settings(KEYS_DIR=tmp_path, PROCESS=Process.WORKER, SECRET_KEY="c" * 60),
        pytest.raises(SystemExit, match="“intake”"),
    ):
        worker_init.send(sender="test")
