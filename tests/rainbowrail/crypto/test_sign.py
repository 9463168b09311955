import shutil
import subprocess
from pathlib import Path

import pytest

from rainbowrail.crypto import keyring, sign
from rainbowrail.crypto.errors import KeyNotHeld, OpenFailed
from tests.rainbowrail.crypto.folders import all_folders

PACKET = "A packet, ein Päckchen, حزمة".encode()


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    return all_folders(tmp_path)


def test_a_signature_fits_its_packet_and_its_key_only(folders: Path, tmp_path: Path) -> None:
    with keyring.using(folders / "worker"):
        signature, pem = sign.sign(PACKET), sign.public_key_pem()
    with keyring.using(all_folders(tmp_path / "other") / "worker"):
        other_pem = sign.public_key_pem()

    sign.verify(PACKET, signature, pem)
    for data, given, key in (
        (PACKET + b"x", signature, pem),
        (PACKET, bytes(64), pem),
        (PACKET, signature, other_pem),
        (PACKET, b"", pem),
    ):
        with pytest.raises(OpenFailed):
            sign.verify(data, given, key)
    with pytest.raises(OpenFailed):
        sign.verify(PACKET, signature, b"no key")


@pytest.mark.parametrize("process", ["public", "staff", "owner"])
def test_only_the_worker_signs(folders: Path, process: str) -> None:
    with keyring.using(folders / process):
        for ask in (lambda: sign.sign(PACKET), sign.public_key_pem):
            with pytest.raises(KeyNotHeld):
                ask()


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_an_office_checks_the_signature_with_openssl(folders: Path, tmp_path: Path) -> None:
    with keyring.using(folders / "worker"):
        (tmp_path / "packet.sig").write_bytes(sign.sign(PACKET))
        (tmp_path / "rainbowrail.pem").write_bytes(sign.public_key_pem())
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "rainbowrail.pem",
        "-rawin",
        "-in",
        "packet",
        "-sigfile",
        "packet.sig",
    ]

    for packet, status in ((PACKET, 0), (PACKET + b"x", 1)):
        (tmp_path / "packet").write_bytes(packet)
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == status
