"""Who may do what with a case: the table of roles, then one check per verb.

Each check raises NotAllowed with a sentence fit for the screen and is asked by the action, by the move table and by
`available()`, so that a page offers only what would work. How far somebody sees into a case says `cases.need_to_know`; no
check lets anybody do something with a case of which they see nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import need_to_know
from cases.models import Case
from cases.need_to_know import Depth
from cases.states import REFERRAL_STATES
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role

type Check = Callable[[Actor, Any], None]

NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: roles that may on any case that they see, on their own, on one whose officer they are; and the sentence for all
    others."""

    any_case: frozenset[Role]
    own_case: frozenset[Role]
    refusal: Promise
    as_officer: frozenset[Role] = NOBODY


OFFICERS = frozenset({Role.REFERRAL_OFFICER})
LEAD = frozenset({Role.TRIAGE_LEAD})
LEADERS = frozenset({Role.TRIAGE_LEAD, Role.ADMINISTRATOR})
WORKERS = frozenset({Role.CASEWORKER})
MANAGERS = frozenset({Role.MANAGER})

RULES: dict[str, Rule] = {
    "claim": Rule(LEAD | WORKERS, NOBODY, _("Only caseworkers and triage leads take cases.")),
    "assign": Rule(LEAD, NOBODY, _("Only a triage lead gives cases to people.")),
    "hand_over": Rule(LEAD, WORKERS, _("Only the owner of the case or a triage lead hands it over.")),
    "work_on": Rule(
        LEAD, WORKERS, _("Only the owner of the case or a triage lead works on it. Take the case first, or ask its owner.")
    ),
    "mark_ready": Rule(LEAD, NOBODY, _("Only a triage lead marks a case ready for referral.")),
    "refer": Rule(LEAD, NOBODY, _("Only the officer of the case or a triage lead records its referral."), as_officer=OFFICERS),
    # What follows when an office answered, or a referral was stopped: `referrals` says who may do either.
    "record_outcome": Rule(
        LEAD | OFFICERS | MANAGERS,
        NOBODY,
        _("Only a referral officer, a triage lead or a manager records what became of a referral."),
    ),
    "close": Rule(LEAD, WORKERS, _("Only the owner of the case or a triage lead closes it.")),
    "reopen": Rule(LEAD, NOBODY, _("Only a triage lead reopens a case.")),
    "raise_urgency": Rule(LEAD | WORKERS, NOBODY, _("Only caseworkers and triage leads raise the urgency of a case.")),
    "lower_urgency": Rule(LEAD, NOBODY, _("Only a triage lead lowers the urgency of a case.")),
    "give_code": Rule(
        LEAD, WORKERS, _("Only the owner of the case or a triage lead checks who asks for a new return code, and makes it.")
    ),
    "allow_code": Rule(LEAD, NOBODY, _("Only a triage lead allows a new return code.")),
    "stop_contact": Rule(LEAD, WORKERS, _("Only the owner of the case or a triage lead stops contact with the person.")),
    "resume_contact": Rule(LEAD, NOBODY, _("Only a triage lead allows contact with the person again.")),
    "ask_erasure": Rule(LEAD, WORKERS, _("Only the owner of the case or a triage lead asks for a person to be erased.")),
    "confirm_erasure": Rule(LEAD, NOBODY, _("Only a triage lead confirms that a person is erased.")),
    "postpone_erasure": Rule(LEAD, NOBODY, _("Only a triage lead puts an erasure off.")),
    "open_files": Rule(
        LEAD,
        WORKERS,
        _("Only the owner of the case, a triage lead or its referral officer opens the files of a person."),
        as_officer=OFFICERS,
    ),
    "erase_file": Rule(LEAD, WORKERS, _("Only the owner of the case or a triage lead erases a file.")),
    "give_officer": Rule(
        LEAD, NOBODY, _("Only the officer of the case or a triage lead gives it to another officer."), as_officer=OFFICERS
    ),
    "put_back": Rule(NOBODY, NOBODY, _("Only the officer of the case puts it back."), as_officer=OFFICERS),
    "see_access": Rule(
        LEAD,
        WORKERS,
        _("Only the owner of the case, its referral officer and triage leads see who opened it, and for whom."),
        as_officer=OFFICERS,
    ),
    "restrict": Rule(LEAD, NOBODY, _("Only a triage lead hides a case from somebody.")),
    "decide_access": Rule(LEAD, NOBODY, _("Only a triage lead decides who opens a case that is not theirs.")),
}

# All work in numbers: for those who answer for it, and those who watch over it.
FIGURE_READERS = frozenset({Role.TRIAGE_LEAD, Role.MANAGER, Role.AUDITOR})
# What will be erased, by reference and day: for those who answer for it, and those who watch that it happens.
ERASURE_READERS = frozenset({Role.TRIAGE_LEAD, Role.ADMINISTRATOR, Role.AUDITOR})
# Searching by name or contact confirms what was typed, so it is for those alone who may open some identity.
SEARCHERS = need_to_know.reaching(Depth.IDENTITY)
# Who looks at what is set aside; who keeps the list of partners; who brings in the file of one.
LOOKERS = LEAD | WORKERS
# Who looks at what did not open, puts it back into line, and deletes it with a second one of them.
KEPT_ASIDE_KEEPERS = LEAD
PARTNER_KEEPERS = frozenset({Role.TRIAGE_LEAD, Role.ADMINISTRATOR})
IMPORTERS = LEAD


def _check(verb: str) -> Check:
    rule = RULES[verb]

    def check(by: Actor, case: Case) -> None:
        is_owner = by.staff_id is not None and case.owner_id == by.staff_id
        is_officer = by.staff_id is not None and case.officer_id == by.staff_id
        may = by.roles & rule.any_case or (is_owner and by.roles & rule.own_case)
        may = may or (is_officer and by.roles & rule.as_officer)
        if not may or need_to_know.depth_of(case, by) is Depth.NOTHING:
            raise NotAllowed(rule.refusal)

    check.__name__ = check.__qualname__ = f"check_{verb}"
    check.__doc__ = f"Raise NotAllowed unless `by` may {verb.replace('_', ' ')} this case; the table above says who."
    return check


check_claim = _check("claim")
check_assign = _check("assign")
check_hand_over = _check("hand_over")
check_work_on = _check("work_on")
check_mark_ready = _check("mark_ready")
check_refer = _check("refer")
check_record_outcome = _check("record_outcome")
check_close = _check("close")
check_reopen = _check("reopen")
check_raise_urgency = _check("raise_urgency")
check_lower_urgency = _check("lower_urgency")
check_give_code = _check("give_code")
check_allow_code = _check("allow_code")
check_stop_contact = _check("stop_contact")
check_resume_contact = _check("resume_contact")
check_ask_erasure = _check("ask_erasure")
check_confirm_erasure = _check("confirm_erasure")
check_postpone_erasure = _check("postpone_erasure")
check_open_files = _check("open_files")
check_erase_file = _check("erase_file")
check_give_officer = _check("give_officer")
check_put_back = _check("put_back")
check_see_access = _check("see_access")
check_restrict = _check("restrict")
check_decide_access = _check("decide_access")


def check_begin_referral(by: Actor, case: Case) -> None:
    """Raise NotAllowed for all but the officer of the case and, while it has none, every officer who sees it."""
    if not by.roles & OFFICERS or need_to_know.depth_of(case, by) is Depth.NOTHING:
        raise NotAllowed(_("Only a referral officer prepares a referral."))
    if case.officer_id not in (None, by.staff_id):
        raise NotAllowed(_("Another officer has this case. They, or a triage lead, can give it to you."))


def check_take_as_officer(by: Actor, case: Case) -> None:
    """Raise NotAllowed for whoever is no officer, and for a case that is not in referral."""
    if not by.roles & OFFICERS or need_to_know.depth_of(case, by) is Depth.NOTHING:
        raise NotAllowed(_("Only a referral officer takes a case that is in referral."))
    if case.state not in REFERRAL_STATES:
        raise NotAllowed(_("Only a case that is in referral has an officer."))


def check_open_identity(by: Actor, case: Case) -> None:
    """Raise NotAllowed unless `by` sees so deep: owner, lead, officer of the case, and for whom it was opened."""
    if need_to_know.depth_of(case, by) < Depth.IDENTITY:
        raise NotAllowed(_("Only the owner of the case, a triage lead or its referral officer opens who the person is."))


def check_ask_access(by: Actor, case: Case) -> None:
    """Raise NotAllowed for those who are never given a case that is not theirs, or who see all of this one already."""
    check_asks(by)
    if need_to_know.depth_of(case, by) >= Depth.IDENTITY:
        raise NotAllowed(_("You may open this case already."))


def check_asks(by: Actor) -> None:
    if not by.roles & need_to_know.ASKERS:
        raise NotAllowed(_("Only caseworkers and referral officers ask for a case that is not theirs."))


def check_declare_conflict(by: Actor, case: Case) -> None:
    """Whoever sees something of a case may say that they should not."""
    if need_to_know.depth_of(case, by) is Depth.NOTHING:
        raise NotAllowed(_("Only staff who see a case hide it from themselves."))


def check_book_slots(by: Actor) -> None:
    if not by.roles & LEAD:
        raise NotAllowed(_("Only a triage lead books the times of volunteers."))


def check_release_suspicion(by: Actor, case: Case) -> None:
    if not by.roles & LOOKERS:
        raise NotAllowed(_("Only caseworkers and triage leads say that a person wrote what was set aside."))


def check_confirm_suspicion(by: Actor, case: Case) -> None:
    if not by.roles & LEAD:
        raise NotAllowed(_("Only a triage lead says that something is no request for help."))


def check_look_at_kept_aside(by: Actor) -> None:
    if not by.roles & KEPT_ASIDE_KEEPERS:
        raise NotAllowed(_("Only a triage lead decides what becomes of something that did not open."))


def check_keep_partners(by: Actor) -> None:
    if not by.roles & PARTNER_KEEPERS:
        raise NotAllowed(_("Only a triage lead or an administrator changes partner organisations and their codes."))


def check_import(by: Actor) -> None:
    if not by.roles & IMPORTERS:
        raise NotAllowed(_("Only a triage lead imports requests that a partner collected."))


def check_hand_over_everything(by: Actor) -> None:
    if not by.roles & LEADERS:
        raise NotAllowed(_("Only a triage lead or an administrator hands over what somebody leaves behind."))


def check_person_asked(by: Actor, case: Case) -> None:
    """Raise NotAllowed for everybody but the person: nobody wishes their deletion in their place."""
    if by.kind is not ActorKind.APPLICANT:
        raise NotAllowed(_("Only the person themself asks us to delete everything."))


def check_system(by: Actor, case: Case) -> None:
    """Raise NotAllowed for everybody but the system."""
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed(_("Only the system does this."))


def check_search(by: Actor) -> None:
    """Raise NotAllowed for those who never open who a person is: for them a hit alone would say it."""
    if not by.roles & SEARCHERS:
        raise NotAllowed(
            _("Only caseworkers, triage leads and referral officers search for people. You find a case by its reference.")
        )


def person(by: Actor) -> int:
    """Return the id of the member of staff who acts. Raises NotAllowed for applicant and system: they write no case."""
    if by.staff_id is None:
        raise NotAllowed(_("Only staff write in a case."))
    return by.staff_id


def allows(check: Check, by: Actor, case: Case) -> bool:
    """Ask a check without raising: for buttons."""
    try:
        check(by, case)
    except NotAllowed:
        return False
    return True
