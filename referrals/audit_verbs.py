from django.utils.translation import gettext_lazy as _

from rainbowrail.audit.verbs import AuditVerb


class ReferralVerb(AuditVerb):
    """What people do to referrals, as the trail says it. Values are never reused or renamed."""

    STARTED = "referrals.started", _("started a referral")
    WRITTEN = "referrals.written", _("wrote in the referral")
    CONSENT_RECORDED = "referrals.consent_recorded", _("recorded consent")
    CONSENT_WITHDRAWN = "referrals.consent_withdrawn", _("recorded that consent was withdrawn")
    CONSENT_REFUSED = "referrals.consent_refused", _("recorded that consent was refused")
    RECALLED = "referrals.recalled", _("called a file back")
    RECALL_TOLD = "referrals.recall_told", _("recorded that the recall notice was sent")
    RECALL_CONFIRMED = "referrals.recall_confirmed", _("recorded that the office destroyed the file")
    SUBMITTED = "referrals.submitted", _("asked for approval")
    TAKEN_BACK = "referrals.taken_back", _("took the referral back")
    RETURNED = "referrals.returned", _("returned the referral")
    APPROVED = "referrals.approved", _("approved the referral")
    BUILT = "referrals.built", _("made the sealed file")
    BUILD_FAILED = "referrals.build_failed", _("could not make the sealed file")
    BUILD_RETRIED = "referrals.build_retried", _("tried again to make the sealed file")
    COPY_EMPTIED = "referrals.copy_emptied", _("erased our copy of the file")
    DOWNLOADED = "referrals.downloaded", _("downloaded the sealed file")
    PASSPHRASE_SHOWN = "referrals.passphrase_shown", _("saw the passphrase of the sealed archive")
    SENT = "referrals.sent", _("handed the file over")
    ACKNOWLEDGED = "referrals.acknowledged", _("recorded the receipt")
    OUTCOME_RECORDED = "referrals.outcome_recorded", _("recorded what the office answered")
    REVISED = "referrals.revised", _("began a new version")
    # Lines from before a case named its officer; nothing writes it any more.
    PASSED_ON = "referrals.passed_on", _("gave the referral to another officer")
    WITHDRAWN = "referrals.withdrawn", _("withdrew the referral")
    RECIPIENT_ADDED = "referrals.recipient_added", _("added an official")
    RECIPIENT_CHECKED = "referrals.recipient_checked", _("checked an official's key")
    RECIPIENT_RETIRED = "referrals.recipient_retired", _("retired an official")
