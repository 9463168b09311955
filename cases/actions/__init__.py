"""Everything that is written to a case, one function per verb.

Each action checks permission, makes the move, writes history and audit line, and queues its notices, all in one transaction.
Staff actors are named by `by`; the sentences that NotAllowed and NotPossible carry are fit for the screen.
"""

from cases.actions.care import (
    check_pass_on,
    finish_reading,
    give_back,
    mark_hard,
    may_read_for_another,
    note_hard_opened,
    pass_on,
    second_readers_for,
    take_back,
    take_reading,
)
from cases.actions.codes import allow_code, check_person, hear_code_changed, make_code, refuse_code
from cases.actions.comparing import compare, compare_again, judge
from cases.actions.contact import hear_contact_stopped, hear_plan_changed, resume_contact, stop_contact
from cases.actions.erasing import (
    ask_erasure,
    confirm_erasure,
    erase_due,
    forget_again,
    hear_wish,
    postpone_erasure,
    refuse_erasure,
)
from cases.actions.evidence import clean_again, download_original, erase_file, hear_file, list_files, show_copy, take_copy
from cases.actions.importing import import_rows, known_rows, note_check, note_mending, rename_rows
from cases.actions.kept_aside import ask_dismissal, dismiss, keep_after_all, put_back
from cases.actions.leaving import hand_over_everything
from cases.actions.looking_twice import confirm_suspicion, forget_texts, judge_many, look_twice, release_suspicion
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
from cases.actions.officers import begin_as_officer, give_to_officer, put_back_as_officer, release_officer, take_as_officer
from cases.actions.opening import note_names, open_case
from cases.actions.opening_for_others import (
    allow_access,
    ask_access,
    break_glass,
    case_to_ask_for,
    end_access,
    note_broken_glass,
    refuse_access,
)
from cases.actions.partners import add_partner, change_partner, make_partner_code, note_origin, revoke_partner_code
from cases.actions.reading import mark_read, open_identity
from cases.actions.restricting import declare_conflict, lift_restriction, note_conflict, restrict
from cases.actions.searching import search
from cases.actions.slots import book_slot, cancel_slot
from cases.actions.telling import tell_leads_of_kept_aside
from cases.actions.typing import drop_typed, forget_old_typed, keep_typed, last_typed, typed_in
from cases.actions.urgency import confirm_urgency, refuse_urgency, rescore, set_urgency
from cases.actions.writing import (
    ask_applicant,
    assess,
    hear_answer,
    hear_own_consent,
    set_next_step,
    stop_waiting,
    tell_applicant,
    write_note,
)

__all__ = [
    "add_partner",
    "allow_access",
    "allow_code",
    "ask_access",
    "ask_applicant",
    "ask_dismissal",
    "ask_erasure",
    "assess",
    "assign",
    "begin_as_officer",
    "book_slot",
    "break_glass",
    "cancel_slot",
    "case_to_ask_for",
    "change_partner",
    "check_pass_on",
    "check_person",
    "claim",
    "clean_again",
    "close_case",
    "compare",
    "compare_again",
    "confirm_erasure",
    "confirm_suspicion",
    "confirm_urgency",
    "declare_conflict",
    "dismiss",
    "download_original",
    "drop_typed",
    "end_access",
    "erase_due",
    "erase_file",
    "finish_reading",
    "forget_again",
    "forget_old_typed",
    "forget_texts",
    "give_back",
    "give_to_officer",
    "hand_over_everything",
    "hear_answer",
    "hear_code_changed",
    "hear_contact_stopped",
    "hear_file",
    "hear_own_consent",
    "hear_plan_changed",
    "hear_wish",
    "import_rows",
    "judge",
    "judge_many",
    "keep_after_all",
    "keep_typed",
    "known_rows",
    "last_typed",
    "lift_restriction",
    "list_files",
    "look_twice",
    "make_code",
    "make_partner_code",
    "mark_hard",
    "mark_outcome",
    "mark_read",
    "mark_ready",
    "mark_referred",
    "may_read_for_another",
    "note_broken_glass",
    "note_check",
    "note_conflict",
    "note_hard_opened",
    "note_mending",
    "note_names",
    "note_origin",
    "open_case",
    "open_identity",
    "pass_on",
    "plan_support",
    "postpone_erasure",
    "put_back",
    "put_back_as_officer",
    "refuse_access",
    "refuse_code",
    "refuse_erasure",
    "refuse_urgency",
    "release_officer",
    "release_suspicion",
    "rename_rows",
    "reopen",
    "rescore",
    "restrict",
    "resume_contact",
    "revoke_partner_code",
    "search",
    "second_readers_for",
    "send_back",
    "set_next_step",
    "set_urgency",
    "show_copy",
    "stop_contact",
    "stop_waiting",
    "take_as_officer",
    "take_back",
    "take_copy",
    "take_reading",
    "tell_applicant",
    "tell_leads_of_kept_aside",
    "typed_in",
    "verify",
    "write_note",
]
