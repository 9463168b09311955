"""What the clock asks for."""

from celery import shared_task

from rainbowrail.accounts.sessions import SessionStore


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that ran out."""
    SessionStore.clear_expired()
