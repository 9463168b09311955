"""The challenge of a sign-in by passkey travels in a signed cookie: what a stranger asks for writes nothing here.

A session would be a row for each GET of anybody. The cookie lives five minutes; a challenge that opened a session once opens
none again, so that a recorded signature is worth nothing.
"""

from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, JsonResponse

SECONDS = 5 * 60
SALT = "rainbowrail.accounts.passkey_challenge"


def begin(request: HttpRequest) -> JsonResponse:
    """Answer with what the browser must sign, and give it the challenge to keep."""
    response = JsonResponse(webauthn.begin_authentication())
    state = request.session.pop(webauthn.STATE_SESSION_KEY)
    response.set_signed_cookie(
        _cookie(),
        f"{state['challenge']} {state['user_verification']}",
        salt=SALT,
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def bring_back(request: HttpRequest) -> str:
    """Put the challenge where allauth looks for it, for this request; return it, or the empty text when there is none."""
    try:
        kept = request.get_signed_cookie(_cookie(), salt=SALT, max_age=SECONDS)
    except (KeyError, BadSignature):
        return ""
    challenge, _, verification = str(kept).partition(" ")
    state: dict[str, Any] = {"challenge": challenge, "user_verification": verification}
    request.session[webauthn.STATE_SESSION_KEY] = state
    return challenge


def take_away(request: HttpRequest) -> None:
    """Leave nothing in the session: an empty one of a stranger is not written."""
    request.session.pop(webauthn.STATE_SESSION_KEY, None)


def use_up(challenge: str) -> bool:
    """Whether this challenge has opened nothing yet; from now on it has."""
    return bool(challenge) and cache.add(f"sign-in:challenge:{challenge}", 1, timeout=SECONDS)


def forget(response: HttpResponse) -> None:
    response.delete_cookie(_cookie(), samesite="Strict")


def _cookie() -> str:
    return f"{settings.SESSION_COOKIE_NAME}-challenge"
