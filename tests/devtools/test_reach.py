"""Every page of the public door can be come to by the table of pages and by the pictures."""

from rainbowrail.devtools.management.commands.pages import BEGIN, END, PAGE
from rainbowrail.devtools.reach import NO_PAGES, WAYS, routes, stops


def test_every_address_of_the_public_door_has_a_way_to_its_page_or_a_reason_for_none() -> None:
    assert sorted(routes()) == sorted([*WAYS, *NO_PAGES]), "give the new address a line in rainbowrail/devtools/reach.py"


def test_no_two_pages_have_one_name() -> None:
    names = [stop.name for stop in stops()]
    assert len(names) == len(set(names))


def test_the_table_that_is_kept_names_every_page() -> None:
    kept = PAGE.read_text().split(BEGIN)[1].split(END)[0]
    named = [line.split("|")[1].strip() for line in kept.splitlines()[2:]]
    assert named == [stop.name for stop in stops()], "run `make pages`"
