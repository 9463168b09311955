"""The trail finds a case by the reference that people say, and names it by that."""

import uuid

import pytest

from rainbowrail.audit import references
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


def test_a_reference_leads_to_its_case_in_any_case_of_letters() -> None:
    case = make_case()
    assert references.find(f" {case.reference.lower()} ") == case.pk
    assert references.find("RR-CCCC-CCCC") is None


def test_the_trail_names_cases_that_exist() -> None:
    case = make_case()
    assert references.names([case.pk, uuid.uuid4()]) == {case.pk: case.reference}
