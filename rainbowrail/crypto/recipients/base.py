"""What every kind of outside key has in common, and the named ways in which one is refused.

A key is checked when it is entered and again each time something is sealed to it, so that one which has expired since is not
used. That it belongs to the right person no program can know: a second person compares its fingerprint with the official.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rainbowrail.crypto.errors import CryptoError

# A packet must stay closed for decades; NIST SP 800-57 gives 2048 bits until 2030, BSI TR-02102-1 asks for 3000 since 2023.
RSA_BITS = 3072
LONGEST_KEY = 60_000  # characters; a certificate with many signatures has some 20,000


class RecipientKind(StrEnum):
    """The kinds of key an office may have; the values are stored and never renamed."""

    AGE = "age"
    OPENPGP = "openpgp"
    SMIME = "smime"
    ARCHIVE = "archive"


EXTENSIONS = {
    RecipientKind.AGE: ".zip.age",
    RecipientKind.OPENPGP: ".zip.gpg",
    RecipientKind.SMIME: ".zip.p7m",
    RecipientKind.ARCHIVE: ".zip",
}


class KeyRefused(CryptoError, ValueError):
    """This key must not be sealed to. No message repeats the text that was given."""


class NotAPublicKey(KeyRefused):
    """The text is no public key of this kind, or more than one."""


class SecretKeyGiven(KeyRefused):
    """The text holds a secret key, which must never leave the office."""


class KeyExpired(KeyRefused):
    """The key, or its part for encryption, is no longer valid."""


class KeyNotYetValid(KeyRefused):
    """The key becomes valid on a day to come."""


class KeyRevoked(KeyRefused):
    """The owner has declared the key, or its part for encryption, unusable."""


class KeyUnsuitable(KeyRefused):
    """The key is not made for this: for signing only, for a server, of an algorithm that cannot seal here."""


class KeyTooWeak(KeyRefused):
    """The key could be broken while the packet still matters."""


class KindNotInstalled(CryptoError):
    """The optional part of the installation that seals to this kind is not there."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file as it travels: its bytes, the ending of its name (`.zip.age`), and its media type."""

    data: bytes
    extension: str
    media_type: str


class Sealer(Protocol):
    """One module a kind. Nothing here touches a disk."""

    def check_public_key(self, text: str, /) -> str:
        """Return the key as it is to be stored. Raises KeyRefused by name."""
        ...

    def fingerprint(self, key: str, /) -> str:
        """Return the whole fingerprint in small hex digits, as the office's own tool prints it."""
        ...

    def seal(self, data: bytes, key: str, /) -> SealedFile:
        """Close a zip for the holder of this key alone. Raises KeyRefused by name."""
        ...
