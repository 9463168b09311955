"""What happened to a referral, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.models import Referral, ReferralMove

DONE: dict[str, str | Promise] = {
    "submit": _("Approval asked for"),
    "take_back": _("Taken back to change it"),
    "return": _("Returned"),
    "approve": _("Approved"),
    "built": _("Sealed file made"),
    "fail": _("The file could not be made"),
    "retry": _("Tried again"),
    "send": _("Handed over"),
    "acknowledge": _("Receipt confirmed"),
    "ask_more": _("The office asked for more"),
    "decide": _("The office answered"),
    "revise": _("New version begun"),
    "withdraw": _("Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history; `text` is the sealed reason, opened, or empty for who may not read it."""

    when: datetime
    what: str | Promise
    by: str
    text: str


def history_of(referral: Referral, *, reasons: bool) -> list[Happening]:
    """Return the moves, newest first, ending with the start. Opens CASEWORK when `reasons` are asked for; one query."""
    moves = ReferralMove.objects.filter(referral=referral).select_related("by", "referral").order_by("-moved_at", "-id")
    lines = [
        Happening(move.moved_at, DONE[move.name], move.by.name if move.by else "", move.reason if reasons else "")
        for move in moves
    ]
    return [*lines, Happening(referral.drafted_at, _("Started"), referral.drafted_by.name, "")]
