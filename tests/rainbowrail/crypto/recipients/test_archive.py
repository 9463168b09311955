import subprocess
import zipfile
from io import BytesIO
from math import log2
from pathlib import Path

import pytest

from rainbowrail.crypto.recipients import archive
from rainbowrail.crypto.recipients.base import NotAPublicKey
from tests.rainbowrail.crypto.foreign import seven_zip_opens

PACKET = "A packet, ein Päckchen, حزمة".encode() * 50


def test_seven_zip_opens_the_archive_with_the_passphrase_and_not_with_another(tmp_path: Path) -> None:
    passphrase = archive.make_passphrase()
    sealed = archive.seal(PACKET, passphrase)

    assert (sealed.extension, sealed.media_type) == (".zip", "application/zip")
    assert seven_zip_opens(sealed.data, passphrase, tmp_path) == PACKET
    with pytest.raises(subprocess.CalledProcessError):
        seven_zip_opens(sealed.data, archive.make_passphrase(), tmp_path)


def test_outside_stands_one_neutral_name_and_neither_checksum_nor_time() -> None:
    sealed = archive.seal(PACKET, archive.make_passphrase()).data
    (entry,) = zipfile.ZipFile(BytesIO(sealed)).infolist()

    assert (entry.filename, entry.date_time, entry.CRC, entry.comment) == ("packet.zip", (1980, 1, 1, 0, 0, 0), 0, b"")
    header, size, version, vendor, strength, method = (
        entry.extra[0:2], entry.extra[2:4], entry.extra[4:6], entry.extra[6:8], entry.extra[8], entry.extra[9:11],
    )  # fmt: skip
    assert (header, size, version, vendor, strength) == (b"\x01\x99", b"\x07\x00", b"\x02\x00", b"AE", 3)  # AE-2, AES-256
    assert method == b"\x00\x00"
    assert entry.flag_bits & 1
    assert PACKET[:20] not in sealed


def test_a_passphrase_has_more_than_a_hundred_random_bits_and_can_be_told_on_the_telephone() -> None:
    passphrases = {archive.make_passphrase() for _ in range(200)}

    assert len(passphrases) == 200
    for passphrase in passphrases:
        groups = passphrase.split("-")
        assert [len(group) for group in groups] == [4] * 6
        assert sum(map(len, groups)) * log2(len(set(archive.ALPHABET))) >= 100
    used = set("".join(passphrases)) - {"-"}
    assert used == set(archive.ALPHABET)
    assert not used & set("ilou")
    assert archive.spoken("7kq2-0000-aaaa-zzzz-1111-2222")[0] == "seven Kilo Quebec two"
    assert len(set(archive.SPOKEN.values())) == len(archive.ALPHABET)


@pytest.mark.parametrize("passphrase", ["", "secret", "7kq2-0000", "ILOU-0000-0000-0000-0000-0000", "7kq2" * 6])
def test_a_passphrase_that_a_person_made_is_refused(passphrase: str) -> None:
    with pytest.raises(archive.PassphraseTooWeak):
        archive.seal(PACKET, passphrase)


def test_an_office_that_gets_archives_has_no_key() -> None:
    assert archive.check_public_key(" ") == ""
    with pytest.raises(NotAPublicKey):
        archive.check_public_key("age1")
