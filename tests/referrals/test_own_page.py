"""Consent on the person's own page: asked by an officer, answered with a return code, written into the ledger by the worker."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases import actions as case_actions
from cases.models import Case
from cases.states import CaseState, DismissalWhy
from intake.deliveries import deliver
from intake.drain import drain
from intake.models import ConsentOffer, Delivery
from intake.states import DeliveryKind, DeliveryState, OfferState
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from referrals import actions
from referrals.actions import releasing
from referrals.casefile import ConsentHow
from referrals.gather import consent_in_force
from referrals.models import ConsentRecord, RecallNotice, Referral, SentPacket
from referrals.states import ConsentAct, HandedOver, ReferralState
from tests.clients import CarefulClient, PublicClient
from tests.factories.accounts import make_staff
from tests.factories.intake import Sent, ade, sent
from tests.factories.referrals import ABROAD, WORDS, Crew, _road, make_official, make_referral, make_referral_in
from tests.intake.coming_back import comes_back, once_on, takes_second_code, text_of, writes

pytestmark = pytest.mark.django_db
PARTS = ["B", "C", "D", "E", "F"]


def in_a_year() -> Any:
    return timezone.localdate() + timedelta(days=365)


@pytest.fixture
def crew(db: None) -> Crew:
    return Crew.new()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs beside these tests, so nobody waits for one."""
    monkeypatch.setattr(releasing, "DRAIN_SECONDS", 0.0)


def ready_case(crew: Crew, **answers: Any) -> tuple[Sent, Case]:
    """A case, ready for referral, of somebody who has their own return code."""
    done = sent(ade(**(ABROAD | {"shelter_until": None, "dated_event": None} | answers)))
    drain()
    case, owner = Case.objects.get(help_request=done.visit.help_request_id), make_staff(Role.CASEWORKER)
    case_actions.claim(case, by=owner.actor)
    case_actions.verify(case, by=owner.actor)
    return done, case_actions.mark_ready(case, by=crew.lead.actor)


def asked(crew: Crew, **answers: Any) -> tuple[Sent, Referral, ConsentOffer]:
    done, case = ready_case(crew, **answers)
    referral = make_referral(crew=crew, case=case)
    return done, referral, actions.ask_consent(referral, parts=PARTS, ends_on=in_a_year(), by=crew.officer.actor)


def presses(browser: PublicClient, offer: ConsentOffer, answer: str) -> Any:
    """Say yes, no or "I take it back" on the page of the offer."""
    page = browser.url("intake:end_consent" if answer == "end" else "intake:offer", offer.id)
    once = re.search(r'name="once" value="([^"]+)"', browser.get(page).content.decode())
    assert once is not None
    return browser.post(page, {"once": once[1], "answer": answer})


# --- asked and answered ---


def test_the_person_reads_in_their_language_what_would_go_to_whom_and_until_when(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    assert "May we tell an office about you? Please read it." in text_of(browser.get(browser.url("intake:here")))
    page = text_of(browser.get(browser.url("intake:offer", offer.id)))
    assert referral.recipient.name in page
    assert "Resettlement Operations" in page
    assert "Canada" in page
    assert "What happened to you, and why you cannot go back" in page
    learns, learns_not = page.split("What they would not learn")
    assert "Where you lived and worked" in learns_not
    assert "Where you lived and worked" not in learns
    assert "holds until" in page


def test_a_yes_is_written_into_the_ledger_by_the_worker_with_how_language_and_text(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    assert presses(browser, offer, "yes").status_code == 302
    assert "You said yes to this" in text_of(browser.get(browser.url("intake:offer", offer.id)))
    assert not ConsentRecord.objects.exists()
    drain()
    line = ConsentRecord.objects.get()
    assert (line.act, line.recorded_by, line.offer_id) == (ConsentAct.GIVEN, None, offer.id)
    assert line.text_version == "canada-gar.1"
    assert line.terms == {"parts": PARTS, "how": "own_page", "language": "en", "by_guardian": False}
    in_force = consent_in_force(Referral.objects.get(pk=referral.pk))
    assert in_force is not None
    assert in_force.parts == set(PARTS)
    assert AuditEvent.objects.filter(verb="referrals.consent_recorded", actor_kind="applicant").count() == 1


def test_a_no_is_written_too_and_gives_nothing(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    presses(comes_back(done.code), offer, "no")
    drain()
    assert ConsentRecord.objects.get().act == ConsentAct.REFUSED
    assert consent_in_force(referral) is None


def test_somebody_may_think_a_no_over(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    presses(browser, offer, "no")
    presses(browser, offer, "yes")
    drain()
    assert [line.act for line in ConsentRecord.objects.order_by("recorded_at")] == ["refused", "given"]
    assert consent_in_force(referral) is not None


def test_pressing_twice_is_one_answer(crew: Crew) -> None:
    done, _referral, offer = asked(crew)
    browser = comes_back(done.code)
    page = browser.url("intake:offer", offer.id)
    for _press in range(2):
        browser.post(page, {"once": "same", "answer": "yes"})
    drain()
    assert ConsentRecord.objects.count() == 1


def test_what_was_asked_can_be_taken_back_until_it_is_given(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    actions.take_back_offer(referral, offer.id, by=crew.officer.actor)
    browser = comes_back(done.code)
    assert browser.get(browser.url("intake:offer", offer.id)).status_code == 404
    again = actions.ask_consent(referral, parts=PARTS, ends_on=in_a_year(), by=crew.officer.actor)
    presses(browser, again, "yes")
    drain()
    with pytest.raises(NotPossible, match="only they can end it"):
        actions.take_back_offer(referral, again.id, by=crew.officer.actor)


def test_a_yes_to_a_question_that_was_taken_back_meanwhile_gives_nothing(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    presses(comes_back(done.code), offer, "yes")
    actions.take_back_offer(referral, offer.id, by=crew.officer.actor)
    drain()
    assert not ConsentRecord.objects.exists()
    assert not Delivery.objects.filter(state=DeliveryState.QUARANTINED).exists()


def test_asking_anew_replaces_an_older_question(crew: Crew) -> None:
    _done, referral, offer = asked(crew)
    actions.ask_consent(referral, parts=["B"], ends_on=in_a_year(), by=crew.officer.actor)
    offer.refresh_from_db()
    assert offer.state == OfferState.TAKEN_BACK


# --- whose consent ---


def test_a_friend_who_filed_cannot_consent_for_the_person(crew: Crew) -> None:
    _done, case = ready_case(crew, submitter="friend")
    referral = make_referral(crew=crew, case=case)
    with pytest.raises(NotPossible, match="code of their own"):
        actions.ask_consent(referral, parts=PARTS, ends_on=in_a_year(), by=crew.officer.actor)


def test_the_friends_code_does_not_open_what_the_person_was_asked(crew: Crew) -> None:
    done, case = ready_case(crew, submitter="friend")
    referral = make_referral(crew=crew, case=case)
    datakeys.renew(case.help_request.person_id, datakeys.Compartment.CONVERSATION)
    offer = actions.ask_consent(referral, parts=PARTS, ends_on=in_a_year(), by=crew.officer.actor)
    browser = comes_back(done.code)
    assert browser.get(browser.url("intake:offer", offer.id)).status_code == 404
    assert browser.post(browser.url("intake:offer", offer.id), {"answer": "yes"}).status_code == 404


def test_behind_a_second_code_nothing_was_asked(crew: Crew) -> None:
    done, _referral, offer = asked(crew)
    second = takes_second_code(comes_back(done.code), done.code)
    forced = comes_back(second)
    assert "tell an office" not in text_of(forced.get(forced.url("intake:here")))
    assert forced.get(forced.url("intake:offer", offer.id)).status_code == 404


def test_only_an_officer_asks(crew: Crew) -> None:
    _done, case = ready_case(crew)
    referral = make_referral(crew=crew, case=case)
    with pytest.raises(NotAllowed):
        actions.ask_consent(referral, parts=PARTS, ends_on=in_a_year(), by=crew.lead.actor)


# --- taken back ---


def agreed_in(state: ReferralState, crew: Crew) -> tuple[Sent, Referral, ConsentOffer]:
    """A referral that went to `state` with the person's own yes as the latest act."""
    done, case = ready_case(crew)
    official = make_official(crew=crew)
    referral = make_referral(crew=crew, case=case, recipient=official.recipient)
    offer = actions.ask_consent(referral, parts=PARTS, ends_on=in_a_year(), by=crew.officer.actor)
    presses(comes_back(done.code), offer, "yes")
    drain()
    return done, bring(referral, state, crew), offer


def bring(referral: Referral, state: ReferralState, crew: Crew) -> Referral:
    words = {key: value for key, value in WORDS.items() if key != "history"}
    actions.save_draft(referral, words=words, by=crew.officer.actor)
    for wanted, step in _road(crew):
        fresh = Referral.objects.select_related("case").get(pk=referral.pk)
        if fresh.state == state:
            return fresh
        step(fresh)
        assert Referral.objects.get(pk=referral.pk).state == wanted
    return Referral.objects.select_related("case").get(pk=referral.pk)


@pytest.mark.parametrize("state", [ReferralState.DRAFT, ReferralState.WAITING, ReferralState.BUILDING, ReferralState.READY])
def test_a_withdrawal_stops_work_in_progress_wherever_it_stands(crew: Crew, state: ReferralState) -> None:
    done, referral, offer = agreed_in(state, crew)
    browser = comes_back(done.code)
    assert presses(browser, offer, "end").status_code == 302
    assert "You ended this" in text_of(browser.get(browser.url("intake:offer", offer.id)))
    drain()
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN
    assert ConsentRecord.objects.about(referral).first().act == ConsentAct.WITHDRAWN  # type: ignore[union-attr]
    assert not RecallNotice.objects.exists()
    assert not SentPacket.objects.filter(emptied_on=None).exists()


def test_a_withdrawal_counts_also_while_the_yes_before_it_is_kept_aside(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    drain()
    presses(browser, offer, "yes")
    Delivery.objects.waiting().update(state=DeliveryState.QUARANTINED)
    presses(browser, offer, "end")
    drain()
    Delivery.objects.quarantined().update(state=DeliveryState.WAITING)
    drain()
    assert ConsentOffer.objects.get(pk=offer.pk).state == OfferState.WITHDRAWN
    assert [row.act for row in ConsentRecord.objects.about(referral)] == [ConsentAct.WITHDRAWN]


def set_aside() -> None:
    """What waits is kept aside, as if it had not opened."""
    Delivery.objects.waiting().update(state=DeliveryState.QUARANTINED)


def put_back() -> None:
    Delivery.objects.quarantined().update(state=DeliveryState.WAITING)
    drain()


def acts(referral: Referral) -> list[str]:
    """The ledger, the latest act first."""
    return [row.act for row in ConsentRecord.objects.about(referral)]


def test_a_yes_that_is_opened_late_does_not_undo_the_no_that_came_after_it(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    at_home, elsewhere = comes_back(done.code), comes_back(done.code)
    drain()
    presses(at_home, offer, "yes")
    set_aside()
    presses(elsewhere, offer, "no")
    drain()
    put_back()
    assert ConsentOffer.objects.get(pk=offer.pk).state == OfferState.REFUSED
    assert acts(referral) == [ConsentAct.REFUSED]


def test_a_no_that_is_opened_late_does_not_undo_the_yes_that_came_after_it(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    drain()
    presses(browser, offer, "no")
    set_aside()
    presses(browser, offer, "yes")
    drain()
    put_back()
    assert acts(referral) == [ConsentAct.GIVEN]
    assert consent_in_force(referral) is not None


def test_a_withdrawal_that_is_opened_late_still_ends_what_it_was_about(crew: Crew) -> None:
    done, referral, offer = agreed_in(ReferralState.READY, crew)
    presses(comes_back(done.code), offer, "end")
    set_aside()
    put_back()
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN


def test_a_withdrawal_also_ends_a_yes_that_was_pressed_afterwards_in_an_older_window(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser, older = comes_back(done.code), comes_back(done.code)
    drain()
    presses(browser, offer, "yes")
    presses(browser, offer, "end")
    set_aside()
    presses(older, offer, "yes")
    drain()
    put_back()
    assert ConsentOffer.objects.get(pk=offer.pk).state == OfferState.WITHDRAWN
    assert consent_in_force(referral) is None


def test_an_older_withdrawal_stands_before_the_newer_yes_to_a_newer_question(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    presses(browser, offer, "yes")
    drain()
    presses(browser, offer, "end")
    set_aside()
    again = actions.ask_consent(referral, parts=PARTS, ends_on=in_a_year(), by=crew.officer.actor)
    presses(browser, again, "yes")
    drain()
    put_back()
    assert acts(referral) == [ConsentAct.GIVEN, ConsentAct.WITHDRAWN, ConsentAct.GIVEN]
    assert consent_in_force(referral) is not None
    assert Referral.objects.get(pk=referral.pk).is_open


def test_a_yes_that_staff_write_down_does_not_stand_before_a_withdrawal_that_nobody_could_open(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    presses(browser, offer, "yes")
    drain()
    presses(browser, offer, "end")
    set_aside()
    records_yes(referral, crew)
    assert consent_in_force(referral) is not None
    put_back()
    assert consent_in_force(referral) is None
    assert not Referral.objects.get(pk=referral.pk).is_open


def test_a_yes_that_staff_write_down_after_a_withdrawal_counts(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    browser = comes_back(done.code)
    presses(browser, offer, "no")
    drain()
    records_yes(referral, crew)
    assert consent_in_force(referral) is not None


def test_an_end_that_staff_write_down_stands_after_a_yes_that_nobody_could_open(crew: Crew) -> None:
    done, referral, offer = asked(crew)
    presses(comes_back(done.code), offer, "yes")
    set_aside()
    actions.withdraw_consent(referral, withdrawn_on=timezone.localdate(), by=crew.officer.actor)
    put_back()
    assert acts(referral) == [ConsentAct.WITHDRAWN, ConsentAct.GIVEN]
    assert consent_in_force(referral) is None


def records_yes(referral: Referral, crew: Crew) -> None:
    actions.record_consent(
        referral,
        parts=PARTS,
        how=ConsentHow.RECORDED_ORAL,
        language="en",
        given_on=timezone.localdate(),
        ends_on=in_a_year(),
        by=crew.officer.actor,
    )


def test_a_withdrawal_calls_back_what_the_office_has_and_keeps_the_proof_only(crew: Crew) -> None:
    done, referral, offer = agreed_in(ReferralState.SENT, crew)
    presses(comes_back(done.code), offer, "end")
    drain()
    notice = RecallNotice.objects.get()
    packet = notice.packet
    assert packet.referral_id == referral.pk
    assert (packet.contents, packet.sealed_file) == ({}, "")
    assert len(packet.sha256) == 64
    assert Notification.objects.filter(kind="referrals.recall_waits").exists()

    today = timezone.localdate()
    with pytest.raises(NotPossible):
        actions.record_recall_confirmed(notice, on=today, by=crew.officer.actor)
    actions.record_recall_told(notice, on=today, how=HandedOver.EMAIL, by=crew.officer.actor)
    assert Case.objects.get(pk=referral.case_id).state == CaseState.OUTCOME
    actions.record_recall_confirmed(notice, on=today, by=crew.officer.actor)
    notice.refresh_from_db()
    assert notice.confirmed_on == today


def test_a_withdrawal_that_waits_is_opened_before_the_file_is_made(crew: Crew) -> None:
    done, referral, offer = agreed_in(ReferralState.BUILDING, crew)
    presses(comes_back(done.code), offer, "end")
    assert actions.build_packet(referral.pk) is None
    assert not SentPacket.objects.exists()
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN


def test_a_ready_file_is_neither_fetched_nor_handed_over_while_something_waits(crew: Crew) -> None:
    done, referral, offer = agreed_in(ReferralState.READY, crew)
    presses(comes_back(done.code), offer, "end")
    with pytest.raises(NotPossible, match="just sent something"):
        actions.download(referral, by=crew.officer.actor)
    with pytest.raises(NotPossible, match="just sent something"):
        actions.hand_over(referral, on=timezone.localdate(), how=HandedOver.PORTAL, by=crew.officer.actor)
    drain()
    with pytest.raises(NotPossible, match="no file"):
        actions.download(referral, by=crew.officer.actor)


def test_what_did_not_open_holds_a_ready_file_until_somebody_cleared_it_up(crew: Crew) -> None:
    done, referral, offer = agreed_in(ReferralState.READY, crew)
    presses(comes_back(done.code), offer, "end")
    set_aside()
    for leave in (
        lambda: actions.download(referral, by=crew.officer.actor),
        lambda: actions.hand_over(referral, on=timezone.localdate(), how=HandedOver.PORTAL, by=crew.officer.actor),
    ):
        with pytest.raises(NotPossible, match="under “Kept aside”"):
            leave()
    put_back()
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN


def test_what_did_not_open_names_why_no_file_was_made_and_it_can_be_tried_again(crew: Crew) -> None:
    done, referral, _offer = agreed_in(ReferralState.BUILDING, crew)
    writes(comes_back(done.code), "I moved.")
    drain()
    deliver(DeliveryKind.ANSWER, {"request": "?"}, subject_id=referral.person_id, sequence=99)
    assert actions.build_packet(referral.pk) is None
    failed = Referral.objects.get(pk=referral.pk)
    assert (failed.state, failed.problem) == (ReferralState.BUILD_FAILED, "kept_aside")
    assert not SentPacket.objects.exists()
    (unread,) = Delivery.objects.quarantined()
    case_actions.ask_dismissal(unread.id, why=DismissalWhy.FORGED, by=crew.lead.actor)
    case_actions.dismiss(unread.id, by=make_staff(Role.TRIAGE_LEAD).actor)
    actions.retry_build(failed, by=crew.officer.actor)
    assert actions.build_packet(referral.pk) is not None


def test_what_somebody_else_sent_or_forged_holds_nobodys_file(crew: Crew) -> None:
    _done, referral, _offer = agreed_in(ReferralState.READY, crew)
    deliver(DeliveryKind.ANSWER, {"request": "?"}, subject_id=uuid4(), sequence=1)
    drain()
    assert Delivery.objects.quarantined().exists()
    assert actions.download(referral, by=crew.officer.actor)


@pytest.mark.django_db(transaction=True)
def test_a_drain_under_way_and_a_build_at_the_same_moment_never_make_a_file(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has opened the withdrawal and not committed yet, when the build begins."""
    done, referral, offer = agreed_in(ReferralState.BUILDING, crew)
    presses(comes_back(done.code), offer, "end")
    opened, may_go_on = threading.Event(), threading.Event()
    hear = actions.hear_answer

    def slowly(*args: Any, **kwargs: Any) -> None:
        opened.set()
        assert may_go_on.wait(20)
        hear(*args, **kwargs)

    monkeypatch.setattr("referrals.receivers.actions.hear_answer", slowly)
    failures: list[BaseException] = []

    def alone(do: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                with datakeys.scope():
                    do()
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    sweep = alone(drain)
    assert opened.wait(20)
    build = alone(lambda: actions.build_packet(referral.pk))
    build.join(0.5)
    assert build.is_alive(), "the build waits for the drain"
    may_go_on.set()
    sweep.join(30)
    build.join(30)
    assert failures == []
    assert not SentPacket.objects.exists()
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN


def test_whoever_lost_their_code_can_still_end_what_they_allowed(crew: Crew) -> None:
    from intake import staff_codes
    from intake.states import Audience

    done, referral, offer = agreed_in(ReferralState.DRAFT, crew)
    code = staff_codes.make_code(done.visit.help_request_id, Audience.PERSON, by=crew.lead.actor)
    browser = comes_back(code)
    browser.post(browser.url("intake:new_code"), {"once": once_on(browser, "intake:new_code")})
    assert presses(browser, offer, "end").status_code == 302
    drain()
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.WITHDRAWN


def test_the_ledger_is_only_added_to_and_says_who(crew: Crew) -> None:
    done, _referral, offer = asked(crew)
    presses(comes_back(done.code), offer, "yes")
    drain()
    line = ConsentRecord.objects.get()
    with pytest.raises(Exception, match="Cannot"), transaction.atomic():
        line.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentRecord(
            case=line.case, programme=line.programme, recipient=line.recipient, act="withdrawn", act_on=line.act_on,
            text_version="x", arrival=line.arrival, terms={}, note="",
        ).save()  # fmt: skip


# --- staff's pages ---


def test_the_referral_shows_what_was_asked_and_how_it_stands(crew: Crew, staff_client: CarefulClient) -> None:
    done, referral, offer = asked(crew)
    staff_client.force_login(crew.officer)
    page = text_of(staff_client.get(referral.get_absolute_url()))
    assert "Waits for an answer" in page
    presses(comes_back(done.code), offer, "yes")
    drain()
    page = text_of(staff_client.get(referral.get_absolute_url()))
    assert "By the person, on their own page" in page
    assert "Given" in page


def test_an_officer_asks_and_takes_back_by_pages_and_others_do_not(crew: Crew, staff_client: CarefulClient) -> None:
    _done, case = ready_case(crew)
    referral = make_referral(crew=crew, case=case)
    page = staff_client.url("referrals:ask_consent", referral.packet_id)
    staff_client.force_login(crew.lead)
    assert staff_client.get(page).status_code in {403, 404}
    staff_client.force_login(crew.officer)
    assert staff_client.get(page).status_code == 200
    assert staff_client.post(page, {"parts": []}).status_code == 422
    assert staff_client.post(page, {"parts": ["B"], "ends_on": in_a_year().isoformat()}).status_code == 302
    offer = ConsentOffer.objects.get()
    take_back = staff_client.url("referrals:take_back_offer", referral.packet_id, offer.id)
    assert staff_client.get(take_back).status_code == 405
    assert staff_client.post(take_back).status_code == 302
    offer.refresh_from_db()
    assert offer.state == OfferState.TAKEN_BACK


def test_the_notice_names_the_file_and_neither_person_nor_reason(crew: Crew, staff_client: CarefulClient) -> None:
    referral = make_referral_in(ReferralState.SENT, crew=crew)
    actions.withdraw_consent(referral, withdrawn_on=timezone.localdate(), by=crew.officer.actor)
    notice = RecallNotice.objects.get()
    staff_client.force_login(crew.officer)
    assert "Not yet: send it today" in text_of(staff_client.get(referral.get_absolute_url()))
    page = text_of(staff_client.get(staff_client.url("referrals:recall", referral.packet_id, notice.pk)))
    assert notice.packet.file_name in page
    assert notice.packet.sha256 in page
    for word in ("consent", "withdr", "Adeola", "Ndiaye", "Ade"):
        assert word not in page
    told = staff_client.url("referrals:recall_told", referral.packet_id, notice.pk)
    today = timezone.localdate().isoformat()
    assert staff_client.post(told, {"on": today, "how": "email"}).status_code == 302
    confirmed = staff_client.url("referrals:recall_confirmed", referral.packet_id, notice.pk)
    assert staff_client.post(confirmed, {"on": today}).status_code == 302
    notice.refresh_from_db()
    assert notice.confirmed_on is not None
