"""Our copy of a packet goes after thirty days; what proves the sending stays, and nothing else changes a packet."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from cases import actions as case_actions
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotPossible
from rainbowrail.privacy import keeping
from rainbowrail.roles import Role
from referrals import actions
from referrals.actions.emptying import empty_copy
from referrals.models import Referral, SentPacket
from referrals.states import ReferralState
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.referrals import Crew, make_referral_in
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def run(days: int) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        keeping.plan(TODAY())
        list(keeping.shred(TODAY()))


def test_our_copy_goes_thirty_days_after_the_hand_over_and_hash_and_receipts_stay(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.ACKNOWLEDGED, crew=crew)
    before = SentPacket.objects.get(referral=referral)
    run(29)
    assert SentPacket.objects.get(referral=referral).file_bytes()
    run(30)
    after = SentPacket.objects.get(referral=referral)
    assert (after.sealed_file, after.contents) == ("", {})
    for name in ("sha256", "manifest_sha256", "size", "version", "handed_over_on", "acknowledged_on", "office_number"):
        assert getattr(after, name) == getattr(before, name)
    assert AuditEvent.objects.filter(verb="referrals.copy_emptied").count() == 1
    run(31)
    assert AuditEvent.objects.filter(verb="referrals.copy_emptied").count() == 1


def test_a_file_that_waits_to_be_handed_over_is_no_copy_yet(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    run(100)
    assert SentPacket.objects.get(referral=referral).file_bytes()


def test_who_asks_for_an_emptied_copy_is_told(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    run(30)
    packet = SentPacket.objects.select_related("referral").get(referral=referral)
    with pytest.raises(NotPossible, match="has been erased"):
        actions.download(referral, by=crew.officer.actor)
    with pytest.raises(NotPossible, match="has been erased"):
        actions.open_sent(packet, by=crew.officer.actor)
    actions.record_acknowledgement(Referral.objects.get(pk=referral.pk), on=TODAY(), by=crew.officer.actor)


def test_the_worker_may_empty_and_nobody_may_do_anything_else(crew: Crew, as_staff_role: AsRole) -> None:
    packet = SentPacket.objects.select_related("referral").get(referral=make_referral_in(ReferralState.SENT, crew=crew))
    packet.contents = {"parts": []}
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        packet.save(update_fields=["contents"])
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        SentPacket.objects.filter(pk=packet.pk).update(emptied_on=TODAY())  # said, and not done
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        SentPacket.objects.filter(pk=packet.pk).update(sha256="0" * 64)
    keeping.plan(TODAY())
    with as_staff_role():
        assert empty_copy(packet.pk, today=TODAY() + timedelta(days=30))
    assert not empty_copy(packet.pk, today=TODAY() + timedelta(days=30))
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        SentPacket.objects.filter(pk=packet.pk).update(emptied_on=None)


def test_an_erased_person_leaves_no_copy_and_no_page(crew: Crew, staff_client: CarefulClient) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    size = stored_bytes(referral)
    other = make_staff(Role.TRIAGE_LEAD)
    case_actions.confirm_erasure(
        case_actions.ask_erasure(referral.case, reason="They asked.", by=crew.lead.actor), by=other.actor
    )
    packet = SentPacket.objects.get(referral=referral)
    assert packet.emptied_on == TODAY()
    assert stored_bytes(referral) < size / 10
    staff_client.force_login(crew.officer)
    assert staff_client.get(referral.get_absolute_url()).status_code == 409
    assert staff_client.get("/referrals/").status_code == 200


def test_copies_are_in_the_preview_under_their_number(crew: Crew, staff_client: CarefulClient) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    keeping.plan(TODAY())
    staff_client.force_login(crew.lead)
    assert f"{referral.packet_id}-1" in staff_client.get("/erasures/?kind=packets").content.decode()


def stored_bytes(referral: Referral) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT octet_length(sealed_file) + octet_length(contents) FROM referrals_sentpacket WHERE referral_id = %s",
            [referral.pk],
        )
        return int(cursor.fetchone()[0])
