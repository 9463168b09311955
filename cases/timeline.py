"""What happened in a case, in order: the moves, and what was said between staff and the person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.care import Covered
from cases.models import Case, CaseMove
from cases.states import CloseReason
from intake.models import Answer, Message
from intake.states import Audience, MessageKind

DONE: dict[str, str | Promise] = {
    "claim": gettext_lazy("Taken"),
    "assign": gettext_lazy("Given to somebody"),
    "verify": gettext_lazy("Account verified"),
    "doubt": gettext_lazy("Back in review"),
    "plan_support": gettext_lazy("Support planned"),
    "mark_ready": gettext_lazy("Ready for referral"),
    "refer": gettext_lazy("Referred"),
    "record_outcome": gettext_lazy("Outcome known"),
    "close": gettext_lazy("Closed"),
    "reopen": gettext_lazy("Reopened"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history; `text` is the sealed reason, opened."""

    when: Any
    what: str | Promise
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `kind` is message, question or answer; `on` is a day, for intake keeps no time of day.

    `of_filer`: it went to, or came from, the friend or partner who filed for the person.
    """

    kind: str
    on: date
    text: str
    is_open: bool = False
    of_filer: bool = False
    # Of an answer: how it stands for the reader. A covered one was not opened, and its text is empty.
    cover: Covered | None = None


def history_of(case: Case) -> list[Happening]:
    """Return the moves, newest first, ending with the arrival. Opens CASEWORK, for the reasons; two queries."""
    lines = [_line(case, move) for move in CaseMove.objects.filter(case=case).select_related("by").order_by("-moved_at", "-id")]
    return [*lines, Happening(case.received_at, _("Received"), "", "")]


def outline_of(case: Case) -> list[Happening]:
    """Return the same without the reasons, which are sealed: nothing is opened. One query."""
    moves = CaseMove.objects.filter(case=case).defer("reason").select_related("by").order_by("-moved_at", "-id")
    lines = [Happening(move.moved_at, _what(case, move), move.by.name if move.by else "", "") for move in moves]
    return [*lines, Happening(case.received_at, _("Received"), "", "")]


def _line(case: Case, move: CaseMove) -> Happening:
    return Happening(move.moved_at, _what(case, move), move.by.name if move.by else "", move.reason)


def _what(case: Case, move: CaseMove) -> str | Promise:
    if move.name == "close" and case.close_reason and not case.is_open:
        return _("Closed: %(why)s") % {"why": CloseReason(case.close_reason).label}
    return DONE[move.name]


def conversation_of(case: Case, *, cover: Callable[[UUID], Covered] | None = None) -> list[Said]:
    """Return what staff wrote, each with its answers, then what the person wrote unasked.

    Opens CONVERSATION and STORY; two queries. `cover` says of an answer's id how it stands for the reader.
    """
    request = case.help_request
    answers = list(request.given_answers.all())
    unasked = [one for one in answers if one.message_id is None]
    return [*_asked(list(request.messages.all()), answers, cover), *(_answer(one, cover) for one in unasked)]


def _asked(messages: list[Message], answers: list[Answer], cover: Callable[[UUID], Covered] | None) -> Iterator[Said]:
    for message in messages:
        is_question = message.kind == MessageKind.QUESTION
        is_open = is_question and message.answered_on is None
        of_filer = message.audience == Audience.FILER
        yield Said(message.kind, message.sent_on, message.text, is_open=is_open, of_filer=of_filer)
        yield from (_answer(one, cover) for one in answers if one.message_id == message.pk)


def _answer(answer: Answer, cover: Callable[[UUID], Covered] | None) -> Said:
    covered = cover(answer.pk) if cover else None
    text = "" if covered and covered.is_covered else answer.text
    return Said("answer", answer.received_hour.date(), text, of_filer=answer.audience == Audience.FILER, cover=covered)
