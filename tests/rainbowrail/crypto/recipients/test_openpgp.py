from collections.abc import Iterator

import pytest
from pysequoia import CipherSuite, Profile, Tsk, decrypt

from rainbowrail.crypto.recipients import openpgp
from rainbowrail.crypto.recipients.base import (
    KeyExpired,
    KeyRevoked,
    KeyTooWeak,
    KeyUnsuitable,
    NotAPublicKey,
    SecretKeyGiven,
)
from tests.rainbowrail.crypto.foreign import GnuPG, gnupg

PACKET = "A packet, ein Päckchen, حزمة".encode() * 50


@pytest.fixture(scope="module")
def gpg() -> Iterator[GnuPG]:
    with gnupg() as home:
        yield home


@pytest.mark.parametrize("kind", ["future-default", "rsa3072"])
def test_gpg_opens_what_is_sealed_to_the_officials_key(gpg: GnuPG, kind: str) -> None:
    key = openpgp.check_public_key(gpg.make_key(kind, kind if kind != "rsa3072" else "default"))
    sealed = openpgp.seal(PACKET, key)

    assert (sealed.extension, sealed.media_type) == (".zip.gpg", "application/pgp-encrypted")
    assert PACKET[:20] not in sealed.data
    assert gpg.opens(sealed.data) == PACKET
    assert openpgp.fingerprint(key).upper() == gpg.fingerprint(kind)


def test_a_post_quantum_key_is_sealed_to() -> None:
    """No GnuPG of a stable distribution has such keys yet: Sequoia itself opens it."""
    made = Tsk.generate("maren@office.example", profile=Profile.RFC9580, cipher_suite=CipherSuite.MLDSA65_Ed25519)
    key = openpgp.check_public_key(str(made.extract_certificate()))

    assert len(openpgp.fingerprint(key)) == 64
    assert decrypt(openpgp.seal(PACKET, key).data, decryptor=made.decryptor()).bytes == PACKET


def test_a_key_that_has_expired_is_refused(gpg: GnuPG) -> None:
    key = gpg.make_key("expired", "default", "2020-03-01", on="20200101T000000")

    for use in (openpgp.check_public_key, lambda text: openpgp.seal(PACKET, text)):
        with pytest.raises(KeyExpired):
            use(key)


def test_a_key_whose_part_for_encryption_has_expired_is_refused(gpg: GnuPG) -> None:
    gpg.make_key("old-part", "ed25519", "never", use="sign", on="20200101T000000")
    gpg.run("--quick-add-key", gpg.fingerprint("old-part"), "cv25519", "encr", "2020-03-01", on="20200101T000000")

    with pytest.raises(KeyExpired, match="part"):
        openpgp.check_public_key(gpg.public("old-part"))

    gpg.run("--quick-add-key", gpg.fingerprint("old-part"), "cv25519", "encr", "2y")
    assert gpg.opens(openpgp.seal(PACKET, gpg.public("old-part")).data) == PACKET


def test_a_revoked_key_is_refused(gpg: GnuPG) -> None:
    gpg.make_key("revoked")

    with pytest.raises(KeyRevoked):
        openpgp.check_public_key(gpg.revoke("revoked"))


def test_a_key_whose_part_for_encryption_was_revoked_is_refused(gpg: GnuPG) -> None:
    gpg.make_key("half", "default", use="default")
    command = b"key 1\nrevkey\ny\n0\n\ny\nsave\n"
    gpg.run("--no-batch", "--no-tty", "--command-fd", "0", "--edit-key", gpg.fingerprint("half"), given=command)

    with pytest.raises(KeyRevoked, match="part"):
        openpgp.check_public_key(gpg.public("half"))


def test_a_key_for_signing_only_is_refused(gpg: GnuPG) -> None:
    with pytest.raises(KeyUnsuitable):
        openpgp.check_public_key(gpg.make_key("signer", "ed25519", use="sign"))


@pytest.mark.parametrize("kind", ["rsa1024", "rsa2048"])
def test_a_key_that_may_be_broken_while_the_packet_matters_is_refused(gpg: GnuPG, kind: str) -> None:
    with pytest.raises(KeyTooWeak):
        openpgp.check_public_key(gpg.make_key(kind, kind, use="sign,encrypt"))


def test_a_secret_key_is_sent_back_and_not_repeated(gpg: GnuPG) -> None:
    gpg.make_key("careless")
    secret = gpg.run("--armor", "--export-secret-keys", "careless@office.example").decode()

    with pytest.raises(SecretKeyGiven) as refusal:
        openpgp.check_public_key(secret)
    assert secret.splitlines()[3] not in str(refusal.value)


def test_what_is_no_single_key_is_refused(gpg: GnuPG) -> None:
    two = gpg.make_key("one") + gpg.make_key("two")
    message = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxx\n-----END PGP PUBLIC KEY BLOCK-----"

    for text in ("", "age1nonsense", message, two, "x" * 100_000):
        with pytest.raises(NotAPublicKey) as refusal:
            openpgp.check_public_key(text)
        assert "backtrace" not in str(refusal.value)
