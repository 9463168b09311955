"""An office opens the packet with what it has: age, OpenPGP, S/MIME, or an archive whose passphrase is told by telephone."""

import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto.recipients import archive, available
from rainbowrail.crypto.recipients.base import RecipientKind
from rainbowrail.errors import NotAllowed, NotPossible
from referrals import actions
from referrals.models import PacketPassphrase, Recipient, Referral, SentPacket
from referrals.states import BuildProblem, HandedOver, KeyKind, ReferralState
from tests.clients import CarefulClient
from tests.factories.referrals import Crew, make_official, make_referral_in
from tests.rainbowrail.crypto.foreign import GnuPG, gnupg, make_certificate, seven_zip_opens

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(scope="module")
def gpg() -> Iterator[GnuPG]:
    with gnupg() as home:
        yield home


def archive_for(crew: Crew, state: ReferralState = ReferralState.READY) -> Referral:
    official = make_official(crew=crew, kind=KeyKind.ARCHIVE)
    return make_referral_in(state, crew=crew, recipient=official.recipient)


def page_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def check_packet(referral: Referral, crew: Crew, ending: str, opens: Callable[[bytes], bytes]) -> None:
    name, data = actions.download(referral, by=crew.officer.actor)
    assert name == f"{referral.packet_id}-1{ending}"
    inner = zipfile.ZipFile(io.BytesIO(opens(data)))
    assert inner.namelist()[:3] == ["READ-ME.txt", "packet.pdf", "packet.json"]
    assert json.loads(inner.read("packet.json")) == SentPacket.objects.get(referral=referral).contents


def test_an_official_with_an_openpgp_key_opens_the_packet_with_gpg(crew: Crew, gpg: GnuPG) -> None:
    official = make_official(crew=crew, kind=KeyKind.OPENPGP, public_key=gpg.make_key("maren"))
    assert official.recipient.fingerprint.replace(" ", "") == gpg.fingerprint("maren")
    check_packet(make_referral_in(ReferralState.READY, crew=crew, recipient=official.recipient), crew, ".zip.gpg", gpg.opens)


def test_an_official_with_a_certificate_opens_the_packet_with_openssl(crew: Crew, tmp_path: Path) -> None:
    certified = make_certificate()
    official = make_official(crew=crew, kind=KeyKind.SMIME, public_key=certified.certificate)
    referral = make_referral_in(ReferralState.READY, crew=crew, recipient=official.recipient)
    check_packet(referral, crew, ".zip.p7m", lambda data: certified.opens(data, tmp_path))


def test_an_official_without_a_key_opens_the_packet_with_seven_zip_and_the_passphrase(crew: Crew, tmp_path: Path) -> None:
    referral = archive_for(crew)
    passphrase = actions.take_passphrase(referral, by=crew.officer.actor)
    check_packet(referral, crew, ".zip", lambda data: seven_zip_opens(data, passphrase, tmp_path))


def test_a_key_that_expires_before_the_build_stops_it_by_name(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    certified = make_certificate(days=(-30, 1))
    official = make_official(crew=crew, kind=KeyKind.SMIME, public_key=certified.certificate)
    referral = make_referral_in(ReferralState.BUILDING, crew=crew, recipient=official.recipient)

    class Later:
        @staticmethod
        def now(zone: Any) -> Any:
            return timezone.now() + timedelta(days=2)

    monkeypatch.setattr("rainbowrail.crypto.recipients.cms.datetime", Later)
    assert actions.build_packet(referral.pk) is None
    assert Referral.objects.get(pk=referral.pk).problem == BuildProblem.KEY


def test_an_installation_without_the_optional_part_says_so(crew: Crew, monkeypatch: pytest.MonkeyPatch, gpg: GnuPG) -> None:
    key = gpg.make_key("optional")
    monkeypatch.setattr("rainbowrail.crypto.recipients.find_spec", lambda name: None)
    assert RecipientKind.OPENPGP not in available()
    with pytest.raises(NotPossible, match="cannot seal to OpenPGP"):
        make_official(crew=crew, kind=KeyKind.OPENPGP, public_key=key)


@pytest.mark.parametrize(
    ("kind", "key", "sentence"),
    [
        (KeyKind.OPENPGP, "age1nonsense", "BEGIN PGP PUBLIC KEY BLOCK"),
        (KeyKind.SMIME, "age1nonsense", "BEGIN CERTIFICATE"),
        (KeyKind.SMIME, "-----BEGIN PRIVATE KEY-----", "private key"),
        (KeyKind.OPENPGP, "-----BEGIN PGP PRIVATE KEY BLOCK-----", "private key"),
        (KeyKind.ARCHIVE, "age1nonsense", "has no key"),
    ],
)
def test_a_key_of_another_kind_is_refused_with_its_sentence(crew: Crew, kind: KeyKind, key: str, sentence: str) -> None:
    with pytest.raises(NotPossible, match=sentence):
        make_official(crew=crew, kind=kind, public_key=key)


def test_the_database_knows_which_kind_goes_with_which_key(crew: Crew) -> None:
    added = {"added_by": crew.officer, "programme": "canada_gar", "name": "X", "office": "Y", "email": "x@y.example"}
    for wrong in ({"kind": "age"}, {"kind": "archive", "public_key": "x", "key_print": "ab"}, {"kind": "none"}):
        with pytest.raises(IntegrityError, match="fits_its_kind"), transaction.atomic():
            Recipient.objects.create(**added, **wrong)


def test_one_key_is_one_officials_and_many_offices_have_none(crew: Crew) -> None:
    certified = make_certificate()
    make_official(crew=crew, kind=KeyKind.SMIME, public_key=certified.certificate)
    with pytest.raises(NotPossible, match="belongs to an official already"):
        make_official(crew=crew, kind=KeyKind.SMIME, public_key=f"\n{certified.certificate}\n")
    assert make_official(crew=crew, kind=KeyKind.ARCHIVE).recipient.fingerprint == ""
    make_official(crew=crew, kind=KeyKind.ARCHIVE)


# --- the passphrase ---


def test_the_passphrase_is_shown_once_to_an_officer_and_is_on_record(staff_client: CarefulClient, crew: Crew) -> None:
    referral = archive_for(crew)
    address = staff_client.url("referrals:passphrase", referral.packet_id)
    staff_client.force_login(crew.officer)
    assert "by telephone or in person" in page_of(staff_client.get(referral.get_absolute_url()))
    assert "Show the passphrase" in page_of(staff_client.get(referral.get_absolute_url()))
    shown = page_of(staff_client.post(address))
    passphrase = re.search(r"[0-9a-z]{4}(-[0-9a-z]{4}){5}", shown)
    assert passphrase is not None
    assert archive.spoken(passphrase[0])[0] in shown
    assert AuditEvent.objects.filter(verb="referrals.passphrase_shown", actor_id=crew.officer.pk).count() == 1
    assert staff_client.post(address).status_code == 409
    again = page_of(staff_client.get(referral.get_absolute_url()))
    assert "Show the passphrase" not in again
    assert "was shown already" in again


def test_who_may_see_the_passphrase(staff_client: CarefulClient, crew: Crew) -> None:
    referral = archive_for(crew)
    address = staff_client.url("referrals:passphrase", referral.packet_id)
    staff_client.force_login(crew.lead)
    assert staff_client.post(address).status_code == 403
    with pytest.raises(NotAllowed):
        actions.take_passphrase(referral, by=crew.lead.actor)
    staff_client.force_login(crew.officer)
    assert staff_client.get(address).status_code == 405
    assert staff_client.post(staff_client.url("referrals:passphrase", "K7MT-4QWD")).status_code == 404
    assert PacketPassphrase.objects.count() == 1


def test_the_passphrase_stands_nowhere_in_the_clear_and_is_gone_when_it_was_shown(crew: Crew) -> None:
    referral = archive_for(crew)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM referrals_packetpassphrase t")
        ((row,),) = cursor.fetchall()
    passphrase = actions.take_passphrase(referral, by=crew.officer.actor)
    assert passphrase not in row
    assert passphrase.encode().hex() not in row
    assert not PacketPassphrase.objects.exists()


def _take_back(referral: Referral, crew: Crew) -> None:
    actions.take_back(referral, by=crew.officer.actor)


def _withdraw(referral: Referral, crew: Crew) -> None:
    actions.withdraw(referral, reason="They found another way.", by=crew.officer.actor)


def _revise(referral: Referral, crew: Crew) -> None:
    actions.hand_over(referral, on=TODAY(), how=HandedOver.EMAIL, by=crew.officer.actor)
    actions.revise(Referral.objects.get(pk=referral.pk), by=crew.officer.actor)


@pytest.mark.parametrize("ends", [_take_back, _withdraw, _revise])
def test_the_passphrase_of_a_file_that_is_void_is_deleted(crew: Crew, ends: Callable[[Referral, Crew], None]) -> None:
    referral = archive_for(crew)
    ends(referral, crew)
    assert not PacketPassphrase.objects.exists()


def test_a_decision_of_the_office_deletes_the_passphrase(crew: Crew) -> None:
    archive_for(crew, ReferralState.DECIDED)
    assert not PacketPassphrase.objects.exists()


def test_a_passphrase_that_nobody_takes_lives_for_seven_days(crew: Crew) -> None:
    referral = archive_for(crew)
    assert actions.forget_old_passphrases(timezone.now() + timedelta(days=6)) == 0
    assert actions.forget_old_passphrases(timezone.now() + timedelta(days=8)) == 1
    with pytest.raises(NotPossible, match="Take the referral back"):
        actions.take_passphrase(referral, by=crew.officer.actor)


def test_a_consent_that_was_withdrawn_closes_the_passphrase(crew: Crew) -> None:
    referral = archive_for(crew)
    actions.withdraw_consent(referral, withdrawn_on=TODAY(), by=crew.officer.actor)
    with pytest.raises(NotPossible):
        actions.take_passphrase(referral, by=crew.officer.actor)


def test_no_other_kind_of_key_has_a_passphrase(crew: Crew) -> None:
    make_referral_in(ReferralState.READY, crew=crew)
    assert not PacketPassphrase.objects.exists()


def test_the_page_of_an_office_without_a_key_says_what_the_second_person_asks(staff_client: CarefulClient, crew: Crew) -> None:
    official = make_official(crew=crew, kind=KeyKind.ARCHIVE, checked=False)
    staff_client.force_login(crew.lead)
    page = page_of(staff_client.get(staff_client.url("referrals:recipient", official.recipient.pk)))
    assert "AES-256 zip" in page
    assert "I spoke with the official" in page
