"""Writes sign-in and sign-out into the trail."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out

from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="rainbowrail.accounts.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="rainbowrail.accounts.signed_out")


def _signed_in(*, user: Any, **_: Any) -> None:
    record(KernelVerb.SIGNED_IN, by=user.actor)


def _signed_out(*, user: Any, **_: Any) -> None:
    if user is not None:
        record(KernelVerb.SIGNED_OUT, by=user.actor)
