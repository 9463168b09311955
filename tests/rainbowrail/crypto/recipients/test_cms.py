import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from rainbowrail.crypto.recipients import cms
from rainbowrail.crypto.recipients.base import (
    KeyExpired,
    KeyNotYetValid,
    KeyRefused,
    KeyTooWeak,
    KeyUnsuitable,
    NotAPublicKey,
    SecretKeyGiven,
)
from tests.rainbowrail.crypto.foreign import Certified, key_usage, make_certificate, tool

PACKET = "A packet, ein Päckchen, حزمة".encode() * 50
MAIL = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


@pytest.fixture(scope="module")
def official() -> Certified:
    return make_certificate(extensions=(key_usage("key_encipherment"), MAIL))


def test_openssl_opens_what_is_sealed_to_the_certificate_and_nobody_else_does(official: Certified, tmp_path: Path) -> None:
    sealed = cms.seal(PACKET, cms.check_public_key(f"\n{official.certificate}\n"))

    assert (sealed.extension, sealed.media_type) == (".zip.p7m", "application/pkcs7-mime")
    assert PACKET[:20] not in sealed.data
    assert official.opens(sealed.data, tmp_path) == PACKET
    other = make_certificate(bits=2048)
    with suppress(subprocess.CalledProcessError):  # openssl may print noise instead of failing, against an old attack
        assert other.opens(sealed.data, tmp_path) != PACKET


def test_the_content_is_closed_with_aes_256(official: Certified, tmp_path: Path) -> None:
    (tmp_path / "file.p7m").write_bytes(cms.seal(PACKET, official.certificate).data)
    command = [tool("openssl"), "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "file.p7m"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True).stdout

    assert "aes-256-cbc" in said


def test_the_fingerprint_is_what_openssl_says(official: Certified) -> None:
    command = [tool("openssl"), "x509", "-noout", "-fingerprint", "-sha256"]
    said = subprocess.run(command, input=official.certificate, capture_output=True, check=True, text=True).stdout

    assert said.strip().split("=")[1].replace(":", "").lower() == cms.fingerprint(official.certificate)


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        ({"days": (-30, -1)}, KeyExpired),
        ({"days": (1, 30)}, KeyNotYetValid),
        ({"bits": 2048}, KeyTooWeak),
        ({"curve": True}, KeyUnsuitable),
        ({"extensions": (key_usage("digital_signature"),)}, KeyUnsuitable),
        ({"extensions": (SERVER,)}, KeyUnsuitable),
        ({"extensions": (x509.BasicConstraints(ca=True, path_length=None),)}, KeyUnsuitable),
    ],
    ids=["expired", "to come", "short", "curve", "signing", "server", "authority"],
)
def test_a_certificate_that_must_not_be_used_is_refused_by_name(made: dict[str, object], refusal: type[KeyRefused]) -> None:
    certificate = make_certificate(**made).certificate  # type: ignore[arg-type]

    for use in (cms.check_public_key, lambda text: cms.seal(PACKET, text)):
        with pytest.raises(refusal):
            use(certificate)


def test_a_private_key_is_sent_back_and_not_repeated(official: Certified) -> None:
    with pytest.raises(SecretKeyGiven) as refusal:
        cms.check_public_key(official.certificate + official.private_key)
    assert official.private_key.splitlines()[2] not in str(refusal.value)


def test_what_is_no_single_certificate_is_refused(official: Certified) -> None:
    broken = official.certificate.replace(official.certificate.splitlines()[3], "A" * 64)

    for text in ("", "age1nonsense", official.certificate * 2, broken, "x" * 100_000):
        with pytest.raises(KeyRefused):
            cms.check_public_key(text)
    with pytest.raises(NotAPublicKey):
        cms.check_public_key("nothing")
