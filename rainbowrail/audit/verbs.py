"""The base of each app's list of audit verbs, and the few verbs that every app shares."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AuditVerb(TextChoices):
    """What somebody did. Each app subclasses it in `audit_verbs.py`; values are `app.verb`, never reused or renamed."""


class KernelVerb(AuditVerb):
    VIEWED = "audit.viewed", _("opened")
    LISTED = "audit.listed", _("saw something of it in a list")
    REFUSED = "audit.refused", _("was refused")
    SEAL_FAILED = "audit.seal_failed", _("met something sealed that did not open")
    TRAIL_VIEWED = "audit.trail_viewed", _("read the trail")
    TRAIL_EXPORTED = "audit.trail_exported", _("took a part of the trail out as a table")
    TRAIL_VERIFIED = "audit.trail_verified", _("had the trail verified")
    CHECKPOINT_TAKEN = "audit.checkpoint_taken", _("took a checkpoint of the trail")
    LINKED_LATE = "audit.linked_late", _("had lines of the trail linked that had waited for more than a day")
    TRAIL_EXPIRED = "audit.trail_expired", _("removed lines of the trail that were past their years")
    KEY_TURNED = "keys.turned", _("turned a key")
    KEY_DESTROYED = "keys.destroyed", _("destroyed a key")
    KEYS_COPIED = "keys.copied", _("sealed a recovery copy of all keys")
    NOTICE_RETRIED = "notifications.retried", _("tried a notice again")
    PERSON_ADDED = "accounts.person_added", _("added a member of staff")
    ROLES_CHANGED = "accounts.roles_changed", _("changed roles")
    ROLE_PUT_FORWARD = "accounts.role_put_forward", _("gave a role that begins when a second person agrees")
    ROLE_AGREED = "accounts.role_agreed", _("agreed to a role that somebody else gave")
    ROLE_REFUSED = "accounts.role_refused", _("refused a role that somebody else gave")
    ROLE_WITHDRAWN = "accounts.role_withdrawn", _("took back a role that waited for a second person")
    ROLE_LAPSED = "accounts.role_lapsed", _("ended a role that waited for a second person")
    PERSON_DEACTIVATED = "accounts.person_deactivated", _("closed a staff account")
    PERSON_SUSPENDED = "accounts.person_suspended", _("closed a staff account at once")
    PERSON_REOPENED = "accounts.person_reopened", _("opened a staff account again")
    PERSON_INVITED = "accounts.person_invited", _("invited somebody")
    INVITATION_SENT_AGAIN = "accounts.invitation_sent_again", _("sent an invitation again")
    INVITATION_REVOKED = "accounts.invitation_revoked", _("took an invitation back")
    INVITATION_ACCEPTED = "accounts.invitation_accepted", _("accepted an invitation")
    PASSWORD_LINK_SENT = "accounts.password_link_sent", _("let somebody set a new password")
    RESET_ASKED = "accounts.reset_asked", _("asked that a lost second factor is reset")
    RESET_ALLOWED = "accounts.reset_allowed", _("reset a second factor")
    RESET_REFUSED = "accounts.reset_refused", _("refused to reset a second factor")
    SIGNED_IN = "accounts.signed_in", _("signed in")
    SIGNED_OUT = "accounts.signed_out", _("signed out")
    SIGN_IN_FAILED = "accounts.sign_in_failed", _("did not get in: password or second factor was wrong")
    CONFIRMED = "accounts.confirmed", _("showed again that it was them")
    FACTOR_ADDED = "accounts.factor_added", _("added a second factor")
    FACTOR_REMOVED = "accounts.factor_removed", _("removed a second factor")
    RECOVERY_CODES_RENEWED = "accounts.recovery_codes_renewed", _("made new recovery codes")
    PASSWORD_CHANGED = "accounts.password_changed", _("set a new password of their own")
    RECOVERY_CODE_USED = "accounts.recovery_code_used", _("used a recovery code")
    SESSION_ENDED = "accounts.session_ended", _("ended a session from afar")


def every_verb() -> dict[str, str | Promise]:
    """Return the label of every verb of every installed app, by value."""
    return {verb.value: verb.label for verbs in AuditVerb.__subclasses__() for verb in verbs}


def label_of(value: str) -> str | Promise:
    """Return the words for a stored verb; a verb whose app is gone shows as it is stored."""
    return every_verb().get(value, value)
