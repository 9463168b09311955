"""Seals a packet to an official's age key (`age1…`), so that `age -d -i key.txt` opens it and nobody else can.

Format: age-encryption.org/v1, X25519 recipients. An `age1…` key takes no post-quantum half: a packet is read within days, and
whoever can keep the file for decades is told so on the page where the key is entered (docs/decisions/0014).
"""

import pyrage

from rainbowrail.crypto.errors import CryptoError


class NotAnAgeKey(CryptoError, ValueError):
    """The text is no age public key."""


def check_public_key(text: str) -> str:
    """Return the key without surrounding space. Raises NotAnAgeKey with a sentence that says what is wrong, without repeating
    the text."""
    key = text.strip()
    if key.upper().startswith("AGE-SECRET-KEY-"):
        raise NotAnAgeKey(
            "This is a secret key: it must never leave the office. Ask for the public key, which begins with age1."
        )
    if not key.startswith("age1"):
        raise NotAnAgeKey("An age public key begins with age1 and has 62 characters.")
    _recipient(key)
    return key


def seal(data: bytes, public_key: str) -> bytes:
    """Return the data as one binary age file for this key alone. Raises NotAnAgeKey."""
    return bytes(pyrage.encrypt(data, [_recipient(public_key)]))


def make_pair() -> tuple[str, str]:
    """Return a fresh public and secret key, for an invented official or a test; a real one makes theirs with age-keygen."""
    pair = pyrage.x25519.Identity.generate()
    return str(pair.to_public()), str(pair)


def _recipient(public_key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(public_key)
    except pyrage.RecipientError:
        raise NotAnAgeKey("This is no valid age public key: a letter is wrong or missing.") from None
