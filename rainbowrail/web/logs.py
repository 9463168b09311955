"""Logs through an allow-list: what is not named here is not written. Ids and counts only, whatever a library wants to say.

Of an exception its type and its places in the code are written, never the message, the arguments or the locals: those can carry
what a person typed. Of a line that Django, Celery or gunicorn writes, the fixed template is written without what fills it.
Decision 0024.
"""

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

import structlog

ALLOWED_KEYS = frozenset(
    {
        "about_id", "attempt", "band", "bytes", "case_id", "cause", "channel", "count", "delivery_id", "door", "event",
        "exception", "exit_code", "intake_key_id", "kind", "level", "logger", "milliseconds", "move", "notification_id",
        "place", "places", "policy", "port", "process", "queue", "reason_code", "referral_id", "row_id", "seconds",
        "state", "status", "status_code", "step", "task", "task_id", "template", "timestamp", "tries", "verb",
        "version", "view", "waiting",
    }
)  # fmt: skip
# Loggers whose fixed templates are known to hold no data. Any other library's words are withheld; its place in the code is not.
KNOWN_TEMPLATES = ("celery", "django", "gunicorn", "kombu", "rainbowrail", "whitenoise")
WITHHELD = "(withheld)"
SERVING = ("public", "staff", "worker")
_CODE = re.compile(r"[\w ./:<>,+%()\[\]{}'-]{0,200}")
_HERE = Path(__file__).resolve().parents[2]

_log = structlog.stdlib.get_logger("rainbowrail")


def event(name: str, **facts: object) -> None:
    """Write one line that nothing needs attention for."""
    _log.info(name, **facts)


def failure(name: str, error: BaseException, **facts: object) -> None:
    """Write one line about an exception: its type and where it came from."""
    _log.error(name, exc_info=error, **facts)


def allow_list(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: drop every key that is not allowed and every value that is not an id, a number or a code."""
    exc_info = line.pop("exc_info", None)
    described = _exception_of(exc_info)
    kept = {key: _safe(value) for key, value in {**line, **described}.items() if key in ALLOWED_KEYS}
    return {key: value for key, value in kept.items() if value is not None}


def describe_stdlib(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor for lines of other libraries: the template without what fills it, and the place that wrote it."""
    record: logging.LogRecord = line["_record"]
    filling = line.get("positional_args")
    facts: dict[str, Any] = {
        "timestamp": line.get("timestamp"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _template_of(record) if filling else WITHHELD,
        "place": f"{_short(record.pathname)}:{record.lineno}",
        "exc_info": record.exc_info,
        "status_code": getattr(record, "status_code", None),
    }
    if isinstance(filling, Mapping) and record.name.startswith("celery."):
        facts |= {"task": filling.get("name"), "task_id": filling.get("id")}
    return {**facts, "_record": record, "_from_structlog": False}


def configure(config: Mapping[str, Any]) -> None:
    """Send every line of this process through the allow-list to standard error.

    `config` has `level`, the lowest written, and `process`, which process this is.

    Replaces Django's own handlers: no traceback is mailed to anybody, and no request line with its path is printed.
    """
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            stamp,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [stamp, describe_stdlib],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            allow_list,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        "pass_foreign_args": True,
        "keep_exc_info": False,
    }
    quiet = {"handlers": [], "propagate": True}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"allow_list": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "allow_list"}},
            "root": {"handlers": ["stderr"], "level": config.get("level", "INFO")},
            "loggers": {
                "django": quiet,
                "django.server": quiet,
                "celery": quiet,
                "gunicorn.error": quiet,
                # One line a request would say who was here when; errors are written by django.request at level ERROR.
                "gunicorn.access": {"handlers": [], "propagate": False},
                "django.request": {**quiet, "level": "ERROR"},
                "django.security.csrf": {**quiet, "level": "CRITICAL"},
            },
        }
    )
    if config.get("process") in SERVING:
        logging.raiseExceptions = False  # a line that cannot be formatted would be printed with its arguments
        sys.excepthook = _uncaught  # a person at a terminal sees the whole error; a serving process writes none of its words


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        sys.__excepthook__(kind, error, trace)
    else:
        failure("uncaught", error)


def _template_of(record: logging.LogRecord) -> str:
    """The words as their author wrote them; asked only of a line with arguments, which is surely not filled in already."""
    known = record.name.split(".")[0] in KNOWN_TEMPLATES
    return record.msg.strip() if known and isinstance(record.msg, str) else WITHHELD


def _exception_of(exc_info: Any) -> dict[str, Any]:
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(error, BaseException):
        return {}
    kinds, places = [], []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kinds.append(f"{type(error).__module__}.{type(error).__qualname__}")
        places += [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in _frames(error)]
        error = error.__cause__ or error.__context__
    return {"exception": kinds, "places": places}


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The last places in files; Python's own import machinery tells nothing."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<frozen")][-6:]


def _short(filename: str) -> str:
    path = Path(filename)
    parts = path.relative_to(_HERE).parts if path.is_relative_to(_HERE) else path.parts
    return "/".join(parts[parts.index("site-packages") + 1 :] if "site-packages" in parts else parts[-4:])


def _safe(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case UUID():
            return str(value)
        case str():
            return value if _CODE.fullmatch(value) else WITHHELD
        case list() | tuple():
            return [_safe(item) for item in value]
        case _:
            return WITHHELD
