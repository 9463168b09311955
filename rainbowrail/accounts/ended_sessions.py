"""Whose session it was that a cookie names and that has just run out. It opens nothing; it only lets a text be kept.

Decision 0058. A session that somebody ended (signing out, revoking it, closing the account) has no row any more, and one whose
person has a new password does not match: of these nothing is kept.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from rainbowrail.accounts import sessions, standing
from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.accounts.signals import is_kept
from rainbowrail.crypto.errors import KeyMissing, OpenFailed


def tell_of_form(request: HttpRequest) -> None:
    """Tell higher apps of a form that came in after its session had run out, so that what was typed is not lost.

    For the staff door, which answers with the sign-in page in any case. That no other site sent it was checked before.
    """
    if request.method == "POST" and (user := person_of_ended_session(request)) and is_kept(request, user):
        messages.info(
            request,
            _("Your session had ended. What you typed is kept, sealed, if its case is there for you: sign in to find it."),
        )


def person_of_ended_session(request: HttpRequest) -> User | None:
    """Return the active member of staff whose session ran out less than 16 hours ago (`models.session.REMEMBERED`), or None.

    None also for a session in which both factors were never shown: it opened nothing while it lasted.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    row = StaffSession.objects.ran_out().filter(key_hash=sessions.hash_of(key)).first()
    if row is None:
        return None
    try:
        told: dict[str, Any] = sessions.opened(row)
    except (KeyMissing, OpenFailed):
        return None
    user = User.objects.filter(pk=told.get(SESSION_KEY) or 0, is_active=True).first()
    if user is None or not constant_time_compare(told.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    shown = told.get(standing.KEY)
    return user if isinstance(shown, dict) and shown.get("person") == user.pk else None
