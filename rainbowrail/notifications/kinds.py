"""NotificationKind and its registry: what may be sent to whom, in which fixed words, and whether it may go out now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Audience(StrEnum):
    APPLICANT = "applicant"
    STAFF = "staff"


class Channel(StrEnum):
    MAIL = "mail"
    TEXT = "text"


class Verdict(StrEnum):
    NOW = "now"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a notice may go out: now, not before a time, or never. `reason_code` is a short code for staff, without data."""

    verdict: Verdict
    not_before: datetime | None = None
    reason_code: str = ""

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.LATER) != (self.not_before is not None):
            raise ValueError("A decision for later, and only that one, says when.")


SEND_NOW = Decision(Verdict.NOW)


def send_later(not_before: datetime, reason_code: str) -> Decision:
    return Decision(Verdict.LATER, not_before, reason_code)


def send_never(reason_code: str) -> Decision:
    return Decision(Verdict.NEVER, None, reason_code)


def always_now(about_id: UUID) -> Decision:
    """For notices to staff: their mailbox is not a danger to anybody."""
    return SEND_NOW


def no_words(about_id: UUID) -> Mapping[str, str]:
    return {}


def usual_language(about_id: UUID) -> str:
    return "en"


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """One kind of notice, registered by the app that owns the person.

    The templates are fixed text: they get the address of the staff door and `words(about_id)`, which is empty but for a link
    that is made at the moment of sending, so that no notice can name a person, a place or a reason. `recipient(about_id)` opens
    the address (mail) or number (text) then, too, and returns None when there is none; `may_send_now(about_id)` is asked just
    before, under the lock of the row. A text message uses only the text template.
    """

    name: str
    subject_template: str
    text_template: str
    audience: Audience
    recipient: Callable[[UUID], str | None] = field(repr=False)
    may_send_now: Callable[[UUID], Decision] = field(repr=False)
    html_template: str | None = None
    channel: Channel = Channel.MAIL
    language: Callable[[UUID], str] = field(default=usual_language, repr=False)
    words: Callable[[UUID], Mapping[str, str]] = field(default=no_words, repr=False)


_kinds: dict[str, NotificationKind] = {}


def register(kind: NotificationKind) -> NotificationKind:
    """Make a kind known, from an app's `ready`. Raises ValueError when another kind has its name."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"There are two kinds of notice called {kind.name!r}.")
    return kind


def kind_named(name: str) -> NotificationKind:
    """Return a registered kind. Raises KeyError that lists the known names."""
    try:
        return _kinds[name]
    except KeyError:
        raise KeyError(f"No kind of notice is called {name!r}; known are {', '.join(sorted(_kinds))}.") from None


def every_kind() -> list[NotificationKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)
