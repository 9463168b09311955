"""The base of each app's list of audit verbs, and the few verbs that every app shares."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AuditVerb(TextChoices):
    """What somebody did. Each app subclasses it in `audit_verbs.py`; values are `app.verb`, never reused or renamed."""


class KernelVerb(AuditVerb):
    VIEWED = "audit.viewed", _("opened")
    TRAIL_VIEWED = "audit.trail_viewed", _("read the trail")
    NOTICE_RETRIED = "notifications.retried", _("tried a notice again")
    PERSON_ADDED = "accounts.person_added", _("added a member of staff")
    ROLES_CHANGED = "accounts.roles_changed", _("changed roles")
    PERSON_DEACTIVATED = "accounts.person_deactivated", _("closed a staff account")
    SIGNED_IN = "accounts.signed_in", _("signed in")
    SIGNED_OUT = "accounts.signed_out", _("signed out")


def every_verb() -> dict[str, str | Promise]:
    """Return the label of every verb of every installed app, by value."""
    return {verb.value: verb.label for verbs in AuditVerb.__subclasses__() for verb in verbs}


def label_of(value: str) -> str | Promise:
    """Return the words for a stored verb; a verb whose app is gone shows as it is stored."""
    return every_verb().get(value, value)
