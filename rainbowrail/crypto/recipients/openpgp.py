"""Seals a packet to an official's OpenPGP certificate (RFC 4880, RFC 9580), so that `gpg --decrypt` opens it.

An optional part (`rainbowrail[openpgp]`): Sequoia, through pysequoia, which checks every signature in the certificate. It does
not check how old a certificate is when it seals, so that is done here, part by part: only parts for encryption that are alive,
not revoked and strong enough are left in the certificate it is given. The file names the key it is for (its id) and nothing
else; Sequoia's own messages may carry a trace of the program and are not repeated.
"""

from datetime import UTC, datetime

from pysequoia import Cert, encrypt
from pysequoia.packet import Packet, PacketPile, PublicKeyAlgorithm, SignatureType, Tag

from rainbowrail.crypto.recipients.base import (
    EXTENSIONS,
    LONGEST_KEY,
    RSA_BITS,
    KeyExpired,
    KeyRefused,
    KeyRevoked,
    KeyTooWeak,
    KeyUnsuitable,
    NotAPublicKey,
    RecipientKind,
    SealedFile,
    SecretKeyGiven,
)

MEDIA_TYPE = "application/pgp-encrypted"
RSA = (PublicKeyAlgorithm.RSAEncryptSign, PublicKeyAlgorithm.RSAEncrypt)
BROKEN = (PublicKeyAlgorithm.ElGamalEncrypt, PublicKeyAlgorithm.ElGamalEncryptSign)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def check_public_key(text: str, /) -> str:
    """Return the certificate as armoured text. Raises KeyRefused by name."""
    _usable(text)
    return str(_parse(text)[0])


def fingerprint(key: str, /) -> str:
    """Return the fingerprint of the primary key: `gpg --fingerprint`, without the spaces."""
    return _parse(key)[0].fingerprint.lower()


def seal(data: bytes, key: str, /) -> SealedFile:
    """Return the data as one binary OpenPGP message. Raises KeyRefused by name."""
    try:
        sealed = bytes(encrypt(data, recipients=[_usable(key)], armor=False))
    except RuntimeError:
        raise KeyUnsuitable("This certificate cannot be sealed to.") from None
    return SealedFile(sealed, EXTENSIONS[RecipientKind.OPENPGP], MEDIA_TYPE)


def _parse(text: str) -> tuple[Cert, list[Packet]]:
    try:
        packets = list(PacketPile.from_bytes(text.encode())) if len(text) <= LONGEST_KEY else []
        if any(packet.tag in (Tag.SecretKey, Tag.SecretSubkey) for packet in packets):
            raise SecretKeyGiven("This holds a secret key: it must never leave the office. Ask for the public key alone.")
        certificates = Cert.split_bytes(text.encode()) if packets else []
        if len(certificates) != 1:
            raise NotAPublicKey("An OpenPGP key is one block of text that begins with BEGIN PGP PUBLIC KEY BLOCK.")
        return certificates[0], list(PacketPile.from_bytes(bytes(certificates[0])))
    except RuntimeError:
        raise NotAPublicKey("This is no OpenPGP public key.") from None


def _usable(text: str) -> Cert:
    """Return the certificate with only those parts for encryption that may be sealed to today."""
    certificate, packets = _parse(text)
    try:
        ends = certificate.expiration
    except RuntimeError:
        raise KeyTooWeak("This key is of an algorithm or a size that is not considered secure any more.") from None
    if certificate.is_revoked:
        raise KeyRevoked("This key was revoked by its owner.")
    if ends is not None and ends <= datetime.now(UTC):
        raise KeyExpired("This key has expired.")
    primary, *others = _parts(packets)
    judged = [(part, _refusal(part)) for part in others if _encrypts(part)]
    good = [part for part, refusal in judged if refusal is None]
    if _encrypts(primary) and (refusal := _refusal(primary)):
        raise refusal  # it cannot be left out
    if not good and not _encrypts(primary):
        raise next((refusal for _part, refusal in judged if refusal), KeyUnsuitable("This key is for signing only."))
    return Cert.from_packets([packet for part in (primary, *good) for packet in part])


def _parts(packets: list[Packet]) -> list[list[Packet]]:
    """Return the primary key with its names and signatures, then each subkey with its signatures."""
    parts: list[list[Packet]] = [[]]
    for packet in packets:
        if packet.tag == Tag.PublicSubkey:
            parts.append([])
        parts[-1].append(packet)
    return parts


def _encrypts(part: list[Packet]) -> bool:
    flags = [packet.key_flags for packet in part if packet.tag == Tag.Signature and packet.key_flags]
    return any(flag.transport_encryption or flag.storage_encryption for flag in flags)


def _refusal(part: list[Packet]) -> KeyRefused | None:
    """Return why this part may not be sealed to, or None."""
    key, signatures = part[0], [packet for packet in part if packet.tag == Tag.Signature]
    if any(signature.signature_type == SignatureType.SubkeyRevocation for signature in signatures):
        return KeyRevoked("The part of this key for encryption was revoked by its owner.")
    bindings = [signature for signature in signatures if signature.signature_type == SignatureType.SubkeyBinding]
    newest = max(bindings, key=lambda signature: signature.signature_created or LONG_AGO, default=None)
    lives = newest.key_validity_period if newest is not None else None
    if lives and key.key_created and key.key_created + lives <= datetime.now(UTC):
        return KeyExpired("The part of this key for encryption has expired.")
    if key.key_algorithm in BROKEN or (key.key_algorithm in RSA and _rsa_bits(key) < RSA_BITS):
        return KeyTooWeak(f"The part of this key for encryption is weaker than RSA with {RSA_BITS} bits.")
    return None


def _rsa_bits(key: Packet) -> int:
    """Return the length of the modulus: the first number after version, day and algorithm (and, in version 6, a length)."""
    start = 10 if key.body[0] == 6 else 6
    return int.from_bytes(key.body[start : start + 2])
