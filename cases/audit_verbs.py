from django.utils.translation import gettext_lazy as _

from rainbowrail.audit.verbs import AuditVerb


class CaseVerb(AuditVerb):
    """What people do to cases, as the trail says it. Values are never reused or renamed."""

    OPENED = "cases.opened", _("opened the case")
    QUEUE_VIEWED = "cases.queue_viewed", _("looked at the queue")
    CLAIMED = "cases.claimed", _("took the case")
    ASSIGNED = "cases.assigned", _("gave the case to somebody")
    HANDED_OVER = "cases.handed_over", _("handed the case over")
    NOTE_WRITTEN = "cases.note_written", _("wrote a note")
    ASKED = "cases.asked", _("asked the applicant a question")
    TOLD = "cases.told", _("wrote to the applicant")
    ANSWERED = "cases.answered", _("answered")
    STOPPED_WAITING = "cases.stopped_waiting", _("stopped waiting for an answer")
    ASSESSED = "cases.assessed", _("wrote an assessment")
    VERIFIED = "cases.verified", _("found the account verified")
    DOUBTED = "cases.doubted", _("sent the case back to review")
    SUPPORT_PLANNED = "cases.support_planned", _("planned support")
    READY = "cases.ready", _("marked the case ready for referral")
    REFERRED = "cases.referred", _("recorded the referral")
    OUTCOME = "cases.outcome", _("recorded the outcome")
    CLOSED = "cases.closed", _("closed the case")
    REOPENED = "cases.reopened", _("reopened the case")
    NEXT_STEP = "cases.next_step", _("set the next step")
    IDENTITY_OPENED = "cases.identity_opened", _("asked to see who the person is")
    FILE_SHOWN = "cases.file_shown", _("looked at a file")
    FILE_DOWNLOADED = "cases.file_downloaded", _("downloaded a file as it was sent")
    FILE_ERASED = "cases.file_erased", _("erased a file")
    SCORED = "cases.scored", _("scored the urgency")
    URGENCY_SET = "cases.urgency_set", _("set the urgency")
    URGENCY_PROPOSED = "cases.urgency_proposed", _("proposed a lower urgency")
    URGENCY_CONFIRMED = "cases.urgency_confirmed", _("confirmed a lower urgency")
    URGENCY_REFUSED = "cases.urgency_refused", _("refused a lower urgency")
    COMPARED = "cases.compared", _("compared the person with others")
    MAY_BE_SAME = "cases.may_be_same", _("found a case that may be the same person’s")
    SAME_PERSON = "cases.same_person", _("found that two cases are one person’s")
    NOT_THE_SAME = "cases.not_the_same", _("found that two cases are two people’s")
    SEARCHED = "cases.searched", _("searched for a person")
