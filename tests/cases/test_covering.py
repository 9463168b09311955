"""A card covers, in the words of a person, their name and how to reach them; as far as we recognise it."""

from re import _parser  # type: ignore[attr-defined]
from re._constants import BRANCH, MAX_REPEAT, MAXREPEAT, MIN_REPEAT, SUBPATTERN  # type: ignore[import-not-found]
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions, tasks
from cases.covering import _WAYS, cover, names_in, places_of
from cases.models import Case, NamedPlaces
from cases.states import CaseState
from intake.likeness import names
from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import book_now, make_case, make_case_in

MARK = "[covered]"


def covered(text: str, *names: str) -> str:
    return cover(text, places_of(text, names))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to ade.o+x@mail.example.org, please", f"Write to {MARK}, please"),
        ("or 77ade@mail.example.org", f"or {MARK}"),
        ("Call +256 (700) 123-456 at night", f"Call {MARK} at night"),
        ("اتصل على ٠٧٠٠١٢٣٤٥٦ ليلا", f"اتصل على {MARK} ليلا"),
        ("I am @ade_kampala there", f"I am {MARK} there"),
        ("see https://social.example/ade?x=1 and t.me/ade", f"see {MARK} and {MARK}"),
        ("They come on 2026-12-01, or 1.12.2026", "They come on 2026-12-01, or 1.12.2026"),
        ("3 nights, 2 children, 1500 shillings, at 10:30", "3 nights, 2 children, 1500 shillings, at 10:30"),
    ],
)
def test_ways_to_reach_somebody_are_known_by_their_form_and_days_stay(text: str, left: str) -> None:
    assert cover(text) == left


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("My name is ADÉ and I hide.", "Ade", f"My name is {MARK} and I hide."),
        ("Fatima's brother knows; FÁTIMA is me", "Fátima Al-Sayed", f"{MARK}'s brother knows; {MARK} is me"),
        ("أنا فاطمة وأخي يعرف", "Fatima", f"أنا {MARK} وأخي يعرف"),
        ("они ищут Алиева", "Алиев", f"они ищут {MARK}"),
        ("Call me Bo. The bow is old.", "Bo", f"Call me {MARK}. The bow is old."),
        ("I will go there", "Will", f"I {MARK} go there"),
        ("Nobody helps me", "Ade", "Nobody helps me"),
    ],
)
def test_the_persons_own_name_is_covered_in_any_writing(text: str, name: str, left: str) -> None:
    assert covered(text, name) == left


def test_what_overlaps_is_covered_once() -> None:
    assert covered("ade@example.org is mine", "Ade") == f"{MARK} is mine"
    assert covered("", "Ade") == "" and covered("Nothing here", "") == "Nothing here"


def unbounded_before_more(pattern: Any, *, more: bool = False) -> int:
    """Count the repeats without an end after which something must still follow: each may read the rest of a text in vain."""
    found = 0
    for place, (kind, value) in enumerate(pattern):
        follows = more or place < len(pattern) - 1
        if kind in (MAX_REPEAT, MIN_REPEAT):
            found += follows and value[1] is MAXREPEAT
            found += unbounded_before_more(value[2], more=follows)
        elif kind is BRANCH:
            found += sum(unbounded_before_more(one, more=follows) for one in value[1])
        elif kind is SUBPATTERN:
            found += unbounded_before_more(value[-1], more=follows)
    return found


def test_no_text_is_read_again_and_again() -> None:
    # The one of a number takes along what it read, or begins at one of the few digits before a long gap.
    assert unbounded_before_more(_parser.parse(_WAYS.pattern, _WAYS.flags)) == 1
    for piece in ("a-", "a.", "a@", "a", "1 ", "1(", "www.", "Fatima al-"):
        text = piece * (100_000 // len(piece))
        assert len(cover(text, places_of(text, ["Fatima"]))) >= len(MARK)


def test_each_name_and_each_word_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    words_of = names.words_of

    def counted(word: str) -> list[names.Word]:
        read.append(word)
        return words_of(word)

    monkeypatch.setattr(names, "words_of", counted)
    assert len(places_of("Nobody knows Fatima. " * 50, ["Fatima", "Sayed", "Fatima"])) == 50
    assert sorted(read) == ["Fatima", "Fatima", "Nobody", "Sayed", "knows"]


def test_all_that_was_given_as_identity_is_looked_for() -> None:
    identity = {
        "call_you": "Ade",
        "filer_call_you": "Bo",
        "contact": {"word": "kestrel", "address": "ade77"},
        "pronouns": "they",
    }
    assert names_in(identity, ["Cy"]) == {"Ade", "Bo", "kestrel", "ade77", "Cy"}


WORDS = "I am Fatima. My number is 0700 123456. They come on 2026-12-01."
LEFT = "I am [covered]. My number is [covered]. They come on 2026-12-01."


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.CASEWORKER, Role.TRIAGE_LEAD])
def test_on_a_card_it_is_covered_and_whoever_may_know_reads_it_all(role: Role, dana: User, staff_client: CarefulClient) -> None:
    who = make_staff(role)
    case = make_case({"region": "Kampala, ask for Fatima"}, own_words=WORDS, identity={"call_you": "فاطمة"})
    if role is Role.VOLUNTEER:
        book_now(who, by=dana)
    staff_client.force_login(who)
    page = staff_client.get(case.get_absolute_url()).content.decode()
    if role is Role.TRIAGE_LEAD:
        assert WORDS in page and "ask for Fatima" in page and "[covered]" not in page
        return
    assert LEFT in page and "Kampala, ask for [covered]" in page and "Some may still stand here" in page
    assert "Fatima" not in page and "123456" not in page
    if role is Role.CASEWORKER:
        actions.claim(Case.objects.get(pk=case.pk), by=who.actor)
        page = staff_client.get(case.get_absolute_url()).content.decode()
        assert WORDS in page and "[covered]" not in page


@pytest.mark.django_db
def test_a_card_asks_once_what_it_covers(cleo: User, staff_client: CarefulClient) -> None:
    case = make_case({"region": "Kampala, ask for Fatima"}, own_words=WORDS, identity={"call_you": "Fatima"})
    staff_client.force_login(cleo)
    with CaptureQueriesContext(connection) as asked:
        assert LEFT in staff_client.get(case.get_absolute_url()).content.decode()
    assert sum('FROM "cases_namedplaces"' in query["sql"] for query in asked) == 1


@pytest.mark.django_db
def test_to_cover_a_card_who_it_is_stays_closed(cleo: User, staff_client: CarefulClient) -> None:
    case = make_case(own_words=WORDS, identity={"call_you": "Fatima"})
    with connection.cursor() as cursor:  # whoever opened it now would fail
        cursor.execute("UPDATE intake_helprequest SET identity = own_words WHERE id = %s", [case.help_request_id])
    staff_client.force_login(cleo)
    assert LEFT in staff_client.get(case.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_case_from_before_covers_what_is_known_by_its_form(cleo: User, staff_client: CarefulClient) -> None:
    case = make_case(own_words=WORDS, identity={"call_you": "Fatima"})
    NamedPlaces.objects.all().delete()
    staff_client.force_login(cleo)
    page = staff_client.get(case.get_absolute_url()).content.decode()
    assert "I am Fatima. My number is [covered]." in page


@pytest.mark.django_db
def test_the_sweep_covers_the_names_of_cases_from_before(cleo: User, dana: User, staff_client: CarefulClient) -> None:
    waits = make_case(own_words=WORDS, identity={"call_you": "Fatima"})
    ready = make_case_in(CaseState.READY, lead=dana)
    for state in (CaseState.IN_REVIEW, CaseState.CLOSED):  # nobody sees a card of these
        make_case_in(state, lead=dana)
    NamedPlaces.objects.all().delete()
    assert tasks.name_missed() == 2
    assert {row.case for row in NamedPlaces.objects.all()} == {waits, ready}
    staff_client.force_login(cleo)
    assert LEFT in staff_client.get(waits.get_absolute_url()).content.decode()
    assert tasks.name_missed() == 0
    assert not actions.note_names(waits.pk), "a second sweep that had it on its list"


@pytest.mark.django_db
def test_the_sweep_takes_a_few_at_a_time_and_passes_over_what_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, *whole = (make_case(own_words=WORDS, identity={"call_you": "Fatima"}) for _ in range(4))
    NamedPlaces.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_helprequest SET identity = own_words WHERE id = %s", [broken.help_request_id])
    monkeypatch.setattr(tasks, "NAMED_LIMIT", 3)
    assert 2 <= (first := tasks.name_missed()) <= 3
    assert first + tasks.name_missed() == 3
    assert {row.case for row in NamedPlaces.objects.all()} == set(whole)


@pytest.mark.django_db
def test_the_places_are_sealed_and_go_with_the_person(dana: User) -> None:
    case = make_case(own_words=WORDS, identity={"call_you": "Fatima"})
    assert NamedPlaces.objects.get(case=case).places == {"own_words": [[5, 11]]}
    other = make_staff(Role.TRIAGE_LEAD)
    proposal = actions.ask_erasure(case, reason="They want it.", by=dana.actor)
    actions.confirm_erasure(proposal, by=other.actor)
    assert not NamedPlaces.objects.exists()
