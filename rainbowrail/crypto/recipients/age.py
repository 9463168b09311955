"""Seals a packet to an official's age key (`age1…`), so that `age -d -i key.txt` opens it and nobody else can.

Format: age-encryption.org/v1, X25519 recipients; the file does not tell for which key it is. An `age1…` key takes no
post-quantum half: a packet is read within days, and whoever can keep the file for decades is told so on the page where the key
is entered (docs/decisions/0014).
"""

import hashlib

import pyrage

from rainbowrail.crypto.recipients.base import EXTENSIONS, NotAPublicKey, RecipientKind, SealedFile, SecretKeyGiven

MEDIA_TYPE = "application/octet-stream"


def check_public_key(text: str, /) -> str:
    """Return the key without surrounding space. Raises SecretKeyGiven and NotAPublicKey with a sentence that says what is
    wrong, without repeating the text."""
    key = text.strip()
    if "AGE-SECRET-KEY-" in key.upper():
        raise SecretKeyGiven(
            "This is a secret key: it must never leave the office. Ask for the public key, which begins with age1."
        )
    if not key.startswith("age1"):
        raise NotAPublicKey("An age public key begins with age1 and has 62 characters.")
    _recipient(key)
    return key


def fingerprint(key: str, /) -> str:
    """Return SHA-256 of the key's text: `age-keygen -y key.txt | tr -d '\\n' | sha256sum`."""
    return hashlib.sha256(key.encode()).hexdigest()


def seal(data: bytes, key: str, /) -> SealedFile:
    """Return the data as one binary age file for this key alone. Raises NotAPublicKey."""
    return SealedFile(
        bytes(pyrage.encrypt(data, [_recipient(check_public_key(key))])), EXTENSIONS[RecipientKind.AGE], MEDIA_TYPE
    )


def make_pair() -> tuple[str, str]:
    """Return a fresh public and secret key, for an invented official or a test; a real one makes theirs with age-keygen."""
    pair = pyrage.x25519.Identity.generate()
    return str(pair.to_public()), str(pair)


def _recipient(public_key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(public_key)
    except pyrage.RecipientError:
        raise NotAPublicKey("This is no valid age public key: a letter is wrong or missing.") from None
