"""Cuts a secret into n shares of which any k give it back and fewer say nothing: Shamir's scheme over GF(256).

Why our own and not a package: docs/decisions/0018. The field is that of AES (x⁸ + x⁴ + x³ + x + 1). Each byte of the secret is
the value at 0 of a random polynomial of degree k - 1; a share is the value at its number. No table is looked up by a secret
byte and no branch is taken on one, so that time tells nothing; Python promises no more than that. Pure.
"""

import secrets
from collections.abc import Mapping

MOST_SHARES = 255
REDUCTION = 0x1B


def split(secret: bytes, *, needed: int, shares: int) -> dict[int, bytes]:
    """Return `shares` shares by number, 1 and up, each as long as the secret. Raises ValueError for 2 ≤ needed ≤ shares ≤ 255
    not holding."""
    if not 2 <= needed <= shares <= MOST_SHARES:
        raise ValueError(f"Of 2 to {MOST_SHARES} shares at least 2 and at most all are needed.")
    # Coefficients of each power, one a byte of the secret; the secret itself is power 0.
    powers = [secret, *(secrets.token_bytes(len(secret)) for _ in range(needed - 1))]
    return {number: _at(powers, number) for number in range(1, shares + 1)}


def join(shares: Mapping[int, bytes]) -> bytes:
    """Return the secret of which these are shares. Too few, or strangers, give another value without a complaint: whoever calls
    this compares what comes out with something. Raises ValueError for shares that cannot be."""
    lengths = {len(share) for share in shares.values()}
    if len(lengths) != 1 or not all(1 <= number <= MOST_SHARES for number in shares):
        raise ValueError("Shares of one secret have one length and numbers from 1 to 255.")
    secret = bytes(lengths.pop())
    for number, share in shares.items():
        # Lagrange's weight of this share at 0: Π other / (other - number); in this field, minus is XOR.
        weight = 1
        for other in shares:
            if other != number:
                weight = multiply(weight, multiply(other, inverse(other ^ number)))
        secret = bytes(was ^ multiply(weight, byte) for was, byte in zip(secret, share, strict=True))
    return secret


def multiply(a: int, b: int) -> int:
    """Return a · b in the field, in the same steps for every pair."""
    product = 0
    for _ in range(8):
        product ^= a & -(b & 1)
        b >>= 1
        a = ((a << 1) & 0xFF) ^ (REDUCTION & -(a >> 7))
    return product


def inverse(a: int) -> int:
    """Return 1 / a, as a to the power of 254; of 0 it is 0."""
    result = 1
    for _ in range(7):  # 254 = 0b11111110
        a = multiply(a, a)
        result = multiply(result, a)
    return result


def _at(powers: list[bytes], number: int) -> bytes:
    value = bytes(len(powers[0]))
    for coefficients in reversed(powers):
        value = bytes(multiply(was, number) ^ coefficient for was, coefficient in zip(value, coefficients, strict=True))
    return value
