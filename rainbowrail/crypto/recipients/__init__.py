"""Sealing to keys that are not ours: one module per kind of key an office may have (docs/decisions/0064)."""

from importlib.util import find_spec

from rainbowrail.crypto.recipients.base import KindNotInstalled, RecipientKind, Sealer

__all__ = ["available", "sealer"]


def sealer(kind: RecipientKind) -> Sealer:
    """Return what seals to this kind of key. Raises KindNotInstalled; each library is loaded when it is first needed."""
    if kind not in available():
        raise KindNotInstalled("Sealing to OpenPGP certificates needs the optional part: install rainbowrail[openpgp].")
    match kind:
        case RecipientKind.AGE:
            from rainbowrail.crypto.recipients import age

            return age
        case RecipientKind.OPENPGP:
            from rainbowrail.crypto.recipients import openpgp

            return openpgp
        case RecipientKind.SMIME:
            from rainbowrail.crypto.recipients import cms

            return cms
        case RecipientKind.ARCHIVE:
            from rainbowrail.crypto.recipients import archive

            return archive


def available() -> tuple[RecipientKind, ...]:
    """Return the kinds that this installation can seal to."""
    return tuple(kind for kind in RecipientKind if kind is not RecipientKind.OPENPGP or find_spec("pysequoia"))
