"""Who may open what: every staff address × every role × a case of one's own, another's, one hidden from the person.

The verdicts stand in docs/who-may-open-what.md. An address that is not judged there fails, and so does a verdict that changed.
Read what changed, and if it is meant, write the page anew:

    WRITE_MATRIX=1 make test ARGS="-n 0 tests/architecture/test_matrix.py"
"""

import os
from functools import cache
from pathlib import Path

import pytest
from django.urls import get_resolver

from rainbowrail.audit.kinds import Kind, kind_of
from rainbowrail.roles import OPENING, Role
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import make_staff
from tests.staff_walk import CASES, METHODS, Address, Visit, World, addresses, make_world, path_of, signed_in, visit

# The walk is some two thousand requests, made once for the module: a minute on a quiet machine, minutes on a busy one.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix"), pytest.mark.timeout(1800)]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "who-may-open-what.md"
HOW = 'WRITE_MATRIX=1 make test ARGS="-n 0 tests/architecture/test_matrix.py"'
OPENS = {"yes", "card", "not so", "confirm"}
# Tables whose rows are about nobody but who wrote them: unsaved words and one's own account.
OWN = frozenset({"cases_unsavedtext", "accounts_user"})
# allauth says that it was done after the commit, which the walk undoes (tests/rainbowrail/accounts).
AFTER_THE_COMMIT = {"mfa_generate_recovery_codes"}
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

Every address of the staff door, asked by a person of each role alone, with both factors. Three verdicts stand for a case of
one's own (of which a referral officer is the officer), a case of somebody else, and a case that is hidden from the person; one
verdict stands for all three when they are the same. Every case went as far as a referral whose file is made, so that nothing
of it waits for triage. Of things that are part of no case (a partner, a slot, a request for access) the address names one
that does not exist.

| word | answer |
|---|---|
| yes | the page, or the act is done (200, 204, or 302 to the next page) |
| card | the case page without who the person is and without what was written since |
| confirm | allowed, after showing a factor once more (302) |
| not so | allowed, and not now or not with an empty form (400, 409, 422) |
| no | this role, or this person, may not (403) |
| hidden | as if there were no such thing (404) |
| – | the address does not take this method (405) |

People without a second factor get the pages to add one and nothing else; strangers get the sign-in.
"""


@cache
def _walked() -> dict[tuple[str, str, Role, str], Visit]:
    """Every request of the matrix, once for all tests of this module; each is undone, and so is the world it is made in."""
    return {}


@pytest.fixture
def walked() -> dict[tuple[str, str, Role, str], Visit]:
    found = _walked()
    if not found:
        world = make_world()
        for role, person in world.people.items():
            with signed_in(person, world) as client:
                found |= dict(_visits(client, role, world))
    return found


def _visits(client: CarefulClient, role: Role, world: World) -> list[tuple[tuple[str, str, Role, str], Visit]]:
    return [
        ((address.name, method, role, which), visit(client, method, path_of(address, which, world)))
        for address in addresses()
        for which in address.cases_for(role)
        for method in METHODS
    ]


def table_of(walked: dict[tuple[str, str, Role, str], Visit]) -> str:
    roles = list(HEADINGS)
    head = ["address", "method", *HEADINGS.values()]
    lines = [PREFACE, f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for address in addresses():
        for method in METHODS:
            cells = [_cell(walked, address, method, role) for role in roles]
            if set(cells) != {"–"}:
                lines.append(f"| {address.name} | {method} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(walked: dict[tuple[str, str, Role, str], Visit], address: Address, method: str, role: Role) -> str:
    verdicts = [walked[key].verdict for which in CASES if (key := (address.name, method, role, which)) in walked]
    return verdicts[0] if len(set(verdicts)) == 1 else " · ".join(verdicts)


def test_every_address_answers_as_the_table_says(walked: dict[tuple[str, str, Role, str], Visit]) -> None:
    table = table_of(walked)
    if os.environ.get("WRITE_MATRIX"):
        PAGE.write_text(table, encoding="utf-8")
    judged = set(PAGE.read_text(encoding="utf-8").splitlines()) if PAGE.exists() else set()
    new = [line for line in table.splitlines() if line not in judged]
    gone = [line for line in judged if line not in table.splitlines()]
    assert not new and not gone, (
        "Not as judged; if it is meant, run: " + HOW + "\n" + "\n".join(["now:", *new, "judged:", *gone])
    )


def test_every_answer_has_a_word(walked: dict[tuple[str, str, Role, str], Visit]) -> None:
    words = OPENS | {"no", "hidden", "–"}
    assert {key: (one.verdict, one.fault) for key, one in walked.items() if one.verdict not in words} == {}


def test_a_hidden_case_is_never_opened_by_whom_it_is_hidden_from(walked: dict[tuple[str, str, Role, str], Visit]) -> None:
    opened = [key for key, one in walked.items() if key[3] == "hidden" and one.verdict in OPENS - {"confirm"}]
    assert opened == []


def test_a_hidden_case_opens_nothing_that_is_sealed(walked: dict[tuple[str, str, Role, str], Visit]) -> None:
    assert [key for key, one in walked.items() if key[3] == "hidden" and one.opened] == []


@pytest.mark.parametrize("role", sorted(set(Role) - OPENING))
def test_auditors_and_administrators_open_nothing_that_is_sealed(
    role: Role, walked: dict[tuple[str, str, Role, str], Visit]
) -> None:
    assert [key for key, one in walked.items() if key[2] is role and one.opened] == []


def test_every_page_that_opens_something_sealed_leaves_a_line_that_says_so(
    walked: dict[tuple[str, str, Role, str], Visit],
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
        if missing := one.opened - {str(line.detail.get("compartment")) for line in by_people}:
            silent[key] = sorted(missing)
    assert silent == {}


def test_every_act_that_changes_something_leaves_a_line(walked: dict[tuple[str, str, Role, str], Visit]) -> None:
    """Whatever a request writes is on record under the name of who sent it, but for how somebody likes to work."""
    silent = {
        key: sorted(changed)
        for key, one in walked.items()
        if key[0] not in AFTER_THE_COMMIT
        and (changed := one.wrote - OWN)
        and not any(line.actor_id is not None for line in one.lines)
    }
    assert silent == {}


def test_whoever_is_refused_is_refused_before_the_form_is_read(walked: dict[tuple[str, str, Role, str], Visit]) -> None:
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
    enrolling = {"mfa_index", "mfa_add_webauthn", "mfa_activate_totp"}
    client = CarefulClient()
    client.force_password_login(make_staff(*roles, name="Everything, and no factor"))
    found = {
        (address.name, method): one.verdict
        for address in addresses()
        if address.name not in enrolling
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


def test_a_page_that_is_added_is_walked() -> None:
    """The walk and the URL table have the same names, but for what is open to strangers."""
    from tests.architecture.test_doors import OPEN_ON_STAFF, pages

    assert get_resolver(STAFF_URLS)
    assert {address.name for address in addresses()} == {name for name, _, _ in pages(STAFF_URLS)} - OPEN_ON_STAFF
