"""The base of each app's list of audit verbs, and the few verbs that every app shares."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AuditVerb(TextChoices):
    """What somebody did. Each app subclasses it in `audit_verbs.py`; values are `app.verb`, never reused or renamed."""


class KernelVerb(AuditVerb):
    VIEWED = "audit.viewed", _("opened")
    TRAIL_VIEWED = "audit.trail_viewed", _("read the trail")
    TRAIL_EXPORTED = "audit.trail_exported", _("took a part of the trail out as a table")
    TRAIL_VERIFIED = "audit.trail_verified", _("had the trail verified")
    CHECKPOINT_TAKEN = "audit.checkpoint_taken", _("took a checkpoint of the trail")
    TRAIL_EXPIRED = "audit.trail_expired", _("removed lines of the trail that were past their years")
    NOTICE_RETRIED = "notifications.retried", _("tried a notice again")
    PERSON_ADDED = "accounts.person_added", _("added a member of staff")
    ROLES_CHANGED = "accounts.roles_changed", _("changed roles")
    PERSON_DEACTIVATED = "accounts.person_deactivated", _("closed a staff account")
    SIGNED_IN = "accounts.signed_in", _("signed in")
    SIGNED_OUT = "accounts.signed_out", _("signed out")
    SIGN_IN_FAILED = "accounts.sign_in_failed", _("did not get in: password or second factor was wrong")
    CONFIRMED = "accounts.confirmed", _("showed again that it was them")
    FACTOR_ADDED = "accounts.factor_added", _("added a second factor")
    FACTOR_REMOVED = "accounts.factor_removed", _("removed a second factor")
    RECOVERY_CODES_RENEWED = "accounts.recovery_codes_renewed", _("made new recovery codes")
    RECOVERY_CODE_USED = "accounts.recovery_code_used", _("used a recovery code")
    SESSION_ENDED = "accounts.session_ended", _("ended a session from afar")


def every_verb() -> dict[str, str | Promise]:
    """Return the label of every verb of every installed app, by value."""
    return {verb.value: verb.label for verbs in AuditVerb.__subclasses__() for verb in verbs}


def label_of(value: str) -> str | Promise:
    """Return the words for a stored verb; a verb whose app is gone shows as it is stored."""
    return every_verb().get(value, value)
