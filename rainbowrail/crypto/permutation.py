"""A keyed permutation of 16-byte ids: AES-256 on exactly one block.

One block of AES is what "pseudorandom permutation" means; the known weakness of the mode called ECB is equal blocks in one
message, and here a message is one block. Equal ids give equal results, which is the purpose: the result is a name for the id
that only the holder of the key can make or undo. Nothing is authenticated: any 16 bytes undo to some id.
"""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK_BYTES = 16


def permute(key: bytes, block: bytes) -> bytes:
    """Return the 16 bytes that stand for these 16 bytes. Raises ValueError for any other length."""
    encryptor = _cipher(key, block).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def permute_back(key: bytes, block: bytes) -> bytes:
    """Return what `permute` was given. Raises ValueError for any other length than 16 bytes."""
    decryptor = _cipher(key, block).decryptor()
    return decryptor.update(block) + decryptor.finalize()


def _cipher(key: bytes, block: bytes) -> Cipher[ECB]:
    if len(block) != BLOCK_BYTES:
        raise ValueError(f"A block has {BLOCK_BYTES} bytes.")
    return Cipher(AES256(key), ECB())  # noqa: S305 - one block a message; see above
