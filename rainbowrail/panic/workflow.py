"""The table of moves of the panic plan. It begins by `actions.begin`; this says how it goes on and ends."""

from django.utils.translation import gettext_lazy as _

from rainbowrail.lifecycle.moves import Move
from rainbowrail.panic.audit_verbs import PanicVerb
from rainbowrail.panic.permissions import check_confirm_hosts, check_end, check_keeper
from rainbowrail.panic.states import PanicState

CONFIRM_HOSTS = Move(
    name="confirm_hosts",
    leaves=[PanicState.IN_FORCE],
    enters=PanicState.HOSTS_OURS,
    may=check_confirm_hosts,
    label=_("The hosts are ours"),
    verb=PanicVerb.HOSTS_CONFIRMED,
    needs_second=True,
)
ASK_END = Move(
    name="ask_end",
    leaves=[PanicState.HOSTS_OURS],
    enters=PanicState.END_ASKED,
    may=check_keeper,
    label=_("Ask to end the plan"),
    verb=PanicVerb.END_ASKED,
)
KEEP = Move(
    name="keep",
    leaves=[PanicState.END_ASKED],
    enters=PanicState.HOSTS_OURS,
    may=check_keeper,
    label=_("Keep the plan in force"),
    verb=PanicVerb.KEPT,
)
END = Move(
    name="end",
    leaves=[PanicState.END_ASKED],
    enters=PanicState.ENDED,
    may=check_end,
    label=_("End the plan"),
    verb=PanicVerb.ENDED,
    needs_second=True,
)
MOVES = [CONFIRM_HOSTS, ASK_END, KEEP, END]
