"""The secret in the visit cookie: 32 random bytes that only the browser keeps; the database has its hash.

Hash and wrapping key come from the secret by different labels, so that the stored hash tells nothing about the key.
"""

import hashlib
import re
import secrets
from uuid import UUID

from rainbowrail.crypto import small_seals
from rainbowrail.crypto.derivation import derive
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import VisitSecretUnreadable

SECRET_BYTES = 32
SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
LABEL = "rainbowrail visit wrap"


def new() -> str:
    """Return a fresh secret as 43 characters fit for a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """Return the 64 hex digits under which the visit is stored. Raises VisitSecretUnreadable for what `new` cannot have
    made."""
    return hashlib.sha256(encode("rainbowrail visit hash", _checked(secret))).hexdigest()


def wrap(secret: str, payload: bytes, *, context: str, row_id: UUID) -> bytes:
    """Return the payload closed under the secret, for one row. Raises VisitSecretUnreadable."""
    return small_seals.seal(_wrapping_key(secret), payload, label=LABEL, context=context, row_id=row_id)


def unwrap(secret: str, sealed: bytes, *, context: str, row_id: UUID) -> bytes:
    """Return the payload. Raises VisitSecretUnreadable, UnknownVersion, OpenFailed."""
    return small_seals.open_sealed(_wrapping_key(secret), sealed, label=LABEL, context=context, row_id=row_id)


def _wrapping_key(secret: str) -> bytes:
    return derive(_checked(secret).encode(), "rainbowrail visit wrapping key", small_seals.VERSION)


def _checked(secret: str) -> str:
    if not SHAPE.fullmatch(secret):
        raise VisitSecretUnreadable("The visit cookie does not hold a secret of ours.")
    return secret
