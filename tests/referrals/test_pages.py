import html
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from referrals import actions
from referrals.forms import months_after
from referrals.models import ConsentRecord, Recipient, Referral
from referrals.states import OPEN_STATES, HandedOver, OutcomeKind, ReferralState
from tests.clients import CarefulClient
from tests.factories.cases import make_case_in
from tests.factories.referrals import ABROAD, WORDS, Crew, make_official, make_referral, make_referral_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_the_whole_road_on_the_pages(staff_client: CarefulClient, crew: Crew, django_capture_on_commit_callbacks: Any) -> None:
    recipient = make_official(crew=crew).recipient
    case = make_case_in(CaseState.READY, lead=crew.lead, answers=ABROAD)
    staff_client.force_login(crew.officer)
    assert case.reference in text_of(staff_client.get(staff_client.url("referrals:list")))
    answer = staff_client.post(
        staff_client.url("referrals:draft", case.reference), {"recipient": str(recipient.pk), "language": "en"}
    )
    referral = Referral.objects.get(case=case)
    assert answer.url == referral.get_absolute_url()
    assert "Record consent" in text_of(staff_client.get(answer.url))

    given = {
        "parts": list("BCDEFGH"),
        "how": "recorded_oral",
        "language": "ar",
        "given_on": TODAY(),
        "ends_on": TODAY(),
        "note": "By telephone.",
    }
    assert staff_client.post(staff_client.url("referrals:consent", referral.packet_id), given).status_code == 302
    written = staff_client.post(staff_client.url("referrals:write", referral.packet_id), {**WORDS, "case_size": 1})
    assert written.url == staff_client.url("referrals:read", referral.packet_id)
    assert "Nothing stands in the way" in text_of(staff_client.get(written.url))
    staff_client.post(staff_client.url("referrals:submit", referral.packet_id))
    assert Referral.objects.get().state == ReferralState.WAITING

    staff_client.force_login(crew.lead)
    reading = staff_client.get(staff_client.url("referrals:read", referral.packet_id))
    assert "nine days" in text_of(reading)
    digest = reading.context["form"]["read_digest"].value()
    staff_client.post(staff_client.url("referrals:approve", referral.packet_id), {"read_digest": digest})
    looked = AuditEvent.objects.count()
    page = staff_client.get(referral.get_absolute_url())
    assert "File is being made" in text_of(page)
    assert page.headers["Refresh"] == "3"
    assert AuditEvent.objects.count() == looked  # the page looks again by itself, and opens nothing meanwhile
    actions.build_packet(referral.pk)

    staff_client.force_login(crew.officer)
    page = staff_client.get(referral.get_absolute_url())
    assert "Refresh" not in page.headers
    assert "Download the sealed file" in text_of(page)
    fetched = staff_client.post(staff_client.url("referrals:file", referral.packet_id))
    assert fetched.headers["Content-Disposition"] == f'attachment; filename="{referral.packet_id}-1.zip.age"'
    assert fetched.content.startswith(b"age-encryption.org/v1")
    assert fetched.headers["Cache-Control"] == "no-store"
    staff_client.post(staff_client.url("referrals:hand_over", referral.packet_id), {"on": TODAY(), "how": HandedOver.PORTAL})
    staff_client.post(staff_client.url("referrals:receipt", referral.packet_id), {"on": TODAY(), "office_number": "G000123456"})
    staff_client.post(
        staff_client.url("referrals:outcome", referral.packet_id), {"kind": OutcomeKind.ACCEPTED, "on": TODAY(), "note": "Yes."}
    )
    case.refresh_from_db(fields=["state"])
    assert case.state == CaseState.OUTCOME
    assert "The office has answered" in text_of(staff_client.get(referral.get_absolute_url()))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-21", 12, "2027-11-21"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_a_consent_is_offered_to_the_same_day_of_a_later_month(day: str, months: int, later: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.parametrize("state", ReferralState)
@pytest.mark.parametrize("who", ["officer", "lead"])
def test_every_stage_has_a_page_with_something_to_do_or_read(
    staff_client: CarefulClient, crew: Crew, state: ReferralState, who: str
) -> None:
    referral = make_referral_in(state, crew=crew)
    staff_client.force_login(getattr(crew, who))
    page = text_of(staff_client.get(referral.get_absolute_url()))
    assert "What now" in page
    assert "Adeola" not in page, "what it says about the person is on a page of its own"
    shown = text_of(staff_client.get(staff_client.url("referrals:list") + f"?state={state}"))
    assert referral.packet_id in shown
    open_ones = text_of(staff_client.get(staff_client.url("referrals:list")))
    assert (referral.get_absolute_url() + '"' in open_ones) == (state in OPEN_STATES)
    assert ("To be called back today" in open_ones) == (state is ReferralState.WITHDRAWN)


def test_reading_what_is_told_is_on_record_by_compartment(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    staff_client.force_login(crew.officer)
    seen = AuditEvent.objects.filter(verb="audit.viewed", case_id=referral.case_id)
    assert not seen.filter(actor_id=crew.officer.pk).exists()
    row = referral.packets.get()
    assert "Adeola Ndiaye" in text_of(staff_client.get(staff_client.url("referrals:read", referral.packet_id)))
    assert "Adeola Ndiaye" in text_of(staff_client.get(staff_client.url("referrals:told", referral.packet_id, row.pk)))
    told = seen.filter(actor_id=crew.officer.pk).order_by("id").values_list("thing", "detail__compartment")
    assert set(told[:3]) == {("referrals.referral", one) for one in ("identity", "story", "casework")}
    assert list(told[3:]) == [("referrals.sentpacket", "identity")]


def test_what_stands_in_the_way_is_said_on_the_reading_page(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral(crew=crew)
    staff_client.force_login(crew.officer)
    page = text_of(staff_client.get(staff_client.url("referrals:read", referral.packet_id)))
    assert "stand in the way" in page
    assert "There is no consent" in page
    assert "Ask for approval" not in page


def test_who_wrote_it_is_offered_no_approval(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    staff_client.force_login(crew.officer)
    assert "It waits for a second person" in text_of(staff_client.get(staff_client.url("referrals:read", referral.packet_id)))
    assert staff_client.post(staff_client.url("referrals:approve", referral.packet_id), {"read_digest": "x"}).status_code == 403


def test_an_approval_of_an_older_reading_is_refused_on_the_page(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral_in(ReferralState.WAITING, crew=crew)
    staff_client.force_login(crew.lead)
    answer = staff_client.post(
        staff_client.url("referrals:approve", referral.packet_id), {"read_digest": "0" * 64}, follow=True
    )
    assert "Read it again" in text_of(answer)
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WAITING


CLOSED_TO_ALL = ["fay", "gus", "hana"]
CONTENT_PAGES = ["referrals:read", "referrals:write", "referrals:consent"]


@pytest.mark.parametrize("person", CLOSED_TO_ALL)
def test_others_see_no_referral_at_all(
    staff_client: CarefulClient, crew: Crew, request: pytest.FixtureRequest, person: str
) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    staff_client.force_login(request.getfixturevalue(person))
    for name in ("referrals:referral", "referrals:read", "referrals:withdraw"):
        assert staff_client.get(staff_client.url(name, referral.packet_id)).status_code == 403
    assert staff_client.post(staff_client.url("referrals:file", referral.packet_id)).status_code == 403
    assert staff_client.get(staff_client.url("referrals:list")).status_code == 403


def test_a_caseworker_follows_the_referral_of_an_own_case_and_reads_nothing_in_it(
    staff_client: CarefulClient, crew: Crew, cleo: User
) -> None:
    own = make_referral_in(
        ReferralState.SENT, crew=crew, case=make_case_in(CaseState.READY, owner=cleo, lead=crew.lead, answers=ABROAD)
    )
    other = make_referral_in(ReferralState.SENT, crew=crew)
    staff_client.force_login(cleo)
    page = text_of(staff_client.get(own.get_absolute_url()))
    assert "With the office" in page
    assert "G000123456" not in page
    assert staff_client.get(other.get_absolute_url()).status_code == 404
    for name in CONTENT_PAGES:
        assert staff_client.get(staff_client.url(name, own.packet_id)).status_code == 403


def test_a_number_that_does_not_exist_is_not_found(staff_client: CarefulClient, eli: User) -> None:
    staff_client.force_login(eli)
    assert staff_client.get(staff_client.url("referrals:referral", "CDFG-HJKM")).status_code == 404


@pytest.mark.parametrize("name", ["submit", "take_back", "approve", "retry", "file", "revise"])
def test_what_changes_something_is_only_ever_posted(staff_client: CarefulClient, crew: Crew, name: str) -> None:
    referral = make_referral(crew=crew)
    staff_client.force_login(crew.lead if name == "approve" else crew.officer)
    assert staff_client.get(staff_client.url(f"referrals:{name}", referral.packet_id)).status_code == 405


def test_nobody_signed_in_is_led_to_the_sign_in(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral(crew=crew)
    assert staff_client.get(referral.get_absolute_url()).status_code == 302


def test_a_draft_keeps_what_was_typed_when_something_is_wrong(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral(crew=crew)
    staff_client.force_login(crew.officer)
    answer = staff_client.post(
        staff_client.url("referrals:write", referral.packet_id),
        {**WORDS, "born_on": "the second of May", "claim": "kept words"},
    )
    assert answer.status_code == 422
    assert "kept words" in text_of(answer)


def test_a_draft_is_saved_with_gaps(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral(crew=crew)
    staff_client.force_login(crew.officer)
    assert (
        staff_client.post(staff_client.url("referrals:write", referral.packet_id), {"legal_name": "Adeola"}).status_code == 302
    )
    assert Referral.objects.get(pk=referral.pk).identity["legal_name"] == "Adeola"


def test_consent_needs_a_part_and_shows_the_text_to_read(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral(crew=crew)
    staff_client.force_login(crew.officer)
    address = staff_client.url("referrals:consent", referral.packet_id)
    assert "You can say no" in text_of(staff_client.get(address))
    assert (
        staff_client.post(address, {"how": "signed", "language": "en", "given_on": TODAY(), "ends_on": TODAY()}).status_code
        == 422
    )
    assert not ConsentRecord.objects.exists()


def test_a_withdrawn_consent_stops_the_referral(staff_client: CarefulClient, crew: Crew) -> None:
    referral = make_referral_in(ReferralState.READY, crew=crew)
    staff_client.force_login(crew.officer)
    staff_client.post(
        staff_client.url("referrals:consent_withdrawal", referral.packet_id), {"withdrawn_on": TODAY(), "note": ""}
    )
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN
    assert staff_client.post(staff_client.url("referrals:file", referral.packet_id)).status_code == 409


def test_an_official_is_added_by_one_and_checked_by_another(staff_client: CarefulClient, crew: Crew) -> None:
    key = make_official().recipient.public_key
    Recipient.objects.all().delete()
    staff_client.force_login(crew.officer)
    given = {
        "programme": "canada_gar",
        "name": "Maren Tran",
        "office": "Operations",
        "email": "m@office.example",
        "kind": "age",
        "public_key": key,
    }
    answer = staff_client.post(staff_client.url("referrals:recipients"), given)
    recipient = Recipient.objects.get()
    assert recipient.fingerprint in text_of(staff_client.get(answer.url))
    assert staff_client.post(answer.url, {"do": "check"}).status_code == 403
    staff_client.force_login(crew.lead)
    staff_client.post(answer.url, {"do": "check"})
    assert Recipient.objects.get().key_checked_by == crew.lead
    assert "Checked" in text_of(staff_client.get(staff_client.url("referrals:recipients")))


def test_a_private_key_is_refused_with_its_own_sentence_and_not_shown_again(staff_client: CarefulClient, crew: Crew) -> None:
    staff_client.force_login(crew.officer)
    secret = "AGE-SECRET-KEY-1" + "Q" * 58
    given = {"programme": "canada_gar", "name": "M", "office": "O", "email": "m@office.example"}
    given |= {"kind": "age", "public_key": secret}
    answer = staff_client.post(staff_client.url("referrals:recipients"), given)
    assert answer.status_code == 422
    assert "private key" in text_of(answer)
    assert secret not in text_of(answer)


def test_the_list_costs_the_same_number_of_queries_however_long_it_is(
    staff_client: CarefulClient, crew: Crew, django_assert_max_num_queries: Any
) -> None:
    recipient = make_official(crew=crew).recipient
    for _turn in range(3):
        make_referral(crew=crew, recipient=recipient)
    staff_client.force_login(crew.officer)
    with django_assert_max_num_queries(8):
        staff_client.get(staff_client.url("referrals:list"))
