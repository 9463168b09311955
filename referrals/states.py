"""The words of a referral: where it stands, what the office answered, how a file travelled, why a build failed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.recipients.base import RecipientKind


class ReferralState(TextChoices):
    """From a draft to the office's answer. Approval and building are one step: what was approved is what is built."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for a second person")
    BUILDING = "building", _("File is being made")
    BUILD_FAILED = "build_failed", _("File could not be made")
    READY = "ready", _("File ready to hand over")
    SENT = "sent", _("With the office")
    ACKNOWLEDGED = "acknowledged", _("Receipt confirmed")
    MORE_ASKED = "more_asked", _("Office asks for more")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


S = ReferralState
OPEN_STATES = tuple(state for state in S if state not in (S.DECIDED, S.WITHDRAWN))
# From here on somebody has approved, and the database insists on knowing who.
APPROVED_STATES = (S.BUILDING, S.BUILD_FAILED, S.READY, S.SENT, S.ACKNOWLEDGED, S.MORE_ASKED, S.DECIDED)
WITH_OFFICE = (S.SENT, S.ACKNOWLEDGED, S.MORE_ASKED)
WITH_US = (S.DRAFT, S.WAITING, S.BUILDING, S.BUILD_FAILED, S.READY)
WITH_FILE = (S.READY, *WITH_OFFICE)


class OutcomeKind(TextChoices):
    """What the officials answered, or that it ended before they did."""

    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    MORE_INFORMATION = "more_information", _("Asks for more information")
    CLOSED_BY_OFFICE = "closed_by_office", _("Closed by the office without a decision")
    WITHDRAWN = "withdrawn", _("Withdrawn by us")


FINAL_OUTCOMES = (OutcomeKind.ACCEPTED, OutcomeKind.DECLINED, OutcomeKind.CLOSED_BY_OFFICE)


class HandedOver(TextChoices):
    """How the file reached the office. Only one official can open it, so the way need not be secret."""

    EMAIL = "email", _("Attached to an e-mail")
    PORTAL = "portal", _("Through the office's portal")
    IN_PERSON = "in_person", _("On a medium, in person")


class KeyKind(TextChoices):
    """How an office opens what we send; the values are those of rainbowrail.crypto.recipients."""

    AGE = RecipientKind.AGE.value, _("age key")
    OPENPGP = RecipientKind.OPENPGP.value, _("OpenPGP key")
    SMIME = RecipientKind.SMIME.value, _("S/MIME certificate")
    ARCHIVE = RecipientKind.ARCHIVE.value, _("No key: an archive with a passphrase told by telephone")


class ConsentAct(TextChoices):
    GIVEN = "given", _("Consent given")
    REFUSED = "refused", _("Consent refused")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")


class BuildProblem(TextChoices):
    """Why no file was made, as a code that may stand in the clear, with what to do."""

    CHANGED = "changed", _("Something changed after the approval. Read it again and ask for a new approval.")
    FINDINGS = "findings", _("Something now stands in the way. Take the referral back to see what.")
    PDF = "pdf", _("The PDF could not be set. Try again; if it stays so, tell the administrator.")
    KEPT_ASIDE = (
        "kept_aside",
        _(
            "Something that the person sent did not open, and may be a “no”. A triage lead looks at it under “Kept aside”; "
            "then try again."
        ),
    )
    KEY = "key", _("The official's key does not work any more, or nobody checked it. Add the key again.")
    UNEXPECTED = "unexpected", _("Something unexpected happened. Try again; if it stays so, tell the administrator.")
