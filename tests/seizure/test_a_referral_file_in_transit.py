"""The promise: whoever takes a referral file in transit learns size and time, and for OpenPGP and S/MIME which key it is for.

One packet full of canary words goes to four offices. What travels is searched, then described by the tools a taker has.
"""

import io
import math
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest

from rainbowrail.crypto.recipients import age, archive, sealer
from rainbowrail.crypto.recipients.base import RecipientKind
from referrals import actions
from referrals.models import PacketPassphrase, Referral
from referrals.states import KeyKind, ReferralState
from tests.factories.referrals import WORDS, Crew, give_consent, make_official, make_referral, read_digest
from tests.rainbowrail.crypto.foreign import Certified, GnuPG, gnupg, make_certificate, seven_zip_opens, tool
from tests.seizure.conftest import Canaries
from tests.seizure.search import needles, search

pytestmark = pytest.mark.django_db


@dataclass
class InTransit:
    """One file on its way: its name, its bytes, what must not be found in it, and how its office opens it."""

    name: str
    data: bytes
    referral: Referral
    canaries: Canaries
    opens: Callable[[bytes], bytes]
    passphrase: str = ""
    wanted: dict[bytes, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def gpg() -> Iterator[GnuPG]:
    with gnupg() as home:
        home.make_key("office")
        yield home


@pytest.fixture(scope="module")
def certified() -> Certified:
    return make_certificate()


def sent_to(kind: KeyKind, public_key: str, opens: Callable[[bytes], bytes]) -> InTransit:
    """Let officers make a packet whose every part bears a canary, and fetch what travels."""
    crew, canaries = Crew.new(), Canaries()
    official = make_official(crew=crew, kind=kind, public_key=public_key, name=canaries.word("official"))
    referral = make_referral(crew=crew, recipient=official.recipient)
    give_consent(referral, crew=crew)
    words = {key: canaries.word(key) if key in ("claim", "legal_name", "used_name") else told for key, told in WORDS.items()}
    referral = actions.save_draft(referral, words=words, by=crew.officer.actor)
    referral = actions.submit(referral, by=crew.officer.actor)
    actions.approve(referral, read_digest=read_digest(referral), by=crew.lead.actor)
    assert actions.build_packet(referral.pk) is not None
    referral = Referral.objects.select_related("case", "recipient").get(pk=referral.pk)
    assert referral.state == ReferralState.READY
    name, data = actions.download(referral, by=crew.officer.actor)
    passphrase = actions.take_passphrase(referral, by=crew.officer.actor) if kind is KeyKind.ARCHIVE else ""
    if kind is KeyKind.AGE:
        identity = pyrage.x25519.Identity.from_str(official.private_key)
        opens = lambda sealed: bytes(pyrage.decrypt(sealed, [identity]))  # noqa: E731
    ours = ["rainbow", "Rainbow", "packet.json", "packet.pdf", "manifest", "canada_gar", referral.case.reference]
    ours += [official.recipient.email, official.recipient.office, *filter(None, [passphrase])]
    wanted = needles([*canaries.stems(), *ours])
    return InTransit(name, data, referral, canaries, opens, passphrase, wanted)


@pytest.fixture(params=list(KeyKind), ids=str)
def in_transit(request: pytest.FixtureRequest, gpg: GnuPG, certified: Certified, tmp_path: Path, db: None) -> InTransit:
    kind = KeyKind(request.param)
    if kind is KeyKind.ARCHIVE:
        sent = sent_to(kind, "", lambda sealed: b"")
        sent.opens = lambda sealed: seven_zip_opens(sealed, sent.passphrase, tmp_path)
        return sent
    if kind is KeyKind.OPENPGP:
        return sent_to(kind, gpg.public("office"), gpg.opens)
    if kind is KeyKind.SMIME:
        return sent_to(kind, certified.certificate, lambda sealed: certified.opens(sealed, tmp_path))
    return sent_to(kind, "", lambda sealed: b"")


def test_nothing_of_anybody_is_readable_in_the_file_and_all_of_it_once_it_is_opened(in_transit: InTransit) -> None:
    assert search(in_transit.wanted, in_transit.data) == {}
    assert search(in_transit.wanted, in_transit.name.encode()) == {}
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-1(\.zip)(\.age|\.gpg|\.p7m)?", in_transit.name)

    inner = zipfile.ZipFile(io.BytesIO(in_transit.opens(in_transit.data)))
    read = b"".join(inner.read(name) for name in inner.namelist())
    found = search(needles([in_transit.canaries.latin, in_transit.canaries.arabic]), read)
    assert len(found) >= 2, "the same search finds both canaries in what the official reads"


def test_two_files_of_one_packet_have_nothing_in_common(in_transit: InTransit) -> None:
    """Nobody can tell by comparing that two offices, or one office twice, got the same."""
    opened, official = in_transit.opens(in_transit.data), in_transit.referral.recipient
    sealed = sealer(RecipientKind(official.kind)).seal(opened, in_transit.passphrase or official.public_key).data
    pieces = [in_transit.data[at : at + 16] for at in range(1000, len(in_transit.data) - 1000, 16)]
    assert len(pieces) > 1000
    assert not any(piece in sealed for piece in pieces)


# --- what a taker's tools say ---


def test_an_age_file_does_not_tell_for_which_key_it_is(db: None) -> None:
    sent = sent_to(KeyKind.AGE, "", lambda sealed: b"")
    again = age.seal(b"another file", sent.referral.recipient.public_key).data
    headers = [data.partition(b"\n--- ")[0].split(b"\n") for data in (sent.data, again)]
    assert [header[0] for header in headers] == [b"age-encryption.org/v1"] * 2
    assert all(header[1].startswith(b"-> X25519 ") for header in headers)
    assert set(headers[0]) & set(headers[1]) == {b"age-encryption.org/v1"}, "two files for one key share no line that names it"


def test_an_openpgp_file_tells_for_which_key_it_is_and_no_more(gpg: GnuPG, db: None) -> None:
    sent = sent_to(KeyKind.OPENPGP, gpg.public("office"), gpg.opens)
    with gnupg() as stranger:
        command = [tool("gpg"), "--homedir", str(stranger.home), "--batch", "--list-packets"]
        said = subprocess.run(command, input=sent.data, capture_output=True, check=False, timeout=60)
        stranger_said = said.stdout.decode()
    packets = re.findall(r"^:([\w ]+) packet", stranger_said, re.MULTILINE)
    assert packets == ["pubkey enc", "encrypted data"]
    keys = {line.split(":")[4] for line in gpg.run("--with-colons", "--list-keys").decode().splitlines() if line[:3] == "sub"}
    (named,) = set(re.findall(r"keyid ([0-9A-F]{16})", stranger_said))
    assert named in keys


def test_an_smime_file_tells_for_which_certificate_it_is_and_no_more(certified: Certified, tmp_path: Path, db: None) -> None:
    sent = sent_to(KeyKind.SMIME, certified.certificate, lambda sealed: certified.opens(sealed, tmp_path))
    (tmp_path / "taken.p7m").write_bytes(sent.data)
    command = [tool("openssl"), "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "taken.p7m"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True).stdout
    assert said.count("issuerAndSerialNumber") == 1
    assert "originatorInfo: <ABSENT>" in said
    assert said.rstrip().endswith("<ABSENT>"), "no attribute in the clear"
    assert not re.search(r"(UTCTIME|GENERALIZEDTIME|signingTime)", said)


def test_an_archive_tells_one_neutral_name_and_a_length(db: None) -> None:
    sent = sent_to(KeyKind.ARCHIVE, "", lambda sealed: b"")
    taken = zipfile.ZipFile(io.BytesIO(sent.data))
    (entry,) = taken.infolist()
    assert (entry.filename, entry.date_time, entry.CRC) == (archive.INNER_NAME, (1980, 1, 1, 0, 0, 0), 0)
    assert (entry.comment, taken.comment, entry.flag_bits & 1) == (b"", b"", 1)


# --- the passphrase ---


def test_the_passphrase_of_an_archive_is_ours_random_and_has_at_least_a_hundred_bits(db: None) -> None:
    first, second = (sent_to(KeyKind.ARCHIVE, "", lambda sealed: b"") for _turn in range(2))
    assert first.passphrase != second.passphrase
    for sent in (first, second):
        signs = sent.passphrase.replace("-", "")
        assert set(signs) <= set(archive.ALPHABET)
        assert len(signs) * math.log2(len(archive.ALPHABET)) >= 100
        assert sent.passphrase.encode() not in sent.data
    assert not PacketPassphrase.objects.exists(), "shown once, and then nowhere with us"


def test_another_passphrase_does_not_open_it(tmp_path: Path, db: None) -> None:
    sent = sent_to(KeyKind.ARCHIVE, "", lambda sealed: b"")
    with pytest.raises(subprocess.CalledProcessError):
        seven_zip_opens(sent.data, archive.make_passphrase(), tmp_path)
    assert seven_zip_opens(sent.data, sent.passphrase, tmp_path)
