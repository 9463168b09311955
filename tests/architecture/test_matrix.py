"""Who may open what: every staff address × every role × a case of one's own, another's, nobody's, one hidden from the person.

The verdicts stand in docs/who-may-open-what.md. An address that is not judged there fails, and so does a verdict that changed.
Read what changed, and if it is meant, write the page anew:

    WRITE_MATRIX=1 make test ARGS="-n 0 tests/architecture/test_matrix.py"
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from django.urls import get_resolver

from cases.models import Case
from rainbowrail.accounts.models import User
from rainbowrail.audit.kinds import Kind, kind_of
from rainbowrail.roles import OPENING, Role
from tests import staff_walk
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import make_staff
from tests.staff_scene import Given, Scene, colleagues
from tests.staff_things import ABOUT_A_CASE, THINGS, given_for
from tests.staff_walk import (
    CASES,
    METHODS,
    WAITING,
    Address,
    Visit,
    World,
    kanaris_in,
    make_whole_world,
    make_world,
    path_of,
    signed_in,
    undone,
    visit,
)

# The walk is some three thousand requests, made once for the module: a minute on a quiet machine, minutes on a busy one.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix"), pytest.mark.timeout(1800)]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "who-may-open-what.md"
HOW = 'WRITE_MATRIX=1 make test ARGS="-n 0 tests/architecture/test_matrix.py"'
OPENS = {"yes", "card", "outline", "not so", "confirm"}
type Key = tuple[str, str, Role, str]
# Tables whose rows are about nobody but who wrote them: unsaved words and one's own account.
OWN = frozenset({"cases_unsavedtext", "accounts_user"})
# allauth says that it was done after the commit, which the walk undoes (tests/rainbowrail/accounts).
AFTER_THE_COMMIT = {"mfa_generate_recovery_codes"}
# The only addresses for whoever has no second factor yet.
ENROLLING = {"mfa_index", "mfa_add_webauthn", "mfa_activate_totp"}
OTHER_METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
# Their addresses are about no case; the form says which one is meant.
NAMED_BY_THE_FORM = {"cases:ask_access", "cases:break_glass", "cases:judge_set_aside", "cases:decide_kept_aside"}
# Who sees the card of a case that nobody has yet, and no more (cases.need_to_know).
ONLY_THE_CARD = {"unclaimed": {Role.VOLUNTEER, Role.CASEWORKER}, "officerless": {Role.REFERRAL_OFFICER}}
NEVER_TAKEN_HERE = {
    "mfa_add_webauthn": "a browser signs what it asks (tests/rainbowrail/accounts)",
    "mfa_remove": "the factor is the last one, which stays",
    "cases:file_clean_again": "the file has its clean copy",
    "referrals:passphrase": "only a file for an office without a key has one",
}
# What the case, and not the role, stands against: no number that this person could find, or one step too late.
NOT_NOW = {
    ("cases:ask_access", "hidden"), ("cases:break_glass", "hidden"), ("cases:decide_kept_aside", "hidden"),
    ("cases:judge_set_aside", "hidden"), ("cases:judge_set_aside", "other"),
    ("cases:claim", "own"), ("cases:claim", "other"),
    ("cases:take_as_officer", "own"), ("cases:take_as_officer", "other"),
    ("cases:give_officer", "unclaimed"),
    ("referrals:approve", "unclaimed"),
}  # fmt: skip
# What a page works with and does not show.
SHOWS_NOTHING_OF_IT = {
    ("cases:make_code", "identity"): "the plan to reach them is shown to whoever has the new code",
    ("cases:search", "story"): "the names of those who are with them are compared; the search is on record",
}
# The page to which it leads shows what was asked for, once.
SHOWS_ON_THE_NEXT_PAGE = {"cases:identity"}
HEADINGS = {
    Role.VOLUNTEER: "volunteer",
    Role.CASEWORKER: "caseworker",
    Role.TRIAGE_LEAD: "lead",
    Role.REFERRAL_OFFICER: "officer",
    Role.MANAGER: "manager",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "admin",
}
PREFACE = f"""# Who may open what

Written by `{HOW}`; a test fails when an address is not in this table or answers otherwise.

Every address of the staff door, asked by a person of each role alone, with both factors, about something that exists and with
its form filled in. Four verdicts stand for four cases, in this order; one verdict stands for all four when they are the same:

1. **own**: the person owns it; a referral officer is also its officer. A reading that is with the person.
2. **other**: somebody else owns it, and another officer is its officer.
3. **unclaimed**: nobody has it yet. It waits for triage, and a volunteer's booked time runs; on pages of a referral, and for
   referral officers, it is in referral and has no officer. (To an officer, what waits for triage is hidden like 4; a test of
   its own.)
4. **hidden**: hidden from this person by a restriction.

All but what waits for triage went as far as a referral whose file is made, or to the stage for which the address is there.

| word | answer |
|---|---|
| yes | the page, or the act is done (200, 204, or 302 to the next page) |
| card | the case page without who the person is and without what was written since |
| outline | the case page with stage, band, owner and days; nothing that is sealed |
| confirm | allowed, after showing a factor once more (302) |
| not so | allowed, and not now or not in this way (400, 409, 422, or 302 to a page that says why not) |
| no | this role, or this person, may not (403) |
| hidden | as if there were no such thing (404) |
| – | the address does not take this method (405) |

People without a second factor get the pages to add one and nothing else; strangers get the sign-in.
"""


@dataclass
class Walk:
    """Every request of the matrix, and the numbers of cases and referrals that stand for each kind of case."""

    visits: dict[Key, Visit] = field(default_factory=dict)
    numbers: dict[str, frozenset[str]] = field(default_factory=dict)


@cache
def _walk() -> Walk:
    """One for all tests of this module; each request is undone, and so is the world it is made in."""
    return Walk()


@pytest.fixture
def walk() -> Walk:
    walk = _walk()
    if not walk.visits:
        world, others = make_whole_world(), colleagues()
        for which, case in world.cases.items():
            referral = world.referrals.get(which)
            walk.numbers[which] = kanaris_in(f"{case.reference} {referral.packet_id if referral else ''}")
        for role, person in world.people.items():
            with signed_in(person, world) as client:
                walk.visits |= dict(_visits(client, role, world, others))
    return walk


@pytest.fixture
def walked(walk: Walk) -> dict[Key, Visit]:
    return walk.visits


def addresses() -> list[Address]:
    return staff_walk.addresses(ABOUT_A_CASE)


def _visits(client: CarefulClient, role: Role, world: World, others: dict[str, User]) -> Iterator[tuple[Key, Visit]]:
    for address in addresses():
        for method in METHODS:
            first = visit(client, method, path_of(address, "own", world)) if method == "GET" else None
            for which in address.cases_for(role):
                is_said = first is not None and ((which == "own" and address.name not in THINGS) or first.verdict == "–")
                if first is not None and is_said:  # what takes no such method takes it for no case
                    yield (address.name, method, role, which), first
                else:
                    found = _visit(client, address, method, (role, which), world, others)
                    yield (address.name, method, role, which), found


def _visit(
    client: CarefulClient, address: Address, method: str, column: tuple[Role, str], world: World, others: dict[str, User]
) -> Visit:
    role, which = column
    meant = address.case_meant(which, role)
    with undone():
        case = Case.objects.select_related("help_request").get(pk=world.cases[meant].pk)
        refused = address.roles and role not in address.roles  # by the door, before anything is looked up
        scene = Scene(world, world.people[role], meant, case, others)
        given = Given() if refused else given_for(address.name, scene)
        if given.signs_in_again:
            client = CarefulClient(raise_request_exception=False)
            client.force_login(world.people[role])
        path = path_of(address, meant, world, given.arguments)
        return visit(client, method, path, given.body, follows=address.name in SHOWS_ON_THE_NEXT_PAGE)


def _words_of(which: str, one: Visit) -> set[str]:
    return {word for word in one.said if word.endswith(f"{which}kanari")}


def table_of(walked: dict[Key, Visit]) -> str:
    roles = list(HEADINGS)
    head = ["address", "method", *HEADINGS.values()]
    lines = [PREFACE, f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for address in addresses():
        for method in METHODS:
            cells = [_cell(walked, address, method, role) for role in roles]
            if set(cells) != {"–"}:
                lines.append(f"| {address.name} | {method} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(walked: dict[Key, Visit], address: Address, method: str, role: Role) -> str:
    verdicts = [walked[key].verdict for which in CASES if (key := (address.name, method, role, which)) in walked]
    return verdicts[0] if len(set(verdicts)) == 1 else " · ".join(verdicts)


def test_every_address_answers_as_the_table_says(walked: dict[Key, Visit]) -> None:
    table = table_of(walked)
    if os.environ.get("WRITE_MATRIX"):
        PAGE.write_text(table, encoding="utf-8")
    judged = set(PAGE.read_text(encoding="utf-8").splitlines()) if PAGE.exists() else set()
    new = [line for line in table.splitlines() if line not in judged]
    gone = [line for line in judged if line not in table.splitlines()]
    assert not new and not gone, (
        "Not as judged; if it is meant, run: " + HOW + "\n" + "\n".join(["now:", *new, "judged:", *gone])
    )


def test_every_answer_has_a_word(walked: dict[Key, Visit]) -> None:
    words = OPENS | {"no", "hidden", "–"}
    assert {key: (one.verdict, one.fault) for key, one in walked.items() if one.verdict not in words} == {}


def test_a_hidden_case_is_never_opened_by_whom_it_is_hidden_from(walked: dict[Key, Visit]) -> None:
    """Where the form names the case, the answer is that of a number that does not exist."""
    opened = {key: one.verdict for key, one in walked.items() if key[3] == "hidden" and one.verdict in OPENS - {"confirm"}}
    assert {key: verdict for key, verdict in opened.items() if key[0] not in NAMED_BY_THE_FORM} == {}
    assert {verdict for key, verdict in opened.items() if key[1] == "POST"} <= {"not so"}


def test_no_page_says_anything_of_a_case_to_whom_it_is_hidden_from(walk: Walk) -> None:
    """Not its reference, not the number of its referral, no word of the person: on no page, whatever it is about."""
    theirs = walk.numbers["hidden"]
    said = {key: found for key, one in walk.visits.items() if (found := _words_of("hidden", one) | one.said & theirs)}
    assert said == {}


def test_a_card_says_nothing_of_who_it_is(walk: Walk) -> None:
    """Whoever sees the card of a case that nobody has yet reads the story on it, and on no page a word of who the person is."""
    for which, roles in ONLY_THE_CARD.items():
        shown = {key: _words_of(which, one) for key, one in walk.visits.items() if key[2] in roles}
        story = {f"story{which}kanari"}
        assert {key: found for key, found in shown.items() if found - story} == {}
        assert {key[2] for key, found in shown.items() if found} == roles, "the card must show what it may"
    met = set[str]().union(*(_words_of("own", one) for one in walk.visits.values()))
    assert met >= {f"{what}ownkanari" for what in ("ade", "mail", "musa", "story")}, "the walk must meet what it looks for"


def test_whoever_sees_the_outline_alone_reads_no_word_of_the_person(walked: dict[Key, Visit]) -> None:
    outlined = {Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR}
    said = {key: one.said for key, one in walked.items() if key[2] in outlined}
    assert {key: found for key, found in said.items() if any(word.endswith("kanari") for word in found)} == {}


def test_what_waits_for_triage_does_not_exist_for_referral_officers(walked: dict[Key, Visit]) -> None:
    """They may ask a lead to open it, as for any case of which they were told the number."""
    found = {key: one.verdict for key, one in walked.items() if key[3] == WAITING and key[0] not in NAMED_BY_THE_FORM}
    assert set(found.values()) == {"hidden", "–"}, found


def test_a_hidden_case_opens_nothing_that_is_sealed(walked: dict[Key, Visit]) -> None:
    assert [key for key, one in walked.items() if key[3] == "hidden" and one.opened] == []


@pytest.mark.parametrize("role", sorted(set(Role) - OPENING))
def test_auditors_and_administrators_open_nothing_that_is_sealed(role: Role, walked: dict[Key, Visit]) -> None:
    assert [key for key, one in walked.items() if key[2] is role and one.opened] == []


def test_every_page_that_opens_something_sealed_leaves_a_line_that_says_so(
    walked: dict[Key, Visit],
) -> None:
    """Whatever a page shows is on record under the name of who saw it, with the drawer it came from.

    An answer that leads on or refuses shows nothing; what a rule looked up on the way to it is not a look of a person.
    """
    silent = {}
    for key, one in walked.items():
        if one.status not in {200, 422}:
            continue
        by_people = [line for line in one.lines if line.actor_id is not None]
        if any(kind_of(line.verb) is Kind.OUT for line in by_people):
            continue  # "took the file out" says more than "opened a drawer"
        said = {str(line.detail.get("compartment")) for line in by_people}
        if missing := {part for part in one.opened - said if (key[0], part) not in SHOWS_NOTHING_OF_IT}:
            silent[key] = sorted(missing)
    assert silent == {}


def test_every_act_that_changes_something_leaves_a_line(walked: dict[Key, Visit]) -> None:
    """Whatever a request writes is on record under the name of who sent it, but for how somebody likes to work."""
    silent = {
        key: sorted(changed)
        for key, one in walked.items()
        if key[0] not in AFTER_THE_COMMIT
        and one.verdict != "not so"  # what was written on the way was taken back
        and (changed := one.wrote - OWN)
        and not any(line.actor_id is not None for line in one.lines)
    }
    assert silent == {}


def test_each_form_is_taken_from_somebody(walked: dict[Key, Visit]) -> None:
    """Otherwise the walk shows what an empty form answers, and not who may."""
    posted = {key: one.verdict for key, one in walked.items() if key[1] == "POST"}
    taken = {key[0] for key, verdict in posted.items() if verdict in {"yes", "confirm"}}
    asked = {key[0] for key in posted} - {key[0] for key, verdict in posted.items() if verdict == "–"}
    assert asked - taken == set(NEVER_TAKEN_HERE), (
        f"fill in what they ask in tests/staff_things.py: {asked - taken - set(NEVER_TAKEN_HERE)}; "
        f"taken by now: {set(NEVER_TAKEN_HERE) - (asked - taken)}"
    )


def test_whoever_may_not_is_told_so_and_not_that_the_form_is_wrong(walked: dict[Key, Visit]) -> None:
    """A form that is taken from one person is refused to others for who they are, or for how the case is; both are listed."""
    taken = {key[0] for key, one in walked.items() if key[1] == "POST" and one.verdict in {"yes", "confirm"}}
    told = {(key[0], key[3]) for key, one in walked.items() if key[1] == "POST" and key[0] in taken and one.verdict == "not so"}
    assert told == NOT_NOW


def test_whoever_is_refused_is_refused_before_the_form_is_read(walked: dict[Key, Visit]) -> None:
    """A page that says no when it is asked for says no to an empty form as well, and not that the form is empty."""
    wrong = [
        key
        for key, one in walked.items()
        if key[1] == "POST" and one.status in {400, 422} and walked[key[0], "GET", key[2], key[3]].verdict in {"no", "hidden"}
    ]
    assert wrong == []


@pytest.mark.parametrize("roles", [tuple(Role), (Role.VOLUNTEER,), (Role.MANAGER,)], ids=["every role", "volunteer", "manager"])
def test_without_a_second_factor_there_is_nothing_but_adding_one(roles: tuple[Role, ...]) -> None:
    world = make_world()
    client = CarefulClient()
    client.force_password_login(make_staff(*roles, name="Everything, and no factor"))
    found = {
        (address.name, method): one.verdict
        for address in addresses()
        if address.name not in ENROLLING
        for method in METHODS
        for one in [visit(client, method, path_of(address, "own", world))]
    }
    assert set(found.values()) == {"enrol"}, found


def test_nobody_signed_in_gets_the_sign_in_and_nothing_else() -> None:
    world = make_world()
    client = CarefulClient()
    found = {
        (address.name, method): one.verdict
        for address in addresses()
        for method in METHODS
        for one in [visit(client, method, path_of(address, "own", world))]
    }
    assert set(found.values()) == {"sign in"}, found


def test_no_other_method_shows_anything(walked: dict[Key, Visit]) -> None:
    """To nobody who is not signed in, to nobody without a second factor, to nobody whom GET and POST refuse."""
    world, others = make_whole_world(), colleagues()
    with_password = CarefulClient()
    with_password.force_password_login(make_staff(*Role, name="Everything, and no factor"))
    found: dict[tuple[str, str, str], Visit] = {}
    for address in addresses():
        for method in OTHER_METHODS:
            path = path_of(address, "own", world)
            found["nobody", address.name, method] = visit(CarefulClient(), method, path)
            if address.name not in ENROLLING:
                found["password", address.name, method] = visit(with_password, method, path)
    refused = {address.name: (role, which) for role in Role for address, which in _refused(role, walked)}
    for role, person in world.people.items():
        with signed_in(person, world) as client:
            for address in addresses():
                if refused.get(address.name, (None, ""))[0] is role:
                    for method in OTHER_METHODS:
                        seen = _visit(client, address, method, refused[address.name], world, others)
                        found[role, address.name, method] = seen
    answers = {"nobody": {"sign in"}, "password": {"enrol"}}
    wrong = {key: one.verdict for key, one in found.items() if one.verdict not in answers.get(key[0], {"no", "hidden", "–"})}
    assert wrong == {}
    numbers = frozenset[str]().union(*(kanaris_in(case.reference) for case in world.cases.values()))
    assert [key for key, one in found.items() if one.opened or _words_of("", one) | one.said & numbers] == []


def _refused(role: Role, walked: dict[Key, Visit]) -> Iterator[tuple[Address, str]]:
    """Yield each address that refuses this role by GET and by POST, with the first case of which it does."""
    for address in addresses():
        for which in address.cases_for(role):
            verdicts = {walked[address.name, method, role, which].verdict for method in METHODS}
            if verdicts <= {"no", "hidden", "–"} and verdicts != {"–"}:
                yield address, which
                break


def test_a_page_that_is_added_is_walked() -> None:
    """The walk and the URL table have the same names, but for what is open to strangers."""
    from tests.architecture.test_doors import OPEN_ON_STAFF, pages

    assert get_resolver(STAFF_URLS)
    assert {address.name for address in addresses()} == {name for name, _, _ in pages(STAFF_URLS)} - OPEN_ON_STAFF
