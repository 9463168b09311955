"""A case that is hidden from an auditor is nowhere in the trail they read: not in the list, the filter or the table."""

import csv
import io

import pytest

from cases import actions
from cases.models import Case
from cases.states import HiddenWhy
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.record import record
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db
NO_SUCH_CASE = "No case has this reference"


@pytest.fixture
def hidden(staff_client: CarefulClient, fay: User, dana: User) -> Case:
    case = make_case()
    actions.restrict(case, people=[fay], why=HiddenWhy.COMMUNITY, words="Sisters.", by=dana.actor)
    staff_client.force_login(fay)
    return case


def test_it_is_asked_for_in_vain_in_the_words_for_one_that_never_was(staff_client: CarefulClient, hidden: Case) -> None:
    asked = [staff_client.get("/trail/", {"case": reference}) for reference in (hidden.reference, "RR-CCCC-DDDD")]
    assert [NO_SUCH_CASE in response.content.decode() for response in asked] == [True, True]
    assert [response.context["lines"] for response in asked] == [[], []]
    by_id = staff_client.get("/trail/", {"case": str(hidden.pk)})
    assert by_id.context["lines"] == []


def test_its_lines_are_in_no_list_and_in_no_table(staff_client: CarefulClient, hidden: Case, dana: User, fay: User) -> None:
    other = make_case()
    record(KernelVerb.VIEWED, by=dana.actor, case_id=other.pk)
    assert AuditEvent.objects.of_case(hidden.pk).exists()
    lines = staff_client.get("/trail/").context["lines"]
    assert hidden.pk not in {line.event.case_id for line in lines} and other.pk in {line.event.case_id for line in lines}
    response = staff_client.post("/trail/table/", {})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]
    assert {other.reference} <= {row["case"] for row in rows} and hidden.reference not in {row["case"] for row in rows}
    assert staff_client.post("/trail/table/", {"case": hidden.reference}).status_code == 409


def test_another_auditor_reads_all_of_it(staff_client: CarefulClient, hidden: Case) -> None:
    staff_client.force_login(make_staff(Role.AUDITOR))
    assert staff_client.get("/trail/", {"case": hidden.reference}).context["lines"]


def test_a_lead_hides_a_case_from_anybody_who_works_here(staff_client: CarefulClient, dana: User, fay: User, gus: User) -> None:
    case, admin = make_case(), make_staff(Role.ADMINISTRATOR, name="Adi")
    gone = make_staff(Role.CASEWORKER, name="Gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    staff_client.force_login(dana)
    page = staff_client.get(f"/cases/{case.reference}/hide/")
    offered = set(page.context["form"].fields["people"].queryset)
    assert {fay, gus, admin} <= offered and not {dana, gone} & offered
    told = {"people": [fay.pk, admin.pk], "why": HiddenWhy.KNOWS.value, "words": ""}
    assert staff_client.post(f"/cases/{case.reference}/hide/", told).status_code == 302
    assert set(case.restrictions.values_list("person", flat=True)) == {fay.pk, admin.pk}
