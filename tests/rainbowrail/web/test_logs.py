"""Logs carry ids, counts and places in the code, whatever somebody tries to write."""

import io
import json
import logging
from collections.abc import Iterator
from uuid import UUID

import pytest
import structlog

from rainbowrail.web import logs

CANARY = "Adebayo Canary-7731"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the root handler writes, through the formatter of the running configuration."""
    (handler,) = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_named_key_is_written_and_any_other_is_dropped(written: io.StringIO) -> None:
    structlog.get_logger("rainbowrail").info("drained", count=3, case_id=UUID(int=5), name=CANARY, story=CANARY)
    (line,) = lines(written)
    assert line["event"] == "drained"
    assert line["count"] == 3
    assert line["case_id"] == "00000000-0000-0000-0000-000000000005"
    assert "name" not in line and CANARY not in written.getvalue()


def test_a_value_that_is_no_code_is_withheld(written: io.StringIO) -> None:
    logs.event("seen", state="“" + CANARY + "”\n", kind={"name": CANARY})
    (line,) = lines(written)
    assert (line["state"], line["kind"]) == (logs.WITHHELD, logs.WITHHELD)


def test_of_an_exception_type_and_place_are_written_and_never_its_words(written: io.StringIO) -> None:
    try:
        try:
            {}[CANARY]
        except KeyError as error:
            raise ValueError(f"cannot open {CANARY}") from error
    except ValueError as error:
        logs.failure("drain_failed", error, delivery_id=UUID(int=1))
    (line,) = lines(written)
    assert line["exception"] == ["builtins.ValueError", "builtins.KeyError"]
    assert any("test_logs.py:" in place for place in line["places"])  # type: ignore[union-attr]
    assert CANARY not in written.getvalue()


@pytest.mark.parametrize("name", ["django.request", "celery.app.trace", "gunicorn.error", "some.library"])
def test_a_line_of_a_library_keeps_no_argument(written: io.StringIO, name: str) -> None:
    logging.getLogger(name).error("could not serve %s to %s", f"/case/{CANARY}", CANARY)
    logging.getLogger(name).error("already filled in: " + CANARY)  # noqa: G003
    assert CANARY not in written.getvalue()
    assert [line["logger"] for line in lines(written)] == [name, name]


def test_an_exception_that_a_library_logs_keeps_no_message_and_no_locals(written: io.StringIO) -> None:
    try:
        raise RuntimeError(CANARY)
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", f"/{CANARY}", extra={"status_code": 500})
    (line,) = lines(written)
    assert line["exception"] == ["builtins.RuntimeError"]
    assert line["status_code"] == 500
    assert CANARY not in written.getvalue()


def test_a_celery_line_names_task_and_id(written: io.StringIO) -> None:
    facts = {"name": "intake.drain", "id": "9f0c", "description": "raised", "exc": CANARY}
    logging.getLogger("celery.app.trace").error("Task %(name)s[%(id)s] %(description)s: %(exc)s", facts)
    (line,) = lines(written)
    assert (line["task"], line["task_id"]) == ("intake.drain", "9f0c")
    assert line["event"] == "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    assert CANARY not in written.getvalue()


def test_nobody_is_mailed_a_traceback_and_no_request_line_is_printed() -> None:
    for name in ("django", "django.request", "django.server", "gunicorn.access"):
        kinds = {type(handler).__name__ for handler in logging.getLogger(name).handlers}
        assert not kinds & {"AdminEmailHandler", "StreamHandler"}
    assert logging.getLogger("gunicorn.access").propagate is False
