"""The pages by which staff give a return code, and the mark of a case in which nobody may write or call."""

import re

import pytest

from cases import actions
from cases.models import Case, NewCode
from cases.states import CodeCheck
from intake import access
from intake.opened import OpenVisit
from intake.staff_codes import stop_contact
from intake.states import Audience, StopReason
from rainbowrail.accounts.models import User
from rainbowrail.actors import APPLICANT
from rainbowrail.crypto import datakeys, return_code
from rainbowrail.roles import Role
from tests.cases.test_case_page import text_of
from tests.cases.test_codes import case_of
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff

pytestmark = pytest.mark.django_db


def page(case: Case, tail: str = "") -> str:
    return f"/cases/{case.reference}/{tail}"


def test_a_lost_code_goes_through_two_people_and_is_shown_once(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = case_of(cleo)
    staff_client.force_login(cleo)
    assert "They lost their code, or have none" in text_of(staff_client.get(page(case)))
    assert "Never ask for a document" in text_of(staff_client.get(page(case, "code/")))
    staff_client.post(page(case, "code/"), {"audience": "person", "how": "code_word"})
    waiting = text_of(staff_client.get(page(case)))
    assert "It waits for a second person" in waiting
    assert "Allow the new code" not in waiting
    assert "Make the code and show it" not in waiting

    staff_client.force_login(dana)
    assert "Allow the new code" in text_of(staff_client.get(page(case)))
    staff_client.post(page(case, "code/decide/"), {"answer": "allow"})

    staff_client.force_login(cleo)
    new_code = NewCode.objects.get()
    assert "Make the code and show it" in text_of(staff_client.get(page(case)))
    shown = staff_client.post(page(case, "code/make/"), {"code": str(new_code.pk)})
    assert shown.headers["Cache-Control"].find("no-store") >= 0
    found = re.search(r'<bdi class="code__groups".*?</bdi>', shown.content.decode(), re.DOTALL)
    assert found is not None
    code = return_code.read(re.sub(r"<[^>]+>", "", found[0]))
    with datakeys.scope():
        visit = access.open_by_code(code)
    assert isinstance(visit, OpenVisit)
    assert visit.must_change

    again = staff_client.post(page(case, "code/make/"), {"code": str(new_code.pk)})
    assert again.status_code == 409
    assert "shown once" in text_of(again)
    assert "They have not used it yet." in text_of(staff_client.get(page(case)))


def test_the_code_stands_in_the_numerals_of_their_language_too(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = case_of(cleo)
    Case.objects.filter(pk=case.pk).update(language="fa")
    new_code = actions.check_person(case, audience=Audience.PERSON, how=CodeCheck.TWO_ANSWERS, by=cleo.actor)
    actions.allow_code(new_code, by=dana.actor)
    staff_client.force_login(cleo)
    text = text_of(staff_client.post(page(case, "code/make/"), {"code": str(new_code.pk)}))
    assert "In the numerals of their language" in text
    assert re.search("[۰-۹]{5}", text)


def test_the_second_person_may_refuse(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = case_of(cleo)
    actions.check_person(case, audience=Audience.PERSON, how=CodeCheck.CODE_WORD, by=cleo.actor)
    staff_client.force_login(dana)
    staff_client.post(page(case, "code/decide/"), {"answer": "refuse"})
    assert "No code was made" in text_of(staff_client.get(page(case)))


def test_who_may_not_is_refused_and_a_hidden_case_is_not_there(staff_client: CarefulClient, cleo: User, eli: User) -> None:
    case = case_of(cleo)
    pages = ["code/", "contact/stop/", "contact/allow/"]
    staff_client.force_login(make_staff(Role.CASEWORKER))
    assert [staff_client.get(page(case, tail)).status_code for tail in pages] == [404] * 3
    staff_client.force_login(make_staff(Role.MANAGER))
    assert [staff_client.get(page(case, tail)).status_code for tail in pages] == [403] * 3
    assert staff_client.post(page(case, "code/decide/"), {"answer": "allow"}).status_code == 404
    assert staff_client.post(page(case, "code/make/"), {}).status_code == 404
    staff_client.force_login(cleo)
    assert staff_client.get(page(case, "code/make/")).status_code == 405
    assert staff_client.get(page(case, "code/decide/")).status_code == 405


def test_a_way_that_is_not_enough_is_not_taken(staff_client: CarefulClient, cleo: User) -> None:
    case = case_of(cleo)
    staff_client.force_login(cleo)
    assert staff_client.post(page(case, "code/"), {"audience": "person", "how": "safe_contact"}).status_code == 422
    assert not NewCode.objects.exists()


def test_a_forced_code_marks_the_case_and_says_what_to_do(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = case_of(cleo)
    stop_contact(case.help_request, StopReason.DURESS, by=APPLICANT)
    staff_client.force_login(cleo)
    text = text_of(staff_client.get(page(case)))
    assert "Do not write to this person or call them" in text
    assert "somebody may be forcing the person" in text
    assert "Do not call, and do not ask others about them" in text
    assert "A triage lead can allow contact again." in text
    assert staff_client.get(page(case, "contact/allow/")).status_code == 403
    staff_client.force_login(dana)
    assert "Only when you know that it is safe" in text_of(staff_client.get(page(case, "contact/allow/")))
    staff_client.post(page(case, "contact/allow/"), {"reason": "She came back herself."})
    assert "Do not write to this person" not in text_of(staff_client.get(page(case)))


def test_staff_stop_contact_by_hand(staff_client: CarefulClient, cleo: User) -> None:
    case = case_of(cleo)
    staff_client.force_login(cleo)
    staff_client.get(page(case, "contact/stop/"))
    staff_client.post(page(case, "contact/stop/"), {"reason": "Her brother answered the phone."})
    text = text_of(staff_client.get(page(case)))
    assert "Her brother answered the phone." in text
    assert "What was pressed or written behind the second code" not in text


def test_who_asks_chooses_to_whom_once_two_have_a_code(staff_client: CarefulClient, cleo: User) -> None:
    case = case_of(cleo, submitter="friend")
    staff_client.force_login(cleo)
    assert "To whom" not in text_of(staff_client.get(page(case, "ask/")))
    new_code = actions.check_person(case, audience=Audience.PERSON, how=CodeCheck.SAFE_CONTACT, by=cleo.actor)
    actions.make_code(new_code, by=cleo.actor)
    assert "To whom" in text_of(staff_client.get(page(case, "ask/")))
    staff_client.post(page(case, "ask/"), {"question": "Where is he?", "to": "filer"})
    staff_client.post(page(case, "tell/"), {"text": "We are here.", "to": "person"})
    text = text_of(staff_client.get(page(case)))
    assert "We asked who wrote for them; not answered yet" in text
    assert "We wrote" in text


@pytest.mark.parametrize("named", ["", "\x00", "-1", "no code"])
def test_a_button_that_names_no_code_makes_none(staff_client: CarefulClient, cleo: User, named: str) -> None:
    case = case_of(cleo)
    staff_client.force_login(cleo)
    assert staff_client.post(page(case, "code/make/"), {"code": named}).status_code == 404
