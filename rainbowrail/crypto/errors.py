"""The named ways in which sealing says no. None carries a key, a code or an opened value, and none is ever turned into a
default.

Messages name columns, key ids and numbers only, so that they may be logged.
"""

from enum import StrEnum


class CryptoError(Exception):
    """Something about sealing failed; nothing was opened."""


class OpenFailed(CryptoError):
    """The value does not open here: tampered, cut short, or moved from another row, column, subject or compartment."""


class UnknownVersion(CryptoError):
    """The value names a format this code does not know; formats are never guessed or downgraded."""


class KeyMissing(CryptoError):
    """The key that closes this value is not there: destroyed, never made, or not in this process's folder any more."""


class KeyNotHeld(CryptoError):
    """This process may not hold the key that this needs; another process has to do it."""


class KeyConflict(CryptoError):
    """A different key already stands for this subject, compartment and version."""


class KeyFileUnreadable(CryptoError):
    """A file in the key folder is not a key file of the kind its name says."""


class KeyServiceUnreachable(CryptoError):
    """The outside key service that closes the store key does not answer, or is sealed."""


class KeyServiceRefused(CryptoError):
    """The outside key service, or what we know of it, does not fit: token, policy, key name, settings."""


class KeyStillNeeded(CryptoError):
    """A key cannot be destroyed yet: it is in use, something is still closed to it, or it is too young."""


class RotationUnderWay(CryptoError):
    """Another rotation holds the lock; two at once would each make a new key."""


class RotationHeld(CryptoError):
    """Keys must not turn now: the panic plan is in force, and nobody has vouched for the hosts."""


class ShareUnreadable(CryptoError):
    """A recovery share is misspelt, of another set, or there are too few of them."""


class BackupUnreadable(CryptoError):
    """A backup or recovery file is not one of ours, is cut short, was altered, or belongs to another version of the code."""


class HybridMissing(CryptoError):
    """The installed library cannot do the post-quantum hybrid; there is no weaker fallback, so the process must not start."""


class NoScope(CryptoError):
    """A fresh key was asked for outside `datakeys.scope()`: nobody would remember it."""


class SealedFieldLookup(CryptoError):
    """A sealed column was used in a filter, an update or a bulk update."""


class NotForCopies(CryptoError):
    """Keys and opened values are not pickled, printed or serialised."""


class Busy(CryptoError):
    """Too many return codes are being checked at this moment; try again in a minute."""


class CodeFault(StrEnum):
    """What is wrong with a return code as typed; the page has a sentence for each."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CHECK_DIGIT = "check_digit"


class ReturnCodeUnreadable(CryptoError):
    """The text typed cannot be a return code; `reason` says why, and what was typed is not repeated."""

    def __init__(self, reason: CodeFault) -> None:
        super().__init__(f"Not a return code: {reason.value}.")
        self.reason = reason


class VisitSecretUnreadable(CryptoError):
    """The visit cookie does not hold a secret of the right shape."""
