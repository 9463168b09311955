"""The handful of staff roles, each with a sentence that says what it may do."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    VOLUNTEER = "volunteer", _("Intake volunteer")
    CASEWORKER = "caseworker", _("Caseworker")
    TRIAGE_LEAD = "triage_lead", _("Triage lead")
    REFERRAL_OFFICER = "referral_officer", _("Referral officer")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


# Who opens something that people told us, in a case or in a referral; tests hold it against the tables of both.
OPENING = frozenset({Role.VOLUNTEER, Role.CASEWORKER, Role.TRIAGE_LEAD, Role.REFERRAL_OFFICER, Role.MANAGER})
# Who agrees that somebody else gets a role: those who know the people and the work, and answer for them. Auditors do not: they
# check afterwards what was done here, and who checks does not act.
AGREERS = frozenset({Role.TRIAGE_LEAD, Role.MANAGER, Role.ADMINISTRATOR})
# Given by one person and begun with the agreement of another: whoever could agree could otherwise be made by one person alone.
BY_TWO = OPENING | AGREERS

SENTENCES: dict[Role, str | Promise] = {
    Role.VOLUNTEER: _("Reads new requests without identity, only during times that a lead has booked, of at most ten hours."),
    Role.CASEWORKER: _(
        "Sees new requests without identity and takes them; reads and writes in their own cases. For another case they ask a "
        "lead, or break the glass in an emergency."
    ),
    Role.TRIAGE_LEAD: _(
        "Sees and assigns every case that is not hidden from them, sets urgency, lets others open a case for a time, hides "
        "cases from people, books volunteers, approves referrals, closes and reopens. Agrees to roles that are given."
    ),
    Role.REFERRAL_OFFICER: _(
        "Takes cases that are ready for referral; in these alone opens who the person is, prepares the referral and records "
        "what the office answers. Of other cases in referral they see where they stand."
    ),
    Role.MANAGER: _(
        "Sees figures and the state of all work. Reads what a person told us only in a referral that waits for approval, and "
        "approves it. Agrees to roles that are given."
    ),
    Role.AUDITOR: _("Sees figures, and who did what and when; never what a person told us."),
    Role.ADMINISTRATOR: _(
        "Invites people, gives roles that begin when a second person agrees, and changes settings. Never sees what a person "
        "told us."
    ),
}
