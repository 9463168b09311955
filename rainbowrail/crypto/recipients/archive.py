"""Seals a packet for an office without any key: an AES-256 zip under a passphrase that we make, told over a second channel.

Format: WinZip AE-2, which 7-Zip, WinZip and Keka open. Outside stands one entry with a neutral name, the earliest date and no
checksum of what is inside (AE-2, not AE-1); the names, sizes and number of the inner files are closed. The format stretches the
passphrase hardly at all (PBKDF2-HMAC-SHA1, 1,000 rounds): its safety is that of the passphrase, so we never take one from a
person. The integrity code has 80 bits; the signed manifest inside says more.
"""

import io
import secrets

import pyzipper

from rainbowrail.crypto.recipients.base import EXTENSIONS, KeyRefused, NotAPublicKey, RecipientKind, SealedFile

MEDIA_TYPE = "application/zip"
INNER_NAME = "packet.zip"
NEUTRAL_TIME = (1980, 1, 1, 0, 0, 0)

# Small letters and digits without i, l, o and u, which are misheard or misread: 5 bits a sign.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
GROUPS, GROUP = 6, 4
BITS = 5 * GROUPS * GROUP  # 120

# The ICAO spelling alphabet, known to every office with a telephone.
WORDS = (
    "zero one two three four five six seven eight nine Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike "
    "November Papa Quebec Romeo Sierra Tango Victor Whiskey Xray Yankee Zulu"
)
SPOKEN = dict(zip(ALPHABET, WORDS.split(), strict=True))


class PassphraseTooWeak(KeyRefused):
    """The passphrase is not one that `make_passphrase` makes."""


def make_passphrase() -> str:
    """Return a fresh passphrase of 120 random bits: six groups of four, such as `7kq2-…`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def spoken(passphrase: str) -> list[str]:
    """Return each group as words to say on the telephone."""
    return [" ".join(SPOKEN[sign] for sign in group) for group in passphrase.split("-")]


def check_public_key(text: str, /) -> str:
    """Return the empty text: an office that gets archives has no key. Raises NotAPublicKey for anything else."""
    if text.strip():
        raise NotAPublicKey("An office that opens archives by passphrase has no key; leave this empty.")
    return ""


def fingerprint(key: str, /) -> str:
    """Return the empty text: there is nothing to compare."""
    return ""


def seal(data: bytes, key: str, /) -> SealedFile:
    """Return the zip in an AES-256 zip under this passphrase. Raises PassphraseTooWeak."""
    groups = key.split("-")
    if len(groups) != GROUPS or any(len(group) != GROUP or not set(group) <= set(ALPHABET) for group in groups):
        raise PassphraseTooWeak("A passphrase is made by this program, never by a person.")
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", compression=pyzipper.ZIP_STORED) as archive:
        archive.setpassword(key.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=pyzipper.zipfile_aes.WZ_AES_V2)
        entry = pyzipper.zipfile_aes.AESZipInfo(INNER_NAME, date_time=NEUTRAL_TIME)
        entry.create_system = 0
        archive.writestr(entry, data)
    return SealedFile(target.getvalue(), EXTENSIONS[RecipientKind.ARCHIVE], MEDIA_TYPE)
