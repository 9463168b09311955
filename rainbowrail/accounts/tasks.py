"""What the clock asks for."""

from celery import shared_task

from rainbowrail.accounts import granting
from rainbowrail.accounts.sessions import SessionStore


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that ran out."""
    SessionStore.clear_expired()


@shared_task(name="accounts.end_roles_that_waited")
def end_roles_that_waited() -> None:
    """End the roles to which nobody agreed in time."""
    granting.end_overdue()
