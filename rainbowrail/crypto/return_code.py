"""The return code: 25 digits that an applicant keeps, and that open what they may see again. We keep none of them.

    code     24 random digits (79.7 bits) and a check digit
    secret   = Argon2id(code, salt = pepper, 19 MiB, 2 passes, 1 lane)          20 to 80 ms
    locator  = HKDF(secret, "… locator …")             stored: SHA-256(locator), to find the row
    wrapping = HKDF(secret, "… wrapping key …")        never stored: closes the draft or conversation key

Entropy does the work: 2**79.7 codes; against a million of them at once some 2**60 Argon2 computations, and those only for
someone who also stole the pepper. The salt is the same for all codes by intent: without a name to look up, the row must be
found by the code. So nobody is ever locked out: not per code, not per address (docs/decisions/0012).

The check digit (Damm 2004) catches every single wrong digit and every swap of neighbours, in the browser's next page, before
any Argon2.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import NoReturn
from uuid import UUID

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from rainbowrail.crypto import keyring, small_seals
from rainbowrail.crypto.derivation import derive as derive_key
from rainbowrail.crypto.errors import CodeFault, KeyMissing, NotForCopies, ReturnCodeUnreadable
from rainbowrail.crypto.numerals import in_numerals_of, to_ascii
from rainbowrail.crypto.pool import Pool
from rainbowrail.crypto.sources.files import Kind

RANDOM_DIGITS = 24
DIGITS = RANDOM_DIGITS + 1
GROUP = 5
LONGEST_TEXT = 400  # code points; a code with generous separators has about 60
LIVE_PEPPERS = 2

PARAMS_VERSION = 1
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1

LABEL = "rainbowrail return code wrap"
SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf", "Pc"})  # spaces, dashes, direction marks, low lines
MORE_SEPARATORS = frozenset("\t\r\n\u2212\u00b7.")

# The quasigroup of order 10 of H. M. Damm's thesis (2004): totally anti-symmetric, zeros on the diagonal.
DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)

pool = Pool()


@dataclass(frozen=True, slots=True, eq=False)
class CodeKeys:
    """What a code becomes. Only `locator_hash` and the two versions may be stored."""

    locator: bytes = field(repr=False)
    wrapping_key: bytes = field(repr=False)
    locator_hash: str
    pepper_version: int
    params_version: int

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise NotForCopies("The keys of a return code are not pickled.")


def make() -> str:
    """Return a fresh code: 25 ASCII digits, the last of them the check digit."""
    digits = "".join(secrets.choice("0123456789") for _ in range(RANDOM_DIGITS))
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Return the digit that brings the Damm sum of `digits` to zero."""
    interim = 0
    for digit in digits:
        interim = int(DAMM[interim][int(digit)])
    return str(interim)


def show(code: str, language: str = "en") -> str:
    """Return the code as five groups of five in the numerals of the language, to be wrapped in `<bdi dir="ltr">`."""
    groups = (code[start : start + GROUP] for start in range(0, len(code), GROUP))
    return in_numerals_of(" ".join(groups), language)


def read(text: str) -> str:
    """Return the 25 ASCII digits of a code as somebody typed it: any numerals, with spaces, dashes or dots anywhere.

    Raises ReturnCodeUnreadable with the reason, without repeating the text.
    """
    if len(text) > LONGEST_TEXT:
        raise ReturnCodeUnreadable(CodeFault.TOO_LONG)
    digits = ""
    for character in text:
        digit = to_ascii(character)
        if digit is not None:
            digits += digit
        elif character not in MORE_SEPARATORS and unicodedata.category(character) not in SEPARATORS:
            raise ReturnCodeUnreadable(CodeFault.NOT_DIGITS)
    if not digits:
        raise ReturnCodeUnreadable(CodeFault.EMPTY)
    if len(digits) != DIGITS:
        raise ReturnCodeUnreadable(CodeFault.TOO_SHORT if len(digits) < DIGITS else CodeFault.TOO_LONG)
    if check_digit(digits) != "0":
        raise ReturnCodeUnreadable(CodeFault.CHECK_DIGIT)
    return digits


def derive(code: str, *, pepper_version: int | None = None) -> CodeKeys:
    """Return what the code opens, under the newest pepper or the one named. Takes a place in the pool for 20 to 80 ms.

    Raises ReturnCodeUnreadable for a text that is no code, Busy when too many are being derived, KeyNotHeld in a process
    without pepper, KeyMissing for a pepper that is gone.
    """
    digits = read(code)
    version = pepper_versions()[-1] if pepper_version is None else pepper_version
    pepper = keyring.secret(Kind.PEPPER, version)
    secret = pool.compute(lambda: stretch(digits, pepper))
    locator = derive_key(secret, "rainbowrail return code locator", PARAMS_VERSION, version)
    wrapping_key = derive_key(secret, "rainbowrail return code wrapping key", PARAMS_VERSION, version)
    return CodeKeys(locator, wrapping_key, hashlib.sha256(locator).hexdigest(), version, PARAMS_VERSION)


def stretch(digits: str, pepper: bytes) -> bytes:
    """Return the 32 bytes of Argon2id. The slow part: call it through `derive`, which holds a place in the pool."""
    return Argon2id(salt=pepper, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB).derive(digits.encode())


def derive_all(code: str) -> list[CodeKeys]:
    """Return what the code opens under each live pepper, newest first: one while no pepper turns, two while it does."""
    return [derive(code, pepper_version=version) for version in reversed(pepper_versions())]


def pepper_versions() -> list[int]:
    """Return the live pepper versions, oldest first. Raises KeyNotHeld, or KeyMissing when more than two are live."""
    versions = [int(key_id) for key_id in keyring.current().ids(Kind.PEPPER)]
    if len(versions) > LIVE_PEPPERS:
        raise KeyMissing(f"{len(versions)} peppers are in the key folder; at most {LIVE_PEPPERS} may be live.")
    return versions


def wrap(keys: CodeKeys, payload: bytes, *, context: str, row_id: UUID) -> bytes:
    """Return the payload closed under the code, for one row."""
    return small_seals.seal(keys.wrapping_key, payload, label=LABEL, context=context, row_id=row_id)


def unwrap(keys: CodeKeys, sealed: bytes, *, context: str, row_id: UUID) -> bytes:
    """Return the payload. Raises UnknownVersion or OpenFailed."""
    return small_seals.open_sealed(keys.wrapping_key, sealed, label=LABEL, context=context, row_id=row_id)


def keys_of_nobody() -> CodeKeys:
    """Return keys that no code gives: for a request whose person has none yet. Costs nothing. Raises KeyNotHeld, KeyMissing."""
    locator, wrapping_key = secrets.token_bytes(32), secrets.token_bytes(32)
    return CodeKeys(locator, wrapping_key, hashlib.sha256(locator).hexdigest(), pepper_versions()[-1], PARAMS_VERSION)


def decoy(size_like: bytes) -> tuple[str, bytes]:
    """Return a locator hash and a wrap that answer to no code, in the shape of a real row: same version byte, same size, else
    random."""
    return secrets.token_hex(32), size_like[:1] + secrets.token_bytes(len(size_like) - 1)
