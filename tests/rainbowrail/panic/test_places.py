"""While the panic plan is in force no page says where somebody stays, nor where those are who would travel with them."""

import re

import pytest

from rainbowrail.accounts.models import User
from rainbowrail.panic import actions
from rainbowrail.panic.states import WhyBegun
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.staff_walk import World, addresses, make_world, path_of

pytestmark = pytest.mark.django_db
# As the walk's cases state them, in the words of the pages.
SAID = ("Mukono-canary", "in a safe house", "20 nights", "somewhere else", "A trusted person is near")
LABELS = ("City or region", "Staying", "The place is certain for", "Is now", "A trusted person is near")


def text_of(client: CarefulClient, path: str) -> str:
    answer = client.get(path)
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", raw.decode(errors="replace"))


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def reader(world: World, staff_client: CarefulClient) -> CarefulClient:
    staff_client.force_login(make_staff(*Role, name="Sees everything"))
    return staff_client


def test_no_page_of_the_staff_door_says_where_somebody_stays(world: World, reader: CarefulClient, dana: User) -> None:
    paths = {path_of(address, "own", world) for address in addresses()}
    before = " ".join(text_of(reader, path) for path in sorted(paths))
    assert [words for words in SAID if words not in before] == [], "the walk must meet what it looks for"
    actions.begin(WhyBegun.OFFICE, by=dana.actor, session_key=reader.session.session_key or "")
    reader.force_login(User.objects.get(name="Sees everything"))
    said = {path: found for path in sorted(paths) if (found := [words for words in SAID if words in text_of(reader, path)])}
    assert said == {}


def test_what_is_covered_is_not_called_unknown(world: World, reader: CarefulClient, dana: User) -> None:
    path = world.cases["own"].get_absolute_url()
    assert [label for label in LABELS if label not in text_of(reader, path)] == []
    actions.begin(WhyBegun.OFFICE, by=dana.actor, session_key="")
    reader.force_login(User.objects.get(name="Sees everything"))
    assert [label for label in LABELS if label in text_of(reader, path)] == []
