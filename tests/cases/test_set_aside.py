"""What looks as if no person had written it waits for a person to say; nobody is refused, hidden in danger, or forgotten."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from cases import actions
from cases.models import Case, Suspicion, TextPrint
from cases.states import CaseState, Looked
from intake.drain import drain
from intake.marks import Mark
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import blind_index, datakeys
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, EMERGENCY, make_case, make_help_request
from tests.factories.intake import ade, draft
from tests.factories.intake import sent as sent_request

pytestmark = pytest.mark.django_db

TEXT = (
    "I am a teacher in a small town. My brothers found my telephone last week and read everything that was in it. Since then "
    "I sleep at the house of a friend, who cannot keep me for long, because her husband is coming back."
)


@pytest.fixture(autouse=True)
def _scope() -> Any:
    with datakeys.scope():
        yield


def suspicious(answers: dict[str, Any] = CALM, *marks: Mark) -> Case:
    case = make_case(answers)
    assert actions.look_twice(case.help_request, marks or [Mark.TRAP], compare=False)
    return case


def queue(client: CarefulClient, who: User, query: str = "") -> str:
    client.force_login(who)
    return str(client.get(f"/{query}").content.decode())


# --- from the box to the case ---


def test_a_mark_in_the_box_sets_the_case_aside_with_its_reason() -> None:
    from django.db import transaction

    from intake import actions as applicant

    opened = draft(ade())
    with transaction.atomic():
        applicant.submit(opened, language="en", set_aside_for=[Mark.TRAP, Mark.FAST])
    drain()
    suspicion = Suspicion.objects.get()
    assert suspicion.marks == ["fast", "trap"]
    assert suspicion.verdict == Looked.OPEN


def test_a_request_without_marks_is_like_every_other() -> None:
    sent_request(ade())
    drain()
    assert Case.objects.count() == 1
    assert not Suspicion.objects.exists()


def test_looking_twice_twice_changes_nothing() -> None:
    case = suspicious()
    assert actions.look_twice(case.help_request, [Mark.FAST], compare=True) is None
    assert Suspicion.objects.get(case=case).marks == ["trap"]


def test_nearly_the_same_words_are_set_aside_and_other_words_are_not() -> None:
    first, near, other = (
        make_case(CALM, own_words=text)
        for text in (TEXT, TEXT.replace("a teacher", "a  Nurse!"), TEXT[::-1].replace("e", "u").replace("r", "k"))
    )
    for case in (first, near, other):
        actions.look_twice(case.help_request, [], compare=True)
    assert [row.case_id for row in Suspicion.objects.all()] == [near.pk]
    assert Suspicion.objects.get().marks == ["alike"]


def test_short_texts_are_never_compared() -> None:
    for _ in range(3):
        actions.look_twice(make_case(CALM, own_words="Please help me.").help_request, [], compare=True)
    assert not Suspicion.objects.exists()
    assert not TextPrint.objects.exists()


def test_texts_are_forgotten_after_their_days() -> None:
    actions.look_twice(make_case(CALM, own_words=TEXT).help_request, [], compare=True)
    assert actions.forget_texts() == 0
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert not actions.look_twice(make_case(CALM, own_words=TEXT).help_request, [], compare=True)
        assert actions.forget_texts() == 1


@pytest.mark.parametrize(
    "text", ["سلام به شما دوستان عزیز ما در خطر هستیم", "我们现在非常危险请帮助我们离开这里", "😀" * 20, "a"]
)
def test_texts_of_any_script_have_numbers(text: str) -> None:
    key = blind_index.newest_key()
    numbers = blind_index.text_numbers(text, key=key)
    assert len(numbers) == blind_index.TEXT_NUMBERS
    assert numbers == blind_index.text_numbers(text.upper(), key=key)
    assert all(0 <= number < 2**31 for number in numbers)


# --- the queue ---


def test_what_is_set_aside_is_not_in_the_queue_until_a_person_wrote_it(
    staff_client: CarefulClient, dana: User, cleo: User
) -> None:
    case = suspicious()
    assert case.reference not in queue(staff_client, dana)
    assert case.reference not in queue(staff_client, cleo, "?whose=unclaimed")
    actions.release_suspicion(Suspicion.objects.get(case=case), by=cleo.actor)
    assert case.reference in queue(staff_client, dana)


def test_an_emergency_is_never_hidden(staff_client: CarefulClient, cleo: User) -> None:
    case = suspicious(EMERGENCY)
    assert case.reference in queue(staff_client, cleo)
    assert case.reference in queue(staff_client, cleo, "set-aside/")


def test_a_clock_that_runs_out_brings_it_back(staff_client: CarefulClient, dana: User) -> None:
    case = suspicious()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert case.reference in queue(staff_client, dana)


def test_a_case_that_becomes_an_emergency_or_is_taken_stands_in_the_queue(
    staff_client: CarefulClient, dana: User, cleo: User
) -> None:
    case = suspicious()
    actions.claim(case, by=cleo.actor)
    assert case.reference in queue(staff_client, dana)


# --- a person says ---


def test_the_list_says_why_in_words(staff_client: CarefulClient, dana: User) -> None:
    case = suspicious(CALM, Mark.FLOOD, Mark.ALIKE)
    page = queue(staff_client, dana, "set-aside/")
    assert case.reference in page
    assert "by waiting instead of the puzzle" in page
    assert "Nearly the same words" in page


def test_an_empty_list_says_so(staff_client: CarefulClient, cleo: User) -> None:
    assert "Nothing is set aside" in queue(staff_client, cleo, "set-aside/")


def test_many_are_released_with_one_press(staff_client: CarefulClient, cleo: User) -> None:
    cases = [suspicious() for _ in range(3)]
    staff_client.force_login(cleo)
    chosen = [case.reference for case in cases[:2]]
    staff_client.post("/set-aside/judge/", {"chosen": chosen, "verdict": "released"})
    verdicts = [Suspicion.objects.get(case=case).verdict for case in cases]
    assert verdicts == [Looked.RELEASED, Looked.RELEASED, Looked.OPEN]


def test_a_lead_closes_what_is_no_request_and_never_an_emergency_in_passing(staff_client: CarefulClient, dana: User) -> None:
    calm, urgent = suspicious(), suspicious(EMERGENCY)
    staff_client.force_login(dana)
    staff_client.post("/set-aside/judge/", {"chosen": [calm.reference, urgent.reference], "verdict": "confirmed"})
    calm.refresh_from_db()
    urgent.refresh_from_db()
    assert calm.state == CaseState.CLOSED
    assert urgent.state == CaseState.RECEIVED
    staff_client.post(f"/cases/{urgent.reference}/set-aside/", {"verdict": "confirmed"})
    urgent.refresh_from_db()
    assert urgent.state == CaseState.CLOSED


def test_a_caseworker_does_not_say_that_it_is_false(cleo: User) -> None:
    with pytest.raises(NotAllowed):
        actions.confirm_suspicion(Suspicion.objects.get(case=suspicious()), by=cleo.actor)


def test_a_case_that_somebody_works_on_is_closed_there(dana: User, cleo: User) -> None:
    case = suspicious()
    actions.claim(case, by=cleo.actor)
    with pytest.raises(NotPossible, match="works on"):
        actions.confirm_suspicion(Suspicion.objects.get(case=case), by=dana.actor)
    assert Suspicion.objects.get(case=case).verdict == Looked.OPEN


def test_the_second_judge_learns_that_there_was_a_first(dana: User, cleo: User) -> None:
    suspicion = Suspicion.objects.get(case=suspicious())
    actions.release_suspicion(suspicion, by=cleo.actor)
    with pytest.raises(NotPossible, match="meanwhile"):
        actions.confirm_suspicion(suspicion, by=dana.actor)


def test_nothing_chosen_or_an_unknown_word_judges_nothing(staff_client: CarefulClient, dana: User) -> None:
    suspicious()
    staff_client.force_login(dana)
    staff_client.post("/set-aside/judge/", {"verdict": "released"})
    staff_client.post("/set-aside/judge/", {"chosen": ["x" * 100_000, "RR-AAAA-AAAA"], "verdict": "released"})
    staff_client.post("/set-aside/judge/", {"chosen": [Case.objects.get().reference], "verdict": "burn"})
    assert Suspicion.objects.get().verdict == Looked.OPEN


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.VOLUNTEER, Role.MANAGER, Role.REFERRAL_OFFICER])
def test_others_have_no_such_page(role: Role, staff_client: CarefulClient) -> None:
    staff_client.force_login(make_staff(role))
    assert staff_client.get("/set-aside/").status_code in (403, 404)


def test_looking_and_judging_are_on_record(staff_client: CarefulClient, dana: User) -> None:
    case = suspicious()
    queue(staff_client, dana, "set-aside/")
    actions.release_suspicion(Suspicion.objects.get(case=case), by=dana.actor)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"cases.set_aside", "cases.set_aside_viewed", "cases.released"} <= verbs


def test_the_list_costs_as_many_queries_for_many_as_for_one(
    staff_client: CarefulClient, dana: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        suspicious()
    staff_client.force_login(dana)
    staff_client.get("/set-aside/")
    with django_assert_max_num_queries(16):
        staff_client.get("/set-aside/")


def test_the_case_page_says_why_and_what_was_said(staff_client: CarefulClient, dana: User) -> None:
    case = suspicious()
    staff_client.force_login(dana)
    assert "A field that no person sees" in staff_client.get(f"/cases/{case.reference}/").content.decode()
    staff_client.post(f"/cases/{case.reference}/set-aside/", {"verdict": "released"})
    assert "a person wrote it" in staff_client.get(f"/cases/{case.reference}/").content.decode()


def test_a_request_without_a_case_is_left_alone() -> None:
    assert actions.look_twice(make_help_request(CALM), [Mark.TRAP], compare=False) is None


def test_leads_read_on_the_queue_that_a_flood_is_on(
    staff_client: CarefulClient, dana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.flood.is_on", lambda: True)
    assert "A flood is on" in queue(staff_client, dana)
    assert "A flood is on" not in queue(staff_client, cleo)
