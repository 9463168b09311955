"""Who is told that something waits."""

from cases.notifications import NEW_EMERGENCY, to_person
from rainbowrail.accounts.models import User
from rainbowrail.notifications import outbox
from rainbowrail.roles import Role


def tell_leads_of_emergency() -> None:
    """Queue a notice to each triage lead; a lead with one still waiting gets no second, so that a surge is not a flood."""
    for lead_id in User.objects.with_role(Role.TRIAGE_LEAD).values_list("pk", flat=True):
        outbox.queue(NEW_EMERGENCY, to_person(lead_id))
