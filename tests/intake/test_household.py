"""Who is with the applicant: the list, the numbers that agree with it, and the rows that reach staff sealed."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from cases.filed_for import FiledFor
from cases.household import companions_of, names_of
from cases.models import Case
from intake import erasing
from intake.drain import drain
from intake.household import MOST_PEOPLE, agreed, with_person, without_person
from intake.models import Delivery, HouseholdMember
from intake.states import DeliveryState
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.errors import CryptoError
from tests.clients import PublicClient
from tests.factories.intake import ade, received, sent
from tests.intake.test_applicant_journey import browser, phone, send_a_request, shown_code, step, text_of
from tests.roles import AsRole

__all__ = ["browser", "phone"]
pytestmark = pytest.mark.django_db
AMINA = {"id": str(uuid4()), "called": "Amina-canary", "relation": "child", "age_band": "under_15", "place": "same",
         "depends": True, "medical": "injury_needs_care", "disability": True}  # fmt: skip
MUSA = {"id": str(uuid4()), "called": "Musa-canary", "relation": "parent", "age_band": "60_plus", "place": "elsewhere"}
PERSON = r'href="(/form/s33/[0-9a-f-]{36}/1)"'


def pages_about_somebody(browser: PublicClient) -> str:
    """Return the address that the list offers for one more person."""
    found = re.findall(PERSON, browser.get(browser.url("intake:step", "s33")).content.decode())
    return str(found[-1])


def tell(browser: PublicClient, address: str, revision: str = "", **answers: str) -> Any:
    page = browser.get(address).content.decode()
    drawn = re.search(r'name="revision" value="(\d*)"', page)
    assert drawn is not None
    return browser.post(address, {"revision": revision or drawn[1], "go": "1", **answers})


# --- the numbers ---


def test_a_described_child_is_counted_among_dependants_and_children() -> None:
    saved = with_person({}, AMINA["id"], AMINA)  # type: ignore[arg-type]
    assert (saved["dependants"], saved["with_children"], saved["with_adults"], saved["with_older"]) == (1, 1, None, None)


def test_a_number_that_was_stated_higher_stays() -> None:
    assert with_person({"dependants": 4}, str(AMINA["id"]), AMINA)["dependants"] == 4


def test_somebody_elsewhere_is_not_counted_as_with_them() -> None:
    assert with_person({}, MUSA["id"], MUSA)["with_older"] is None


def test_taking_somebody_off_takes_them_out_of_numbers_that_counted_the_list() -> None:
    answers = with_person({}, str(AMINA["id"]), AMINA)
    assert without_person(answers, str(AMINA["id"])) == {
        "household": None, "dependants": None, "with_adults": None, "with_children": None, "with_older": None,
    }  # fmt: skip
    assert without_person(answers | {"dependants": 3}, str(AMINA["id"]))["dependants"] == 3


def test_nobody_said_is_unknown_and_not_none() -> None:
    assert agreed({}, "dependants", None) is None
    assert agreed({}, "dependants", 0) == 0


def test_somebody_of_whom_nothing_is_said_is_not_on_the_list() -> None:
    assert with_person({}, str(uuid4()), {"called": None})["household"] is None


def test_the_list_ends_somewhere() -> None:
    answers: dict[str, Any] = {}
    for _one in range(MOST_PEOPLE + 3):
        answers |= with_person(answers, str(uuid4()), {"called": "x"})
    assert len(answers["household"]) == MOST_PEOPLE


# --- the pages ---


def test_the_list_is_asked_only_of_who_has_company(browser: PublicClient) -> None:
    assert step(browser, "s08", dependants="0").headers["Location"] == browser.url("intake:step", "s09")
    assert step(browser, "s08", with_adults="1").headers["Location"] == browser.url("intake:step", "s33")
    assert step(browser, "s33").headers["Location"] == browser.url("intake:step", "s09")


def test_somebody_is_described_on_three_pages_and_stands_on_the_list_and_the_check(browser: PublicClient) -> None:
    step(browser, "s08", with_children="1")
    first = pages_about_somebody(browser)
    second = tell(browser, first, called="Amina", relation="child").headers["Location"]
    third = tell(browser, second, age_band="under_15", place="same", depends="true").headers["Location"]
    assert tell(browser, third, medical="none", pregnant="skip").headers["Location"] == browser.url("intake:step", "s33")
    for page in ("/form/s33", "/check"):
        said = text_of(browser.get(page))
        assert "Amina" in said and "Under 15" in said and "In the same place" in said
    assert 'name="dependants" value="1"' in browser.get(browser.url("intake:step", "s08")).content.decode()


def test_every_page_about_somebody_may_be_skipped(browser: PublicClient) -> None:
    address = pages_about_somebody(browser)
    for _page in range(3):
        address = browser.post(address, {"revision": "", "skip": "1"}).headers["Location"]
    assert address == browser.url("intake:step", "s33")
    assert "Nobody is on the list yet" in text_of(browser.get(address))


def test_the_same_page_sent_twice_adds_one_person(browser: PublicClient) -> None:
    address = pages_about_somebody(browser)
    for _press in range(2):
        browser.post(address, {"revision": "", "called": "Amina"})
    assert len(re.findall(PERSON, browser.get(browser.url("intake:step", "s33")).content.decode())) == 2  # Amina, and one more


def test_somebody_is_changed_and_taken_off_after_being_asked_once(browser: PublicClient) -> None:
    address = pages_about_somebody(browser)
    tell(browser, address, called="Amina")
    tell(browser, address, called="Aminata")
    off = address.removesuffix("/1") + "/off"
    assert "Aminata" in text_of(browser.get(off))
    assert browser.post(off).headers["Location"] == browser.url("intake:step", "s33")
    assert "Nobody is on the list yet" in text_of(browser.get(browser.url("intake:step", "s33")))
    assert browser.get(off).headers["Location"] == browser.url("intake:step", "s33")


def test_whoever_comes_from_the_check_stays_on_the_way_back_to_it(browser: PublicClient) -> None:
    step(browser, "s08", with_adults="1")
    page = browser.get(browser.url("intake:change", "s33")).content.decode()
    found = re.search(r'href="(/form/s33/[0-9a-f-]{36}/1/again)"', page)
    assert found is not None
    assert tell(browser, found[1], called="Musa").headers["Location"].endswith("/2/again")
    assert step(browser, "s33").status_code == 302
    assert browser.post(browser.url("intake:change", "s33"), {"revision": "9"}).headers["Location"] == browser.url(
        "intake:check"
    )


def test_fewer_people_than_are_described_are_not_believed(browser: PublicClient) -> None:
    address = pages_about_somebody(browser)
    second = tell(browser, address, called="Amina").headers["Location"]
    tell(browser, second, age_band="under_15", place="same", depends="true")
    response = step(browser, "s08", dependants="0")
    assert response.status_code == 200
    assert "Write at least that number" in text_of(response)
    assert step(browser, "s08", dependants="").status_code == 302


def test_a_page_about_nobody_is_not_there(browser: PublicClient) -> None:
    assert browser.get(f"/form/s33/{uuid4()}/4").status_code == 404
    assert browser.get(f"/form/s33/{uuid4()}/0").status_code == 404


def test_another_window_does_not_wipe_what_was_said_of_somebody(browser: PublicClient) -> None:
    address = pages_about_somebody(browser)
    tell(browser, address, called="Amina", relation="child")
    assert browser.post(address, {"revision": "0", "called": "", "relation": ""}).status_code == 302
    clash = browser.post(address, {"revision": "0", "called": "Fatima", "relation": "child"})
    assert "Meanwhile this was saved here: Amina" in text_of(clash)
    assert 'value="Fatima"' in clash.content.decode()


# --- on the way to staff ---


def test_people_are_sent_sealed_by_the_public_role_and_open_for_the_worker(
    public_client: PublicClient, as_public: AsRole
) -> None:
    with as_public():
        address = pages_about_somebody(public_client)
        tell(public_client, address, called="Amina-canary", relation="child")
        send_a_request(public_client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(identity, 'escape') || encode(told, 'escape') FROM intake_householdmember")
        assert "canary" not in str(cursor.fetchall())
    assert not HouseholdMember.objects.arrived().exists()
    assert drain() == 1
    with datakeys.scope():
        one = HouseholdMember.objects.arrived().get()
        assert (one.identity, one.told) == ({"called": "Amina-canary"}, {"relation": "child"})
        assert "household" not in one.help_request.answers


def test_the_public_role_cannot_read_or_mark_people(as_public: AsRole) -> None:
    sent(ade(household=[AMINA]))
    member = HouseholdMember.objects.get()
    for statement in ("SELECT 1 FROM intake_householdmember", "UPDATE intake_householdmember SET arrived = true"):
        with as_public(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with as_public(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_householdmember (id, help_request_id, position, arrived, identity, told)"
            " VALUES (gen_random_uuid(), %s, 2, true, '\\x01', '\\x01')",
            [member.help_request_id],
        )


@pytest.mark.parametrize("change", ["gone", "swapped", "strange"])
def test_people_who_are_not_those_of_the_box_put_the_delivery_aside(change: str) -> None:
    done = sent(ade(household=[AMINA, MUSA]))
    first, second = HouseholdMember.objects.order_by("position")
    if change == "gone":
        first.delete()
    elif change == "swapped":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE intake_householdmember SET told = %s WHERE id = %s", [_raw(second), first.id])
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO intake_householdmember (id, help_request_id, position, arrived, identity, told)"
                " SELECT %s, help_request_id, 3, false, identity, told"
                " FROM intake_householdmember WHERE id = %s",
                [uuid4(), first.id],
            )
    drain()
    assert Delivery.objects.get(id=done.delivery.id).state == DeliveryState.QUARANTINED
    assert not HouseholdMember.objects.arrived().exists()


def _raw(member: HouseholdMember) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM intake_householdmember WHERE id = %s", [member.id])
        return bytes(cursor.fetchone()[0])


def test_a_person_who_is_forgotten_takes_their_household_along() -> None:
    request = received(ade(household=[AMINA, MUSA]))
    member = HouseholdMember.objects.first()
    assert member is not None
    erasing.forget_person(request.person_id)
    assert not HouseholdMember.objects.exists()
    with pytest.raises(CryptoError):
        _ = member.told


# --- for staff ---


def test_staff_read_who_is_with_them_and_names_apart() -> None:
    request = received(ade(household=[AMINA, MUSA]))
    amina, musa = companions_of(request)
    assert [str(line.value) for line in amina.told][:3] == ["child", "under 15", "in the same place"]
    assert [str(label) for label in musa.unknown] == ["Depends on them", "Health", "Disability", "Pregnant"]
    assert "canary" not in str((amina, musa))
    assert [line.value for line in names_of(request)] == ["Amina-canary", "Musa-canary"]


def test_a_case_of_who_wrote_themself_waits_for_no_consent_of_another() -> None:
    received(ade())
    assert FiledFor.of(Case.objects.get()) is None


def test_the_code_of_a_draft_brings_the_people_to_another_phone(browser: PublicClient, phone: PublicClient) -> None:
    tell(browser, pages_about_somebody(browser), called="Amina")
    browser.post(browser.url("intake:begin"))
    code = shown_code(browser.get(browser.url("intake:code")))
    phone.post(phone.url("intake:back"), {"return_code": code})
    assert "Amina" in text_of(phone.get(phone.url("intake:step", "s33")))
