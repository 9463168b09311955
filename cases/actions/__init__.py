"""Everything that is written to a case, one function per verb.

Each action checks permission, makes the move, writes history and audit line, and queues its notices, all in one transaction.
Staff actors are named by `by`; the sentences that NotAllowed and NotPossible carry are fit for the screen.
"""

from cases.actions.codes import allow_code, check_person, hear_code_changed, make_code, refuse_code
from cases.actions.comparing import compare, compare_again, judge
from cases.actions.contact import hear_contact_stopped, resume_contact, stop_contact
from cases.actions.erasing import (
    ask_erasure,
    confirm_erasure,
    erase_due,
    forget_again,
    hear_wish,
    postpone_erasure,
    refuse_erasure,
)
from cases.actions.evidence import clean_again, download_original, erase_file, hear_file, list_files, show_copy
from cases.actions.moving import (
    assign,
    claim,
    close_case,
    mark_outcome,
    mark_ready,
    mark_referred,
    plan_support,
    reopen,
    send_back,
    verify,
)
from cases.actions.opening import open_case
from cases.actions.reading import mark_read, open_identity
from cases.actions.searching import search
from cases.actions.telling import tell_leads_of_kept_aside
from cases.actions.urgency import confirm_urgency, refuse_urgency, rescore, set_urgency
from cases.actions.writing import ask_applicant, assess, hear_answer, set_next_step, stop_waiting, tell_applicant, write_note

__all__ = [
    "allow_code",
    "ask_applicant",
    "ask_erasure",
    "assess",
    "assign",
    "check_person",
    "claim",
    "clean_again",
from cases.actions.typing import drop_typed, forget_old_typed, keep_typed, typed_in
    "close_case",
    "compare",
    "compare_again",
    "confirm_erasure",
    "confirm_urgency",
    "download_original",
    "erase_due",
    "erase_file",
    "forget_again",
    "hear_answer",
    "hear_code_changed",
    "hear_contact_stopped",
    "hear_file",
    "hear_wish",
    "judge",
    "list_files",
    "make_code",
    "mark_outcome",
    "mark_read",
    "mark_ready",
    "mark_referred",
    "open_case",
    "open_identity",
    "plan_support",
    "postpone_erasure",
    "drop_typed",
    "end_access",
    "refuse_code",
    "refuse_erasure",
    "refuse_urgency",
    "forget_old_typed",
    "hand_over_everything",
    "reopen",
    "rescore",
    "resume_contact",
    "search",
    "send_back",
    "set_next_step",
    "keep_typed",
    "lift_restriction",
    "set_urgency",
    "show_copy",
    "stop_contact",
    "stop_waiting",
    "tell_applicant",
    "tell_leads_of_kept_aside",
    "verify",
    "write_note",
]
    "typed_in",
