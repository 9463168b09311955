"""healthz speaks of the process, readyz of its database; neither needs a person or Redis."""

import pytest
from django.db import connection
from django.db.utils import OperationalError

from rainbowrail.web import health
from tests.clients import CarefulClient, PublicClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.parametrize("client_class", [CarefulClient, PublicClient])
def test_both_doors_say_that_they_work(address: str, client_class: type[CarefulClient]) -> None:
    assert client_class().get(address).status_code == 200


def test_a_database_that_is_away_is_told_but_the_process_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", away)
    assert CarefulClient().get("/healthz").status_code == 200
    response = CarefulClient().get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": "unreachable"})


def test_a_database_older_than_the_code_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "known_migrations", lambda: frozenset({("audit", "9999_from_the_future")}))
    assert CarefulClient().get("/readyz").json() == {"database": "older than this code"}


def test_health_sets_no_cookie() -> None:
    assert not CarefulClient().get("/healthz").cookies
