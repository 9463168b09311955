"""The panic plan, from the moment somebody begins it to the moment two people have ended it, in three browsers."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.hands import fill, press, section, sees, sees_heading
from tests.journeys.people import BETWEEN_MS, LOOKS, Caseworker, Colleague, TriageLead
from tests.worlds import DESK, OpenBrowser, Running


class Manager(Colleague):
    name, first_page = "Max", "Who waits"


@pytest.fixture
def manager(open_browser: OpenBrowser, running: Running) -> Callable[[], Manager]:
    return lambda: Manager(open_browser(DESK), running.staff)


@pytest.fixture
def nothing_stays_in_force(running: Running) -> Iterator[None]:
    """Leave the world as it was, also when the journey stops half way."""
    yield
    running.rows("DELETE FROM panic_panic RETURNING id")


@pytest.mark.usefixtures("nothing_stays_in_force")
def test_one_begins_it_a_second_vouches_for_the_hosts_one_asks_and_another_ends_it(
    cleo: Caseworker, dana: TriageLead, manager: Callable[[], Manager], running: Running
) -> None:
    dana.page.goto(f"{running.staff}/panic/")
    sees_heading(dana.page, "Panic plan")
    dana.page.get_by_role("radio").first.check()
    press(dana.page, "Begin the panic plan")
    dana.is_told("Everybody else is signed out.")
    sees(dana.page, "You began the plan; the second person must be somebody else.")

    cleo.page.goto(f"{running.staff}/")
    sees_heading(cleo.page, "Sign in")

    max_ = manager()
    expect(max_.page.get_by_role("region", name="Panic plan")).to_contain_text("The panic plan is in force.")
    max_.page.goto(f"{running.staff}/panic/")
    press(max_.page, "The hosts are ours")
    sees(max_.page, "Speak with them first.")
    fill(
        max_.page,
        {
            "I spoke with whoever runs the hosts, over another way than this system.": True,
            "Nobody else has been at them, or they were set up anew.": True,
        },
    )
    press(max_.page, "The hosts are ours")
    sees(max_.page, "Confirmed that the hosts are ours")
    waits_until_the_pair_has_turned(max_)

    max_.page.get_by_role("radio").first.check()
    press(max_.page, "Ask to end the plan")
    sees(max_.page, "You asked to end it; the second person must be somebody else.")

    dana.page.goto(f"{running.staff}/panic/")
    expect(section(dana.page, "Now")).to_contain_text("Talk with whoever asked")
    press(dana.page, "End the plan")
    sees(dana.page, "What happens at once")
    expect(dana.page.get_by_role("region", name="Panic plan")).to_have_count(0)
    expect(section(dana.page, "Earlier")).to_contain_text("Max")


def waits_until_the_pair_has_turned(somebody: Colleague) -> None:
    for _look in range(LOOKS):
        if somebody.page.get_by_text("The intake pair has turned").count():
            break
        somebody.page.wait_for_timeout(BETWEEN_MS)
        somebody.page.reload()
    sees(somebody.page, "The intake pair has turned")
