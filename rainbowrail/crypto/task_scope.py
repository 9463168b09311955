"""Around every Celery task a fresh scope of opened keys, forgotten when the task ends, however it ends."""

from contextlib import AbstractContextManager
from typing import Any

from celery.signals import task_postrun, task_prerun, worker_init
from django.core.exceptions import ImproperlyConfigured

from rainbowrail.crypto import checks, datakeys

_open: dict[str, AbstractContextManager[None]] = {}


def connect() -> None:
    """Hear Celery; calling it twice changes nothing."""
    task_prerun.connect(_enter, dispatch_uid="rainbowrail.crypto.task_scope")
    task_postrun.connect(_leave, dispatch_uid="rainbowrail.crypto.task_scope")
    worker_init.connect(_refuse_to_start, dispatch_uid="rainbowrail.crypto.checks")


def _enter(task_id: str = "", **_: Any) -> None:
    scope = datakeys.scope()
    scope.__enter__()
    _open[task_id] = scope


def _leave(task_id: str = "", **_: Any) -> None:
    scope = _open.pop(task_id, None)
    if scope is not None:
        scope.__exit__(None, None, None)


def _refuse_to_start(**_: Any) -> None:
    try:
        checks.refuse_to_start()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error  # Celery logs any other error of a listener, and starts all the same
