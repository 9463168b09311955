"""One case: everything somebody needs to help, nothing for anybody else, each look on record."""

import html
from typing import Any

import pytest

from cases import actions
from cases.models import Case
from cases.states import CaseState, Pathway, Verification
from cases.urgency.bands import Band
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, EMERGENCY, book_now, make_case, make_case_in, make_help_request

pytestmark = pytest.mark.django_db
WORDS = "They found my phone and I ran."
CONTACT = {"channel": "text", "address": "+254700000000", "word": "mango", "from_hour": 9, "until_hour": 12, "utc_offset": 180}
IDENTITY = {"call_you": "Adeola", "pronouns": "they", "contact": CONTACT}


def page_of(client: CarefulClient, who: User, case: Case) -> Any:
    client.force_login(who)
    return client.get(f"/cases/{case.reference}/")


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_the_owner_reads_urgency_facts_words_and_what_now(staff_client: CarefulClient, cleo: User) -> None:
    request = make_help_request({**EMERGENCY, "current_country": "KEN"}, own_words=WORDS, identity=IDENTITY)
    case = actions.open_case(request)
    actions.claim(case, by=cleo.actor)

    text = text_of(page_of(staff_client, cleo, case))

    assert case.latest_score is not None
    words = case.latest_score.words()
    assert [part for part in (*words["reasons"], *words["questions"], *words["factors"].values()) if part not in text] == []
    assert WORDS in text
    assert "Kenya" in text and "4 of 4: expects to be killed" in text
    assert "Not stated:" in text
    assert "Check the account" in text and "<bdi>Cleo</bdi>, by" in text
    assert "This answer could change the urgency most." in text


def test_who_the_person_is_does_not_stand_on_the_page(staff_client: CarefulClient, cleo: User) -> None:
    case = actions.open_case(make_help_request(identity=IDENTITY))
    actions.claim(case, by=cleo.actor)
    text = text_of(page_of(staff_client, cleo, case))
    assert "Adeola" not in text and "mango" not in text and "+254700000000" not in text
    assert "Open who it is" in text


def test_the_identity_is_shown_once_to_who_may_and_each_time_is_on_record(staff_client: CarefulClient, cleo: User) -> None:
    case = actions.open_case(make_help_request(identity=IDENTITY))
    actions.claim(case, by=cleo.actor)
    staff_client.force_login(cleo)

    answer = staff_client.post(f"/cases/{case.reference}/identity/")
    opened = text_of(staff_client.get(answer.headers["Location"]))
    again = text_of(staff_client.get(f"/cases/{case.reference}/"))

    assert answer.headers["Location"] == f"/cases/{case.reference}/#identity"
    assert "Adeola" in opened and "mango" in opened and "09:00–12:00 (UTC+03:00)" in opened
    assert "Adeola" not in again
    trail = AuditEvent.objects.filter(case_id=case.pk, actor_id=cleo.pk)
    assert trail.filter(verb="cases.identity_opened").count() == 1
    assert trail.filter(verb="audit.viewed", detail={"compartment": "identity"}).count() == 1


def test_the_identity_asked_for_in_one_case_does_not_open_in_another(staff_client: CarefulClient, dana: User) -> None:
    first, second = (actions.open_case(make_help_request(identity=IDENTITY)) for _ in range(2))
    staff_client.force_login(dana)
    staff_client.post(f"/cases/{first.reference}/identity/")
    assert "Adeola" not in text_of(staff_client.get(f"/cases/{second.reference}/"))


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER, Role.MANAGER])
def test_who_may_read_a_new_request_may_not_open_who_it_is(role: Role, staff_client: CarefulClient, dana: User) -> None:
    case = actions.open_case(make_help_request(identity=IDENTITY))
    reader = make_staff(role)
    if role is Role.VOLUNTEER:
        book_now(reader, by=dana)
    assert "Open who it is" not in text_of(page_of(staff_client, reader, case))
    assert staff_client.post(f"/cases/{case.reference}/identity/").status_code == 403
    assert "Adeola" not in text_of(page_of(staff_client, reader, case))


def test_each_look_is_on_record_by_compartment(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    page_of(staff_client, cleo, case)
    seen = AuditEvent.objects.filter(case_id=case.pk, actor_id=cleo.pk, verb="audit.viewed")
    assert {event.detail["compartment"] for event in seen} == {"story", "conversation", "casework"}


def test_the_first_look_meets_the_first_clock(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case(EMERGENCY)
    page_of(staff_client, cleo, case)
    case.refresh_from_db()
    assert case.first_read_at is not None


def test_the_lead_sees_every_case(staff_client: CarefulClient, dana: User, cleo: User) -> None:
    for state in CaseState:
        assert page_of(staff_client, dana, make_case_in(state, owner=cleo, lead=dana)).status_code == 200


def test_an_officer_sees_the_card_of_a_case_that_is_ready_and_has_no_officer(staff_client: CarefulClient, eli: User) -> None:
    page = page_of(staff_client, eli, make_case_in(CaseState.READY))
    assert page.status_code == 200
    assert "cases/card.html" in {template.name for template in page.templates}


def test_somebody_elses_case_is_not_there(staff_client: CarefulClient, cleo: User, eli: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    for person in (cleo, eli, make_staff(Role.VOLUNTEER)):
        assert page_of(staff_client, person, case).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, None])
def test_auditor_administrator_and_strangers_see_no_case(role: Role | None, staff_client: CarefulClient) -> None:
    case = make_case()
    assert page_of(staff_client, make_staff(*([role] if role else [])), case).status_code == 403


def test_a_wrong_reference_is_not_there(staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    assert staff_client.get("/cases/RR-CCCC-CCCC/").status_code == 404
    assert staff_client.get("/cases/nonsense/").status_code == 404


def test_a_reference_typed_in_small_letters_is_found(staff_client: CarefulClient, dana: User) -> None:
    case = make_case()
    staff_client.force_login(dana)
    assert staff_client.get(f"/cases/{case.reference.lower()}/").status_code == 200


def test_the_case_is_only_looked_at(staff_client: CarefulClient, dana: User) -> None:
    case = make_case()
    staff_client.force_login(dana)
    assert staff_client.post(f"/cases/{case.reference}/").status_code == 405
    assert staff_client.get(f"/cases/{case.reference}/identity/").status_code == 405


def test_the_title_names_the_reference_and_nothing_else(staff_client: CarefulClient, dana: User) -> None:
    case = actions.open_case(make_help_request(identity=IDENTITY))
    text = text_of(page_of(staff_client, dana, case))
    assert f"<title>{case.reference}</title>" in text


def test_only_buttons_that_work_are_offered(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.VERIFIED, owner=cleo, lead=dana)
    owner, lead = text_of(page_of(staff_client, cleo, case)), text_of(page_of(staff_client, dana, case))
    assert f"/cases/{case.reference}/move/plan_support/" in owner
    assert f"/cases/{case.reference}/move/mark_ready/" not in owner
    assert f"/cases/{case.reference}/move/mark_ready/" in lead
    for move in ("verify", "refer", "record_outcome", "reopen"):
        assert f"/move/{move}/" not in lead


def test_conversation_notes_assessment_and_history_are_shown(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    actions.ask_applicant(case, question="How many nights?", by=cleo.actor)
    actions.write_note(case, text="The partner has a bed.", by=cleo.actor)
    actions.assess(case, verification=Verification.CREDIBLE, pathways=[Pathway.SAFE_HOUSE], summary="It fits.", by=cleo.actor)
    actions.set_urgency(case, band=Band.EMERGENCY, reason="A call at night.", by=cleo.actor)
    actions.close_case(case, close_reason="helped", reason="Safe with an aunt.", by=dana.actor)
    text = text_of(page_of(staff_client, cleo, case))
    for words in (
        "How many nights?", "The partner has a bed.", "Credible", "Safe house", "It fits.", "A call at night.",
        "Safe with an aunt.", "Closed: Support is complete", "Taken",
    ):  # fmt: skip
        assert words in text, words


def test_a_closed_case_offers_nothing_but_a_note_and_reopening(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.CLOSED, owner=cleo, lead=dana)
    text = text_of(page_of(staff_client, dana, case))
    assert "/move/reopen/" in text and "/note/" in text
    for gone in ("/ask/", "/claim/", "/urgency/", "/give/", "/assess/", "/next-step/", "/move/close/"):
        assert gone not in text


@pytest.mark.parametrize("written", [1, 6])
def test_the_number_of_queries_does_not_grow_with_what_was_written(
    written: int, staff_client: CarefulClient, cleo: User, django_assert_num_queries: Any
) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo, answers=CALM)
    for number in range(written):
        actions.write_note(case, text=f"Note {number}", by=cleo.actor)
        actions.ask_applicant(case, question=f"Question {number}?", by=cleo.actor)
        actions.assess(case, verification=Verification.UNCLEAR, pathways=[], summary="…", by=cleo.actor)
    page_of(staff_client, cleo, case)  # the first look writes more
    with django_assert_num_queries(29):
        page_of_signed_in = staff_client.get(f"/cases/{case.reference}/")
    assert page_of_signed_in.status_code == 200
