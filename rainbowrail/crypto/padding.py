"""Hides lengths: Padmé, after Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs"
(2019).

A length L leaks about log log L bits instead of log L, for at most 12 % more bytes. Short values (a date, "yes" or "no", a
name) all come out at `FLOOR` bytes, since Padmé alone hides nothing below some 16 bytes; the 12 % hold from there on.
"""

from rainbowrail.crypto.errors import OpenFailed

LENGTH_BYTES = 4
FLOOR = 64
LONGEST = 2 ** (8 * LENGTH_BYTES) - 1


def padded_length(length: int) -> int:
    """Return how long `length` bytes (its length prefix included) become."""
    if length <= FLOOR:
        return FLOOR
    exponent = length.bit_length() - 1
    cleared = exponent - exponent.bit_length()
    mask = (1 << cleared) - 1
    return (length + mask) & ~mask


def pad(plaintext: bytes) -> bytes:
    """Return the length (4 bytes, big endian), the plaintext and zeros. Raises ValueError for 4 GiB or more."""
    if len(plaintext) > LONGEST:
        raise ValueError("Too long to seal in one piece; files are sealed in parts.")
    framed = len(plaintext).to_bytes(LENGTH_BYTES) + plaintext
    return framed.ljust(padded_length(len(framed)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Return what `pad` was given. Raises OpenFailed for anything `pad` would not have made.

    Runs only on bytes whose tag was checked, so that it tells an attacker nothing; the strictness keeps one form per value.
    """
    length = int.from_bytes(padded[:LENGTH_BYTES])
    end = LENGTH_BYTES + length
    if len(padded) < LENGTH_BYTES or len(padded) != padded_length(end) or any(padded[end:]):
        raise OpenFailed("The padding of a sealed value is not ours.")
    return padded[LENGTH_BYTES:end]
