"""The component tags."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from rainbowrail.accounts.models import User
from rainbowrail.roles import Role
from rainbowrail.web import navigation


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_reference_stays_left_to_right_and_is_escaped() -> None:
    assert drawn("{{ it|ltr }}", it="RR-<b>") == '<bdi dir="ltr">RR-&lt;b&gt;</bdi>'


def test_a_time_carries_its_machine_form() -> None:
    assert 'datetime="2026-11-21T09:41:00+00:00"' in drawn("{{ it|moment }}", it=datetime(2026, 11, 21, 9, 41, tzinfo=UTC))
    assert drawn("{{ it|moment }}", it=None) == ""


def test_a_day_is_written_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert drawn("{{ it|day }}", it=date(2026, 11, 21)) == '<time datetime="2026-11-21">21 novembre 2026</time>'
    assert drawn("{{ it|day }}", it=None) == ""


def test_every_language_is_listed_under_its_own_name() -> None:
    assert "العربية" in drawn("{% languages as all %}{% for one in all %}{{ one.name }} {% endfor %}")


def test_the_address_of_another_page_keeps_the_filters() -> None:
    request = RequestFactory().get("/trail/?case=RR-1&after=old")
    assert drawn("{% page_url 'new' as url %}{{ url|safe }}", request=request) == "?case=RR-1&after=new"
    assert drawn("{% page_url None as url %}{{ url }}", request=request) == ""


@pytest.mark.django_db
def test_the_menu_shows_what_a_person_may_open(fay: User, gus: User) -> None:
    urls = {line.url for line in navigation.menu_for(fay.roles, here="audit:trail") if line.is_here}
    assert urls == {"/trail/"}
    assert "/trail/" not in {line.url for line in navigation.menu_for(gus.roles)}


def test_a_line_whose_address_this_door_does_not_know_is_left_out() -> None:
    navigation.register(navigation.MenuItem("nowhere:page", "Nowhere", roles=frozenset({Role.MANAGER})))
    assert all(line.label != "Nowhere" for line in navigation.menu_for({Role.MANAGER}))
    navigation._items.pop("nowhere:page")


@pytest.mark.parametrize(("number", "in_sight"), [(1, 1), (5, 5), (6, 4), (12, 4)])
def test_a_long_menu_folds_and_loses_no_line(number: int, in_sight: int) -> None:
    lines = [navigation.MenuLine(f"/{place}/", str(place), place == number - 1) for place in range(number)]
    menu = navigation.folded(lines)
    assert len(menu.at_hand) == in_sight
    assert [*menu.at_hand, *menu.more] == lines
    assert menu.is_here_in_more is (number > 5)


@pytest.mark.parametrize(("is_open", "stands"), [("", "<details>"), ("x", "<details open>")])
def test_a_panel_that_folds_opens_at_its_title(is_open: str, stands: str) -> None:
    html = drawn("{% panel title='History' heading_id='h' folds=True is_open=is_open %}Long ago{% endpanel %}", is_open=is_open)
    assert stands in html and 'aria-labelledby="h"' in html and '<h2 class="panel__title" id="h">History</h2>' in html
    assert "Long ago" in html
    assert "<details" not in drawn("{% panel title='History' heading_id='h' %}Long ago{% endpanel %}")
