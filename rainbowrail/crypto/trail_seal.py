"""Keyed hashes of the audit trail: one over each line when it is written, one over each link of the chain afterwards.

HMAC-SHA256 under keys derived from the newest audit key; the id of that key stands in front, so that older lines stay checkable
after the key turned. Form: `<key id>:<nonce>:<64 hex digits>`; the nonce makes each seal
unlike every other, so that a copied line shows. A seal proves that a process with the audit key wrote the line, not that
what it says is true.
"""

import hashlib
import hmac
import secrets

from rainbowrail.crypto import keyring
from rainbowrail.crypto.derivation import derive
from rainbowrail.crypto.encoding import Part, encode
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.sources.files import Kind

MAX_CHARS = 120
NONCE_BYTES = 8


def seal(label: str, *parts: Part) -> str:
    """Return the keyed hash of these parts under the newest audit key. Raises KeyNotHeld in a process without one."""
    key_id, secret = keyring.newest(Kind.AUDIT)
    nonce = secrets.token_hex(NONCE_BYTES)
    return f"{key_id}:{nonce}:{_mac(secret, label, nonce, parts)}"


def holds(stated: str, label: str, *parts: Part) -> bool:
    """Say whether a seal belongs to these parts; an unknown key id is a no. Raises KeyNotHeld without any audit key."""
    key_id, _, rest = stated.partition(":")
    nonce, _, mac = rest.partition(":")
    try:
        secret = keyring.secret(Kind.AUDIT, key_id)
    except KeyMissing:
        return False
    return hmac.compare_digest(_mac(secret, label, nonce, parts).encode(), mac.encode())


def can_seal() -> bool:
    """Whether this process holds an audit key; the owner's commands do not."""
    return keyring.current().holds(Kind.AUDIT)


def _mac(secret: bytes, label: str, nonce: str, parts: tuple[Part, ...]) -> str:
    key = derive(secret, "rainbowrail audit trail", label)
    return hmac.new(key, encode(label, nonce, *parts), hashlib.sha256).hexdigest()
