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


SENTENCES: dict[Role, str | Promise] = {
    Role.VOLUNTEER: _("Reads new requests without identity, during a booked time."),
    Role.CASEWORKER: _("Takes cases, works on their own cases, reads and writes in them."),
    Role.TRIAGE_LEAD: _("Sees and assigns every case, sets urgency, approves referrals, closes and reopens."),
    Role.REFERRAL_OFFICER: _("Prepares referrals of cases that are ready, and records what the office answers."),
    Role.MANAGER: _("Sees figures and the state of all work, and approves referrals."),
    Role.AUDITOR: _("Sees who did what and when, never what a person told us."),
    Role.ADMINISTRATOR: _("Invites people and changes settings, never sees what a person told us."),
}
