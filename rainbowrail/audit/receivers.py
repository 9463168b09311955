"""Puts what happens to keys on record. Whoever turns one holds the audit key: the worker, or the operator with all folders."""

from typing import Any

from rainbowrail.actors import SYSTEM
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.crypto import key_events


def listen() -> None:
    key_events.turned.connect(_turned, dispatch_uid="rainbowrail.audit.key_turned")
    key_events.destroyed.connect(_destroyed, dispatch_uid="rainbowrail.audit.key_destroyed")
    key_events.copied.connect(_copied, dispatch_uid="rainbowrail.audit.key_copied")


def _turned(*, kind: str, key_id: str, **_: Any) -> None:
    record(KernelVerb.KEY_TURNED, by=SYSTEM, detail={"kind": kind, "version": key_id})


def _destroyed(*, kind: str, key_id: str, **_: Any) -> None:
    record(KernelVerb.KEY_DESTROYED, by=SYSTEM, detail={"kind": kind, "version": key_id})


def _copied(*, kind: str, key_id: str, **_: Any) -> None:
    record(KernelVerb.KEYS_COPIED, by=SYSTEM, detail={"kind": kind.replace(" ", "_"), "version": key_id})
