"""Every Celery task opens its own scope of data keys and forgets them when it ends, as a request does in `middleware.KeyScope`."""

from contextlib import ExitStack
from typing import Any

from celery.signals import setup_logging, task_postrun, task_prerun

from rainbowrail.crypto import datakeys

_open_scopes: dict[str, ExitStack] = {}


def connect() -> None:
    """Connect the signals once; called when Django is ready."""
    task_prerun.connect(_open, dispatch_uid="rainbowrail.web.tasks_scope.open")
    task_postrun.connect(_close, dispatch_uid="rainbowrail.web.tasks_scope.close")
    # A receiver of setup_logging keeps Celery from adding handlers that would bypass the allow-list of web.logs.
    setup_logging.connect(_keep_our_logs, dispatch_uid="rainbowrail.web.tasks_scope.logs")


def _open(*, task_id: str, **_: Any) -> None:
    stack = ExitStack()
    stack.enter_context(datakeys.scope())
    _open_scopes[task_id] = stack


def _close(*, task_id: str, **_: Any) -> None:
    stack = _open_scopes.pop(task_id, None)
    if stack is not None:
        stack.close()


def _keep_our_logs(**_: Any) -> None:
    """Django configured logging at start; there is nothing to add."""
