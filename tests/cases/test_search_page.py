"""Staff find a person by what they know of them; what they typed stays out of addresses, logs and the trail."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from cases.actions import searching
from cases.models import Case
from cases.states import CaseState, HiddenWhy
from intake import finding
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import blind_index
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


def case_of(name: str, *, channel: str = "none", address: str = "", owner: User | None = None, **answers: Any) -> Case:
    contact = {"channel": channel, "address": address} if address else {"channel": channel}
    case = make_case(dict(answers), identity={"call_you": name, "contact": contact})
    if owner:
        actions.claim(case, by=owner.actor)
    return case


def find(client: CarefulClient, who: User, words: str) -> Any:
    client.force_login(who)
    return client.post("/search/", {"words": words})


@pytest.mark.parametrize("words", ["Fátima Al-Sayed", "fatima elsayed", "فاطمة السيد", "elsayed", "Fatima"])
def test_the_owner_finds_her_case_by_name_and_sees_who_it_is(words: str, staff_client: CarefulClient, cleo: User) -> None:
    case = case_of("فاطمة السيد", owner=cleo)
    case_of("Abebe Bikila", owner=cleo)
    page = find(staff_client, cleo, words)
    assert page.status_code == 200
    text = page.content.decode()
    assert case.reference in text
    assert "فاطمة السيد" in text
    assert "Bikila" not in text


@pytest.mark.parametrize(
    ("channel", "kept", "words"),
    [
        ("email", "ade@example.org", "Ade+new@EXAMPLE.org"),
        ("text", "256700123456", "+256 (700) 123-456"),
        ("call", "+256700123456", "0700 123456"),
        ("call", "+256700123456", "٠٧٠٠١٢٣٤٥٦"),
    ],
)
def test_an_address_or_number_is_found_however_it_is_written(
    channel: str, kept: str, words: str, staff_client: CarefulClient, dana: User
) -> None:
    case = case_of("Ade", channel=channel, address=kept)
    text = find(staff_client, dana, words).content.decode()
    assert case.reference in text


def test_a_reference_or_a_partners_code_is_found_too(staff_client: CarefulClient, dana: User) -> None:
    case = case_of("Ade", partner="HELP-77")
    assert case.reference in find(staff_client, dana, case.reference.lower()[3:]).content.decode()
    assert case.reference in find(staff_client, dana, "help 77").content.decode()


@pytest.mark.parametrize(
    "roles", [{Role.CASEWORKER}, {Role.CASEWORKER, Role.MANAGER}, {Role.CASEWORKER, Role.REFERRAL_OFFICER}]
)
@pytest.mark.parametrize("stands", ["new", "another's", "in referral"])
def test_nothing_typed_says_whose_a_case_is_that_one_may_not_open(
    roles: set[Role], stands: str, staff_client: CarefulClient, dana: User
) -> None:
    """A card tells what is asked for, an outline where it stands; a hit would make either of them somebody's."""
    case = case_of("Fátima Al-Sayed", channel="email", address="fatima@example.org", partner="HELP-77")
    if stands != "new":
        actions.claim(case, by=dana.actor)
    if stands == "in referral":
        Case.objects.filter(pk=case.pk).update(state=CaseState.READY)
    who = make_staff(*roles)
    nobody = find(staff_client, who, "nobody@example.org").content.decode()
    for words in ("fatima elsayed", "fatima@example.org", "HELP-77"):
        page = find(staff_client, who, words).content.decode()
        assert case.reference not in page
        assert "Nobody fits" in page and "a triage lead can look" in page
        assert page.replace(words, "").split("<h1")[1].count("href") == nobody.split("<h1")[1].count("href")
    details = [line.detail for line in AuditEvent.objects.filter(verb="cases.searched")]
    assert [(one["count"], one["found"]) for one in details] == [(0, 0)] * 4
    assert case.reference in find(staff_client, dana, "fatima elsayed").content.decode()


def test_each_case_that_is_found_is_named_in_the_trail(staff_client: CarefulClient, cleo: User) -> None:
    new, own = case_of("Vogelsang"), case_of("Fátima Al-Sayed", owner=cleo)
    text = find(staff_client, cleo, new.reference).content.decode()
    assert new.reference in text and "found by its reference" in text and "Vogelsang" not in text
    find(staff_client, cleo, "fatima elsayed")
    lines = AuditEvent.objects.filter(actor_id=cleo.pk, verb__in=["cases.searched", "audit.viewed"]).order_by("pk")
    assert [(line.verb, line.case_id) for line in lines] == [
        ("cases.searched", new.pk), ("cases.searched", None), ("audit.viewed", own.pk),
    ]  # fmt: skip


def test_cases_of_others_are_not_searched_at_all(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    hidden = case_of("Fátima Al-Sayed", owner=dana)
    text = find(staff_client, cleo, "Fatima Elsayed").content.decode()
    assert hidden.reference not in text
    assert "Nobody fits" in text
    assert hidden.reference not in find(staff_client, cleo, hidden.reference).content.decode().replace(
        f'value="{hidden.reference}"', ""
    )


def test_an_officer_finds_nobody_whose_case_another_officer_has(staff_client: CarefulClient, eli: User, dana: User) -> None:
    others, nobodys = case_of("Fátima Al-Sayed", owner=dana), case_of("Fatima Elsayed", owner=dana)
    Case.objects.filter(pk=others.pk).update(state=CaseState.READY, officer=make_staff(Role.REFERRAL_OFFICER))
    Case.objects.filter(pk=nobodys.pk).update(state=CaseState.READY)
    text = find(staff_client, eli, "Fatima Elsayed").content.decode()
    assert others.reference not in text, "where it stands is open to every officer, and not whose it is"
    assert nobodys.reference not in text, "and of one that no officer has, the card"
    assert others.reference in find(staff_client, eli, others.reference).content.decode()


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MANAGER])
def test_those_who_open_nobody_do_not_search_for_people(role: Role, staff_client: CarefulClient) -> None:
    who = make_staff(role)
    case = case_of("Fátima Al-Sayed")
    page = find(staff_client, who, "Fatima")
    assert page.status_code == 403
    assert case.reference not in page.content.decode()
    assert "/search/" not in staff_client.get("/").content.decode()
    with pytest.raises(NotAllowed):
        actions.search("Fatima", by=who.actor)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, None])
def test_nobody_else_enters(role: Role | None, staff_client: CarefulClient) -> None:
    assert find(staff_client, make_staff(*([role] if role else [])), "Fatima").status_code == 403


def test_the_words_are_posted_from_the_queue_and_never_asked_for_in_an_address(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    page = staff_client.get("/").content.decode()
    assert '<form class="filters" method="post" action="/search/"' in page
    assert staff_client.get("/search/?words=Fatima").status_code == 405
    answer = staff_client.post("/search/", {"words": "Fatima"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert staff_client.post("/search/", {"words": " "}).status_code == 422


def test_the_trail_tells_of_the_search_and_of_whom_it_showed_without_the_words(staff_client: CarefulClient, dana: User) -> None:
    case = case_of("Canary Vogelsang", channel="email", address="canary@example.org")
    find(staff_client, dana, "canary@example.org")
    searched = AuditEvent.objects.get(verb="cases.searched")
    assert (searched.actor_id, searched.detail) == (dana.pk, {"kind": "email", "count": 1, "found": 1})
    viewed = AuditEvent.objects.filter(verb="audit.viewed", case_id=case.pk, actor_id=dana.pk)
    assert [event.detail for event in viewed] == [{"compartment": "identity"}]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditevent AS line WHERE line::text ILIKE '%canary%'")
        assert cursor.fetchone() == (0,)


def test_a_false_candidate_is_dropped_once_it_was_opened(
    staff_client: CarefulClient, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blind_index, "EXACT_BITS", 1)  # everybody has both of the two numbers
    ade = case_of("Ade", channel="email", address="ade@example.org")
    others = [case_of(f"Bo {n}", channel="email", address=f"bo{n}@example.org") for n in range(4)]
    proposed = finding.candidates(finding.Known(emails={"ade@example.org"}), most=50)
    assert len(proposed) == 5
    text = find(staff_client, dana, "ade@example.org").content.decode()
    assert ade.reference in text
    assert not any(case.reference in text for case in others)


def test_a_name_that_too_many_share_asks_for_another_word(
    staff_client: CarefulClient, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blind_index, "FEWEST_SHARED", 2)
    for name in ("Fatima Khalid", "Fatima Rahimi", "Fatima Golnar"):
        case_of(name)
    finding.thin()
    assert "Too many people share this" in find(staff_client, dana, "Fatima").content.decode()
    assert "Fatima Rahimi" in find(staff_client, dana, "فاطمه رحیمی").content.decode()


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.TRIAGE_LEAD])
def test_the_number_of_queries_does_not_grow_with_what_is_found(role: Role) -> None:
    who = make_staff(role)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            actions.search("Fatima Elsayed", by=who.actor)
        return sum("audit_auditevent" not in query["sql"] for query in captured)

    case_of("Fátima Al-Sayed", owner=who)
    few = queries()
    for _ in range(4):
        case_of("فاطمة السيد", owner=who)
        case_of("Fatima Elsayed")
    assert queries() == few <= 8


def test_people_who_are_hidden_from_a_lead_take_no_place_among_those_looked_at(
    staff_client: CarefulClient, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_PROPOSED", 2)
    other = make_staff(Role.TRIAGE_LEAD)
    cases = [case_of("Fatima Elsayed", channel="email", address="fatima@example.org") for _ in range(5)]
    proposed = [row.person_id for row in finding.candidates(finding.Known(emails={"fatima@example.org"}), most=5)]
    hidden = [case for case in cases if case.help_request.person_id in proposed[:3]]
    for case in hidden:
        actions.restrict(case, people=[dana], why=HiddenWhy.COMMUNITY, by=other.actor)
    page = find(staff_client, dana, "fatima@example.org")
    text = page.content.decode()
    assert [case.reference in text for case in cases] == [case not in hidden for case in cases]
    assert not page.context["findings"].is_cut


def test_another_case_of_the_same_person_that_is_hidden_is_neither_compared_nor_named(
    staff_client: CarefulClient, dana: User
) -> None:
    seen, hidden = case_of("Fatima Elsayed"), case_of("Canary Vogelsang")
    person_id = seen.help_request.person_id
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_helprequest SET person_id = %s WHERE id = %s", [person_id, hidden.help_request_id])
    actions.restrict(hidden, people=[dana], why=HiddenWhy.COMMUNITY, by=make_staff(Role.TRIAGE_LEAD).actor)
    text = find(staff_client, dana, "Fatima Elsayed").content.decode()
    assert seen.reference in text
    assert "Canary" not in text and hidden.reference not in text
