"""A second factor is bound to its person: a row copied from somebody else, or slipped in beside theirs, proves nothing.

allauth seals and opens secrets without saying whose they are, and stores passkeys in the clear. So every factor gets, when it
is made, a note beside it: what it rests on, sealed for its person and kind under the key that only the staff web holds.
Whatever shows that somebody is who they say asks `is_theirs` first.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils.crypto import constant_time_compare

from rainbowrail.crypto import keyring, small_seals
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.sources.files import Kind
from rainbowrail.web import logs

LABEL = "staff factor of a person"
NOTE = "whose"
# What a factor of each kind rests on. Nothing that changes by use: a note is written once.
RESTS_ON = {
    Authenticator.Type.TOTP: "secret",
    Authenticator.Type.RECOVERY_CODES: "seed",
    Authenticator.Type.WEBAUTHN: "credential",
}


def bind(*, instance: Authenticator, **_: Any) -> None:
    """Write the note of a factor that is being added; a receiver of `pre_save`. Raises KeyNotHeld outside the staff web."""
    if not instance._state.adding:
        return
    key_id, key = keyring.newest(Kind.TOTP)
    sealed = small_seals.seal(key, _digest(instance), label=LABEL, context=_context(instance), row_id=_person(instance))
    instance.data[NOTE] = f"{key_id}.{urlsafe_b64encode(sealed).decode()}"


def is_theirs(factor: Authenticator) -> bool:
    """Whether this factor was added by this person, as it stands. One that was not is said in the log."""
    try:
        key_id, _, sealed = str(factor.data[NOTE]).partition(".")
        key = keyring.secret(Kind.TOTP, key_id)
        noted = small_seals.open_sealed(
            key, urlsafe_b64decode(sealed), label=LABEL, context=_context(factor), row_id=_person(factor)
        )
        holds = constant_time_compare(noted, _digest(factor))
    except (CryptoError, KeyError, ValueError) as error:
        logs.failure("factor_is_not_theirs", error, row_id=factor.pk)
        return False
    # Codes that were brought from elsewhere would be taken in place of those of the seed; nobody here ever brings any.
    return holds and "migrated_codes" not in factor.data


def _digest(factor: Authenticator) -> bytes:
    kept = factor.data[RESTS_ON[Authenticator.Type(factor.type)]]
    return sha256(json.dumps(kept, sort_keys=True).encode()).digest()


def _context(factor: Authenticator) -> str:
    return f"authenticator.{factor.type}.v1"


def _person(factor: Authenticator) -> UUID:
    return UUID(int=factor.user_id)
