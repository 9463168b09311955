"""Seals a packet to an official's S/MIME certificate: CMS EnvelopedData (RFC 5652) in DER, AES-256-CBC, RSA.

    openssl cms -decrypt -inform DER -in file.p7m -inkey key.pem -out packet.zip

The file names the certificate it is for (issuer and serial number) and nothing else. CBC says nothing about alteration: the
signed manifest inside the packet does. `cryptography` seals to RSA keys only. The issuer is not asked whether it revoked the
certificate, which would tell it whom we write to: the office says so, and the official is retired.
"""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from rainbowrail.crypto.recipients.base import (
    EXTENSIONS,
    LONGEST_KEY,
    RSA_BITS,
    KeyExpired,
    KeyNotYetValid,
    KeyTooWeak,
    KeyUnsuitable,
    NotAPublicKey,
    RecipientKind,
    SealedFile,
    SecretKeyGiven,
)

MEDIA_TYPE = "application/pkcs7-mime"
# A certificate that lists purposes must list one of these: e-mail, any, or Microsoft's document encryption.
PURPOSES = {
    x509.oid.ExtendedKeyUsageOID.EMAIL_PROTECTION,
    x509.oid.ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    x509.ObjectIdentifier("1.3.6.1.4.1.311.80.1"),
}


def check_public_key(text: str, /) -> str:
    """Return the certificate as PEM. Raises KeyRefused by name."""
    return _certificate(text).public_bytes(Encoding.PEM).decode()


def fingerprint(key: str, /) -> str:
    """Return SHA-256 of the certificate: `openssl x509 -noout -fingerprint -sha256`, without the colons."""
    return _parse(key).fingerprint(hashes.SHA256()).hex()


def seal(data: bytes, key: str, /) -> SealedFile:
    """Return the data as one enveloped message in DER. Raises KeyRefused by name."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(data).add_recipient(_certificate(key))
    sealed = builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    return SealedFile(sealed, EXTENSIONS[RecipientKind.SMIME], MEDIA_TYPE)


def _parse(text: str) -> x509.Certificate:
    if "PRIVATE KEY-----" in text:
        raise SecretKeyGiven("This holds a private key: it must never leave the office. Ask for the certificate alone.")
    try:
        found = x509.load_pem_x509_certificates(text.strip().encode()) if len(text) <= LONGEST_KEY else []
    except ValueError:
        found = []
    if len(found) != 1:
        raise NotAPublicKey("A certificate is one block of text that begins with BEGIN CERTIFICATE.")
    return found[0]


def _certificate(text: str) -> x509.Certificate:
    """Return a certificate that may be sealed to today."""
    certificate, now = _parse(text), datetime.now(UTC)
    if now < certificate.not_valid_before_utc:
        raise KeyNotYetValid("This certificate is not valid yet.")
    if now > certificate.not_valid_after_utc:
        raise KeyExpired("This certificate has expired.")
    try:
        key, extensions = certificate.public_key(), certificate.extensions
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise NotAPublicKey("This certificate cannot be read.") from None
    _check_purpose(extensions)
    if not isinstance(key, RSAPublicKey):
        raise KeyUnsuitable("Only certificates with an RSA key can be sealed to.")
    if key.key_size < RSA_BITS:
        raise KeyTooWeak(f"The RSA key of this certificate has fewer than {RSA_BITS} bits.")
    return certificate


def _check_purpose(extensions: x509.Extensions) -> None:
    """Raise KeyUnsuitable unless the certificate, where it states purposes, states this one."""
    for extension in extensions:
        match extension.value:
            case x509.KeyUsage() as usage if not usage.key_encipherment:
                raise KeyUnsuitable("This certificate is not meant for encryption; there may be a second one that is.")
            case x509.ExtendedKeyUsage() as purposes if not PURPOSES & set(purposes):
                raise KeyUnsuitable("This certificate is not meant for e-mail or documents.")
            case x509.BasicConstraints(ca=True):
                raise KeyUnsuitable("This certificate belongs to an authority, not to an official.")
