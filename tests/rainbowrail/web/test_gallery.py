"""The gallery of components is for whoever draws pages: where people work it is not there."""

from typing import Any

import pytest
from django.conf import settings as active
from django.urls import reverse

from rainbowrail.accounts.models import User
from rainbowrail.settings import base
from tests.clients import CarefulClient

pytestmark = pytest.mark.django_db


def test_it_shows_where_development_asks_for_it_and_nowhere_else(
    staff_client: CarefulClient, dana: User, settings: Any
) -> None:
    staff_client.force_login(dana)
    assert (base.GALLERY, active.GALLERY) == (False, True)
    assert staff_client.get(reverse("components:gallery")).status_code == 200
    settings.GALLERY = base.GALLERY
    assert staff_client.get(reverse("components:gallery")).status_code == 404
    assert staff_client.get(reverse("components:shortcuts")).status_code == 200
