import io
import json
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from psycopg import sql

from cases import actions as case_actions
from cases.states import CaseState, CloseReason, HiddenWhy
from rainbowrail.accounts.notices import to_person
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.grants import STAFF
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from referrals import actions
from referrals.models import ConsentRecord, Outcome, Recipient, Referral, SentPacket
from referrals.states import BuildProblem, HandedOver, KeyKind, OutcomeKind, ReferralState
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case, make_case_in
from tests.factories.referrals import (
    ABROAD,
    WORDS,
    Crew,
    give_consent,
    make_official,
    make_referral,
    make_referral_in,
    read_digest,
)
from tests.referrals.casefiles import CODE_WORD, HOUSE, PHONE

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def verbs(case_id: object) -> list[str]:
    return list(
        AuditEvent.objects.filter(case_id=case_id, verb__startswith="referrals.").order_by("id").values_list("verb", flat=True)
    )


def test_the_whole_road_from_ready_to_the_answer(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.DECIDED, crew=crew)
    case = referral.case
    assert case.state == CaseState.OUTCOME
    assert case.referred_on == TODAY()
    assert [move.name for move in referral.moves.order_by("moved_at")] == [
        "submit",
        "approve",
        "built",
        "send",
        "acknowledge",
        "decide",
    ]
    assert verbs(case.pk) == [
        "referrals.started",
        "referrals.consent_recorded",
        "referrals.written",
        "referrals.submitted",
        "referrals.approved",
        "referrals.built",
        "referrals.sent",
        "referrals.acknowledged",
        "referrals.outcome_recorded",
    ]
    outcome = Outcome.objects.get(referral=referral)
    assert (outcome.kind, outcome.note) == (OutcomeKind.ACCEPTED, "Interview in May.")


def test_the_whole_road_needs_no_more_than_the_grants_of_the_staff_role(crew: Crew) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(STAFF)))
    try:
        assert make_referral_in(ReferralState.DECIDED, crew=crew).state == ReferralState.DECIDED
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ConsentRecord.objects.update(ends_on=None)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def test_a_draft_begins_with_what_the_person_told(crew: Crew) -> None:
    referral = make_referral(crew=crew)
    assert referral.identity["used_name"] == "Ade"
    assert referral.identity["nationality"] == "UGA"
    assert "community" in referral.account["reception"]


def test_only_a_case_that_is_ready_is_referred(crew: Crew) -> None:
    case = make_case_in(CaseState.IN_SUPPORT, lead=crew.lead)
    with pytest.raises(NotPossible):
        make_referral(crew=crew, case=case)


def test_a_case_has_one_open_referral_to_a_programme(crew: Crew) -> None:
    referral = make_referral(crew=crew)
    with pytest.raises(NotPossible):
        make_referral(crew=crew, case=referral.case, recipient=referral.recipient)
    actions.withdraw(referral, reason="Wrong official.", by=crew.officer.actor)
    assert make_referral(crew=crew, case=referral.case, recipient=referral.recipient)


def test_nothing_is_asked_for_approval_while_the_linter_finds_something(crew: Crew) -> None:
    referral = make_referral(crew=crew)
    give_consent(referral, crew=crew)
    with pytest.raises(NotPossible, match="stand in the way"):
        actions.submit(referral, by=crew.officer.actor)
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.DRAFT


def test_without_consent_nothing_is_asked_for(crew: Crew) -> None:
    referral = actions.save_draft(make_referral(crew=crew), words=WORDS, by=crew.officer.actor)
    with pytest.raises(NotPossible, match="consent"):
        actions.submit(referral, by=crew.officer.actor)


# --- two people ---


def test_who_drafts_cannot_approve_even_with_the_role(crew: Crew) -> None:
    both = make_staff(Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD)
    referral = make_referral_in(ReferralState.WAITING, crew=Crew(both, crew.lead))
    with pytest.raises(NotAllowed):
        actions.approve(referral, read_digest=read_digest(referral), by=both.actor)


def test_who_once_wrote_in_it_cannot_approve(crew: Crew) -> None:
    both = make_staff(Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD)
    referral = make_referral_in(ReferralState.DRAFT, crew=crew)
    case_actions.give_to_officer(referral.case, to=both, by=crew.officer.actor)
    actions.save_draft(referral, words={"work": "Nurse"}, by=both.actor)
    case_actions.give_to_officer(referral.case, to=crew.officer, by=both.actor)
    actions.submit(referral, by=crew.officer.actor)
    with pytest.raises(NotAllowed, match="You wrote in this referral"):
        actions.approve(referral, read_digest=read_digest(referral), by=both.actor)


@pytest.mark.parametrize(
    "roles", [[], [Role.CASEWORKER], [Role.REFERRAL_OFFICER], [Role.AUDITOR], [Role.ADMINISTRATOR], [Role.VOLUNTEER]]
)
def test_only_leads_and_managers_approve(crew: Crew, roles: list[Role]) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    with pytest.raises(NotAllowed):
        actions.approve(referral, read_digest=read_digest(referral), by=make_staff(*roles).actor)
    actions.approve(referral, read_digest=read_digest(referral), by=make_staff(Role.MANAGER).actor)


@pytest.mark.parametrize("approver", ["drafted_by", "writer"])
def test_the_database_itself_refuses_one_person_in_both_parts(crew: Crew, approver: str) -> None:
    writer = make_staff(Role.REFERRAL_OFFICER)
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    person = crew.officer.pk if approver == "drafted_by" else writer.pk
    with pytest.raises(IntegrityError, match=r"two_people|writers_do_not_approve"), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(
            edited_by=[crew.officer.pk, writer.pk], state="building", approved_by=person, approved_at=timezone.now()
        )


def test_the_database_refuses_a_file_without_an_approval(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    with pytest.raises(IntegrityError, match="leaves_approved_only"), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(state="ready")


def test_approval_is_of_what_was_read(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    with pytest.raises(NotPossible, match="Read it again"):
        actions.approve(referral, read_digest="0" * 64, by=crew.lead.actor)
    assert Referral.objects.get(pk=referral.pk).approved_by is None


def test_taking_it_back_voids_the_approval_and_the_file(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    actions.take_back(referral, by=crew.officer.actor)
    referral = Referral.objects.get(pk=referral.pk)
    assert (referral.approved_by, referral.approved_digest) == (None, "")
    with pytest.raises(NotPossible):
        actions.download(referral, by=crew.officer.actor)


def test_leads_are_told_that_one_waits_and_the_drafter_that_one_came_back(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    assert Notification.objects.filter(kind="referrals.approval_waits", about_id=to_person(crew.lead.pk)).exists()
    assert not Notification.objects.filter(kind="referrals.approval_waits", about_id=to_person(crew.officer.pk)).exists()
    actions.return_with_reason(referral, reason="Part D is thin.", by=crew.lead.actor)
    assert Notification.objects.filter(kind="referrals.returned", about_id=to_person(crew.officer.pk)).exists()


def test_a_lead_from_whom_the_case_is_hidden_is_not_told_that_one_waits(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    actions.take_back(referral, by=crew.officer.actor)
    other = make_staff(Role.TRIAGE_LEAD)
    case_actions.restrict(referral.case, people=[other], why=HiddenWhy.KNOWS, by=crew.lead.actor)
    actions.submit(referral, by=crew.officer.actor)
    assert not Notification.objects.filter(kind="referrals.approval_waits", about_id=to_person(other.pk)).exists()


def test_returning_needs_a_reason_and_seals_it(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    with pytest.raises(NotPossible):
        actions.return_with_reason(referral, reason="  ", by=crew.lead.actor)
    actions.return_with_reason(referral, reason="canary-reason", by=crew.lead.actor)
    assert referral.moves.latest("moved_at").reason == "canary-reason"


# --- the file ---


def opened(referral: Referral, private_key: str, folder: Path, by: Any) -> dict[str, bytes]:
    """Return the files inside, opened with the office's own tool."""
    name, data = actions.download(referral, by=by)
    assert name == f"{referral.packet_id}-{referral.version}.zip.age"
    (folder / "key.txt").write_text(private_key + "\n")
    plain = subprocess.run(["age", "-d", "-i", str(folder / "key.txt")], input=data, capture_output=True, check=True).stdout
    archive = zipfile.ZipFile(io.BytesIO(plain))
    return {entry: archive.read(entry) for entry in archive.namelist()}


def test_the_official_opens_what_was_approved_and_nothing_of_the_contact_is_inside(crew: Crew, tmp_path: Path) -> None:
    official = make_official(crew=crew)
    contact = {"channel": "call", "address": PHONE, "word": CODE_WORD, "leave_message": False}
    case = make_case({**ABROAD, "region": HOUSE}, identity={"call_you": "Ade", "contact": contact}, own_words="I wait.")
    owner = make_staff(Role.CASEWORKER)
    case_actions.claim(case, by=owner.actor)
    case_actions.verify(case, by=owner.actor)
    case_actions.mark_ready(case, by=crew.lead.actor)
    referral = make_referral_in(ReferralState.READY, crew=crew, case=case, recipient=official.recipient)
    files = opened(referral, official.private_key, tmp_path, crew.officer.actor)
    told = files["packet.json"].decode()
    assert "nine days" in told
    assert "Adeola Ndiaye" in told
    everything = b"".join(files.values())
    for secret in (PHONE, "254700123456", HOUSE, CODE_WORD, "self_rated", case.help_request.person_id.hex, str(referral.pk)):
        assert secret.encode() not in everything
    row = SentPacket.objects.get(referral=referral)
    assert row.contents == json.loads(told)


@pytest.mark.parametrize("leak", [PHONE, "0700 123 456", CODE_WORD])
def test_a_known_way_to_reach_the_person_blocks_the_release(crew: Crew, leak: str) -> None:
    case = make_case(ABROAD, identity={"call_you": "Ade", "contact": {"address": PHONE, "word": CODE_WORD}})
    owner = make_staff(Role.CASEWORKER)
    case_actions.claim(case, by=owner.actor)
    case_actions.verify(case, by=owner.actor)
    case_actions.mark_ready(case, by=crew.lead.actor)
    referral = make_referral_in(ReferralState.DRAFT, crew=crew, case=case)
    actions.save_draft(referral, words={"documents": f"Passport; {leak}"}, by=crew.officer.actor)
    with pytest.raises(NotPossible, match="Take it out"):
        actions.submit(referral, by=crew.officer.actor)


def test_a_file_is_made_once_however_often_the_task_runs(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    assert actions.build_packet(referral.pk) is None
    assert SentPacket.objects.filter(referral=referral).count() == 1


def test_what_changed_after_the_approval_is_not_built(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.BUILDING, crew=crew)
    account = {**referral.account, "claim": "Something the second person never read."}
    referral.account = account
    referral.save(update_fields=["account"])
    assert actions.build_packet(referral.pk) is None
    referral = Referral.objects.get(pk=referral.pk)
    assert (referral.state, referral.problem) == (ReferralState.BUILD_FAILED, BuildProblem.CHANGED)
    assert not SentPacket.objects.exists()


def test_a_consent_that_ends_before_the_build_stops_it_and_the_failure_can_be_mended(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.BUILDING, crew=crew)
    give_consent(referral, crew=crew, given_on=TODAY() - timedelta(days=9), ends_on=TODAY() - timedelta(days=1))
    assert actions.build_packet(referral.pk) is None
    assert Referral.objects.get(pk=referral.pk).problem == BuildProblem.FINDINGS
    give_consent(referral, crew=crew, given_on=TODAY())
    actions.retry_build(Referral.objects.get(pk=referral.pk), by=crew.officer.actor)
    assert actions.build_packet(referral.pk) is not None


def test_a_withdrawal_before_the_build_stops_the_referral(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.BUILDING, crew=crew)
    actions.withdraw_consent(referral, withdrawn_on=TODAY(), by=crew.officer.actor)
    assert actions.build_packet(referral.pk) is None
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN


def test_the_build_first_opens_what_the_person_sent_meanwhile(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    referral = make_referral_in(ReferralState.BUILDING, crew=crew)
    drained: list[object] = []

    def drain(*, subject_id: object) -> int:
        drained.append(subject_id)
        actions.withdraw_consent(Referral.objects.get(pk=referral.pk), withdrawn_on=TODAY(), by=crew.officer.actor)
        return 1

    monkeypatch.setattr("referrals.actions.building.drain", drain)
    assert actions.build_packet(referral.pk) is None
    assert drained == [referral.person_id]
    assert not SentPacket.objects.exists()


def test_a_withdrawal_with_the_office_leaves_an_outcome_and_tells_the_case(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    actions.withdraw_consent(referral, withdrawn_on=TODAY(), note="They changed their mind.", by=crew.officer.actor)
    referral = Referral.objects.select_related("case").get(pk=referral.pk)
    assert referral.state == ReferralState.WITHDRAWN
    assert referral.case.state == CaseState.OUTCOME
    assert Outcome.objects.get(referral=referral).kind == OutcomeKind.WITHDRAWN


def test_a_question_of_the_office_leads_to_a_second_version(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.MORE_ASKED, crew=crew)
    assert referral.case.state == CaseState.REFERRED
    actions.revise(referral, by=crew.officer.actor)
    referral = Referral.objects.get(pk=referral.pk)
    actions.save_draft(referral, words={"work": "Nurse"}, by=crew.officer.actor)
    referral = actions.submit(referral, by=crew.officer.actor)
    actions.approve(referral, read_digest=read_digest(referral), by=crew.lead.actor)
    second = actions.build_packet(referral.pk)
    assert second is not None
    assert second.version == 2
    referral = Referral.objects.get(pk=referral.pk)
    actions.hand_over(referral, on=TODAY(), how=HandedOver.EMAIL, by=crew.officer.actor)
    assert SentPacket.objects.filter(referral=referral, handed_over_on__isnull=False).count() == 2


def test_closing_the_case_stops_its_referrals(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    case_actions.close_case(referral.case, close_reason=CloseReason.HELPED, reason="Safe.", by=crew.lead.actor)
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN


@pytest.mark.parametrize("changes", [{"ends_on": -1, "given_on": -9}, {"parts": "BCDE"}])
def test_a_file_that_consent_no_longer_covers_is_neither_fetched_nor_handed_over(crew: Crew, changes: dict[str, Any]) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    given = {key: TODAY() + timedelta(days=value) if isinstance(value, int) else value for key, value in changes.items()}
    give_consent(referral, crew=crew, **given)
    with pytest.raises(NotPossible, match="Consent does not cover"):
        actions.download(referral, by=crew.officer.actor)
    with pytest.raises(NotPossible, match="Consent does not cover"):
        actions.hand_over(referral, on=TODAY(), how=HandedOver.PORTAL, by=crew.officer.actor)
    give_consent(referral, crew=crew)
    assert actions.download(referral, by=crew.officer.actor)


@pytest.mark.parametrize("on", [timedelta(days=1), timedelta(days=-1)])
def test_a_hand_over_lies_between_the_making_and_today(crew: Crew, on: timedelta) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    with pytest.raises(NotPossible):
        actions.hand_over(referral, on=TODAY() + on, how=HandedOver.PORTAL, by=crew.officer.actor)
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.READY


def test_every_download_is_on_record(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    for _turn in range(2):
        actions.download(referral, by=crew.officer.actor)
    assert verbs(referral.case_id).count("referrals.downloaded") == 2


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.TRIAGE_LEAD, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_a_referral_officer_fetches_the_file(crew: Crew, role: Role) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    with pytest.raises(NotAllowed):
        actions.download(referral, by=make_staff(role).actor)


# --- consent ---


def test_consent_is_only_ever_added_to(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.DRAFT, crew=crew)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        ConsentRecord.objects.update(ends_on=TODAY() + timedelta(days=9999))
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        ConsentRecord.objects.filter(case=referral.case).delete()


@pytest.mark.parametrize("changes", [{"parts": ""}, {"parts": "BX"}, {"given_on": 1}, {"ends_on": -1}])
def test_a_consent_that_makes_no_sense_is_refused(crew: Crew, changes: dict[str, Any]) -> None:
    referral = make_referral(crew=crew)
    given = {key: TODAY() + timedelta(days=value) if isinstance(value, int) else value for key, value in changes.items()}
    with pytest.raises(NotPossible):
        give_consent(referral, crew=crew, **given)


# --- officials ---


def test_nothing_is_sent_to_a_key_that_nobody_checked(crew: Crew) -> None:
    official = make_official(crew=crew, checked=False)
    with pytest.raises(NotPossible, match="check"):
        make_referral(crew=crew, recipient=official.recipient)


def test_who_adds_a_key_does_not_check_it(crew: Crew) -> None:
    recipient = make_official(crew=crew, checked=False).recipient
    with pytest.raises(NotAllowed):
        actions.confirm_key(recipient, by=crew.officer.actor)
    with pytest.raises(IntegrityError, match="checked_by_another"), transaction.atomic():
        Recipient.objects.filter(pk=recipient.pk).update(key_checked_by=crew.officer, key_checked_on=TODAY())


def test_a_key_never_changes_under_an_official(crew: Crew) -> None:
    official, other = make_official(crew=crew), make_official(crew=crew)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        Recipient.objects.filter(pk=official.recipient.pk).update(public_key=other.recipient.public_key[:-1] + "q")


@pytest.mark.parametrize("key", ["", "age1nonsense", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1" + "Q" * 58])
def test_what_is_no_public_key_is_refused_with_a_sentence(crew: Crew, key: str) -> None:
    with pytest.raises(NotPossible) as refusal:
        actions.add_recipient(
            programme="canada_gar",
            name="X",
            office="Y",
            email="x@y.example",
            kind=KeyKind.AGE,
            public_key=key,
            by=crew.officer.actor,
        )
    assert key not in str(refusal.value) or not key


def test_the_fingerprint_is_what_the_officials_own_computer_makes_of_the_private_key(crew: Crew, tmp_path: Path) -> None:
    official = make_official(crew=crew)
    (tmp_path / "key.txt").write_text(official.private_key + "\n")
    said = subprocess.run(
        ["sh", "-c", official.recipient.fingerprint_command], cwd=tmp_path, capture_output=True, check=True
    ).stdout.decode()
    assert said.startswith(official.recipient.fingerprint.replace(" ", ""))


# --- sealed ---

CANARIES = [
    "Adeola",
    "Ndiaye",
    "nine days",
    "B1234567",
    "Interview in May",
    "G000123456",
    "1999-04-02",
    "Kampala",
    "recorded_oral",
]


def test_nothing_told_stands_in_the_clear_in_any_row(crew: Crew) -> None:
    make_referral_in(ReferralState.DECIDED, crew=crew)
    with connection.cursor() as cursor:
        for model in (Referral, SentPacket, Outcome, ConsentRecord):
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(model._meta.db_table)))
            rows = " ".join(row[0] for row in cursor.fetchall())
            for canary in CANARIES:
                assert canary not in rows
                assert canary.encode().hex() not in rows


def test_destroying_the_persons_identity_key_closes_our_copy_for_good(crew: Crew) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    datakeys.destroy(referral.person_id, Compartment.IDENTITY)
    with datakeys.scope(), pytest.raises(KeyMissing):
        actions.download(referral, by=crew.officer.actor)
