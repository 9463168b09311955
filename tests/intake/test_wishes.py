"""The wish that everything be deleted, as the public door sends it."""

import pytest
from django.db import transaction

from intake import access
from intake.drain import drain
from intake.models import Delivery, ReturnCode, Visit
from intake.opened import OpenVisit
from intake.states import Audience
from intake.wishes import ask_to_delete
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotPossible
from tests.factories.intake import ade, sent
from tests.intake.coming_back import comes_back, is_refused, takes_second_code
from tests.roles import AsRole

pytestmark = pytest.mark.django_db


def test_the_way_in_is_closed_at_once_under_the_public_role(as_public: AsRole) -> None:
    done = sent()
    drain(subject_id=done.visit.person_id)
    with as_public(), datakeys.scope():
        ask_to_delete(done.visit)
        assert access.open_by_code(done.code) is None
    assert not ReturnCode.objects.filter(help_request=done.request).exists()
    assert not Visit.objects.filter(pk=done.visit.row.pk).exists()
    assert Delivery.objects.waiting().filter(subject_id=done.visit.person_id).count() == 1


def test_a_second_press_is_refused_for_the_code_is_gone() -> None:
    done = sent()
    with datakeys.scope():
        ask_to_delete(done.visit)
        with pytest.raises(NotPossible, match="changed"), transaction.atomic():
            ask_to_delete(done.visit)


def test_a_wish_under_duress_deletes_nothing_but_the_code_it_came_with(
    as_public: AsRole,
) -> None:
    done = sent()
    drain(subject_id=done.visit.person_id)
    with as_public():
        second = takes_second_code(comes_back(done.code), done.code)
        with datakeys.scope():
            forced = access.open_by_code(second)
            assert isinstance(forced, OpenVisit)
            with transaction.atomic():
                ask_to_delete(forced)
        assert is_refused(second)
        comes_back(done.code)
    assert ReturnCode.objects.filter(help_request=done.request).count() == 2
    drain(subject_id=done.visit.person_id)
    assert done.request.contact_stops.get().told["why"] == "duress"


def test_a_friend_who_filed_cannot_delete_in_the_persons_place() -> None:
    done = sent(ade(submitter="friend"))
    assert done.visit.audience is Audience.FILER
    with datakeys.scope(), pytest.raises(NotPossible, match="Only the person"):
        ask_to_delete(done.visit)
    assert ReturnCode.objects.filter(help_request_id=done.visit.help_request_id).count() == 2
