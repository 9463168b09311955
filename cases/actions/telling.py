"""Who is told that something waits."""

from cases.models import Case
from cases.need_to_know import hidden_from
from cases.notifications import KEPT_ASIDE, LOOK_AT_CASE, NEW_EMERGENCY
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import to_person
from rainbowrail.notifications import outbox
from rainbowrail.notifications.kinds import NotificationKind
from rainbowrail.roles import Role


def tell_leads_of_emergency() -> None:
    """Queue a notice to each triage lead; a lead with one still waiting gets no second, so that a surge is not a flood."""
    _tell_leads(NEW_EMERGENCY)


def tell_leads_to_look() -> None:
    """Queue a notice to each lead that contact was stopped in a case that nobody owns."""
    _tell_leads(LOOK_AT_CASE)


def tell_leads_of_kept_aside() -> None:
    """Queue a notice to each lead that something an applicant sent did not open: a person may be behind it."""
    _tell_leads(KEPT_ASIDE)


def tell_owner_or_leads(case: Case, kind: NotificationKind) -> None:
    """Queue a notice about a case to its owner, or the word to look to each lead where nobody who owns it may know of it."""
    if case.owner is not None and case.owner.is_active and not _is_hidden_from(case, case.owner):
        outbox.queue(kind, case.pk)
    else:
        tell_leads_to_look()


def _tell_leads(kind: NotificationKind) -> None:
    for lead_id in User.objects.with_role(Role.TRIAGE_LEAD).values_list("pk", flat=True):
        outbox.queue(kind, to_person(lead_id))


def tell_leads_of(case: Case, kind: NotificationKind) -> None:
    """Queue a notice about one case to each lead who may know of it."""
    for lead in User.objects.with_role(Role.TRIAGE_LEAD):
        if not _is_hidden_from(case, lead):
            outbox.queue(kind, to_person(lead.pk))


def _is_hidden_from(case: Case, who: User) -> bool:
    return Case.objects.filter(hidden_from(who.actor), pk=case.pk).exists()
