import subprocess
from pathlib import Path

import pyrage
import pytest

from rainbowrail.crypto.recipients import age
from rainbowrail.crypto.recipients.base import KeyRefused, NotAPublicKey, SecretKeyGiven
from tests.rainbowrail.crypto.foreign import tool

PACKET = "A packet, ein Päckchen, حزمة".encode()


@pytest.fixture
def office() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


def test_the_office_opens_its_packet_and_another_office_does_not(office: pyrage.x25519.Identity) -> None:
    sealed = age.seal(PACKET, str(office.to_public()))

    assert sealed.data.startswith(b"age-encryption.org/v1\n")
    assert sealed.extension == ".zip.age"
    assert PACKET not in sealed.data
    assert pyrage.decrypt(sealed.data, [office]) == PACKET
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.data, [pyrage.x25519.Identity.generate()])


def test_a_public_key_may_stand_between_spaces(office: pyrage.x25519.Identity) -> None:
    assert age.check_public_key(f" {office.to_public()}\n") == str(office.to_public())


def test_a_secret_key_is_sent_back_and_not_repeated(office: pyrage.x25519.Identity) -> None:
    with pytest.raises(SecretKeyGiven, match="secret key") as refusal:
        age.check_public_key(str(office))

    assert str(office) not in str(refusal.value)


def test_a_mistyped_key_is_refused(office: pyrage.x25519.Identity) -> None:
    key = str(office.to_public())
    wrong = [key[:-1], key[:-1] + ("q" if key[-1] != "q" else "p"), "age1", "", "ssh-ed25519 AAAA", "age1" + "x" * 58]

    for text in wrong:
        with pytest.raises(NotAPublicKey):
            age.check_public_key(text)
    with pytest.raises(KeyRefused):
        age.seal(PACKET, wrong[0])


def test_the_tool_of_the_office_opens_it(office: pyrage.x25519.Identity, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"{office}\n")
    (tmp_path / "packet.age").write_bytes(age.seal(PACKET, str(office.to_public())).data)

    command = [tool("age"), "-d", "-i", "key.txt", "packet.age"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout == PACKET
