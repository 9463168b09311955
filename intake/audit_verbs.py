"""What the audit trail says of the applicant's side. Of an applicant it knows the hour only."""

from django.utils.translation import gettext_lazy as _

from rainbowrail.audit.verbs import AuditVerb


class IntakeVerb(AuditVerb):
    SUBMITTED = "intake.submitted", _("sent a help request")
    ANSWERED = "intake.answered", _("answered a question")
    FILE_SENT = "intake.file_sent", _("sent a file")
    QUARANTINED = "intake.quarantined", _("a delivery did not open and was kept aside")
    RETRIED = "intake.retried", _("put a delivery that was kept aside back into line")
    GIVEN_UP = "intake.given_up", _("deleted for good a delivery that did not open")
    ASKED = "intake.asked", _("asked the person a question")
    TOLD = "intake.told", _("left the person a message")
    CODE_CHANGED = "intake.code_changed", _("changed the return code")
    CODE_MADE = "intake.code_made", _("made a return code for somebody")
    CONTACT_STOPPED = "intake.contact_stopped", _("stopped contact with the person")
    CONTACT_RESUMED = "intake.contact_resumed", _("allowed contact with the person again")
    DELETION_WISHED = "intake.deletion_wished", _("asked us to delete everything")
    PLAN_CONFIRMED = "intake.plan_confirmed", _("confirmed how to reach them")
    PLAN_CHANGED = "intake.plan_changed", _("changed how to reach them")
    CONSENT_OFFERED = "intake.consent_offered", _("asked the person for consent on their own page")
    CONSENT_TAKEN_BACK = "intake.consent_taken_back", _("took a question for consent back")
    CONSENT_ANSWERED = "intake.consent_answered", _("answered a question for consent")
    EXPIRED = "intake.expired", _("deleted unfinished drafts that were past their days")
