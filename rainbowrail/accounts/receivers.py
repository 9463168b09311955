"""Writes what happens at sign-in into the trail, and marks the session of whoever showed both factors."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import pre_save

from rainbowrail.accounts import languages, session_ending, standing, trail, whose_factor
from rainbowrail.accounts.sessions import end_all_of
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb


def connect() -> None:
    for signal, receiver, name in (
        (user_logged_in, _signed_in, "signed_in"),
        (user_logged_out, _signed_out, "signed_out"),
        (authenticator_used, _factor_used, "factor_used"),
        (authenticator_added, _factor_added, "factor_added"),
        (authenticator_removed, _factor_removed, "factor_removed"),
        (authenticator_reset, _codes_renewed, "codes_renewed"),
    ):
        signal.connect(receiver, dispatch_uid=f"rainbowrail.accounts.{name}")
    pre_save.connect(whose_factor.bind, sender=Authenticator, dispatch_uid="rainbowrail.accounts.factor_bound")


def _signed_in(*, request: Any, user: Any, **_: Any) -> None:
    if request is not None:
        request.session[session_ending.BROWSER] = session_ending.family_of(request.headers.get("User-Agent", ""))
        languages.adopt(user, request)
    record(KernelVerb.SIGNED_IN, by=user.actor)


def _signed_out(*, user: Any, **_: Any) -> None:
    if user is not None:
        record(KernelVerb.SIGNED_OUT, by=user.actor)


def _factor_used(*, request: Any, user: Any, authenticator: Authenticator, reauthenticated: bool, **_: Any) -> None:
    """After the password, or alone when it is a passkey."""
    standing.mark(request, user)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record(KernelVerb.RECOVERY_CODE_USED, by=user.actor, on=user)
    if reauthenticated:
        record(KernelVerb.CONFIRMED, by=user.actor, detail={"kind": trail.KINDS[Authenticator.Type(authenticator.type)]})


def _factor_added(*, request: Any, user: Any, authenticator: Authenticator, **_: Any) -> None:
    trail.factor_changed(KernelVerb.FACTOR_ADDED, user, authenticator)
    end_all_of(user.pk, but=request.session.session_key)


def _factor_removed(*, request: Any, user: Any, authenticator: Authenticator, **_: Any) -> None:
    trail.factor_changed(KernelVerb.FACTOR_REMOVED, user, authenticator)
    end_all_of(user.pk, but=request.session.session_key)


def _codes_renewed(*, user: Any, **_: Any) -> None:
    record(KernelVerb.RECOVERY_CODES_RENEWED, by=user.actor, on=user)
