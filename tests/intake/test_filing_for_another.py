"""A friend or relative files for somebody: the words, what they may permit, whom the code is for, and what staff see."""

from typing import Any
from uuid import uuid4

import pytest

from cases import actions
from cases.filed_for import FiledFor
from cases.identity import lines_of
from cases.models import Case
from intake.drain import drain
from intake.forms.for_another import LEADS, QUESTIONS, TITLES
from intake.forms.household import PAGES
from intake.models import HelpRequest
from intake.staff_codes import make_code
from intake.states import Audience
from intake.steps import BY_SLUG, STEPS
from rainbowrail.accounts.models import User
from rainbowrail.crypto import datakeys
from tests.clients import CarefulClient, PublicClient
from tests.factories.intake import ade, received
from tests.intake.test_applicant_journey import CLEO, browser, send_a_request, step, text_of
from tests.intake.test_wizard import EVERYTHING, form
from tests.roles import AsRole

__all__ = ["browser"]
pytestmark = pytest.mark.django_db
FOR_BO: dict[str, Any] = {"submitter": "friend", "filer_call_you": "Ade-canary", "person_knows": False, "call_you": "Bo"}


def test_the_first_question_is_whom_it_is_about() -> None:
    assert STEPS[0].slug == "s04"


def test_who_writes_for_somebody_is_asked_about_both_of_them(browser: PublicClient) -> None:
    seen = []
    address = step(browser, "s04", submitter="friend").headers["Location"]
    while address.startswith("/form/"):
        seen.append(address.removeprefix("/form/"))
        data = {"consent_read": "on"} if address.endswith("s31") else {"skip": "1"}
        assert browser.get(address).status_code == 200
        address = browser.post(address, data).headers["Location"]
    assert "s35" in seen and "s34" in seen
    assert "s28" not in seen, "what somebody is, nobody says for them"


def test_questions_about_the_person_do_not_say_you(browser: PublicClient) -> None:
    step(browser, "s04", submitter="friend")
    for slug, words in (("s06", "How old is this person?"), ("s01", "How safe is this person now?"), ("s22", "They")):
        page = text_of(browser.get(browser.url("intake:step", slug)))
        assert words in page or slug == "s22"
        assert "How old are you" not in page and "Do you need a doctor" not in page
    assert "How we may reach you" in text_of(browser.get(browser.url("intake:step", "s02")))


def test_people_are_asked_about_by_how_they_belong_to_the_person_and_not_to_who_writes(browser: PublicClient) -> None:
    step(browser, "s04", submitter="friend")
    page = text_of(browser.get(f"/form/s33/{uuid4()}/1"))
    assert "How do they belong to the person you write for?" in page
    assert "Somebody with this person" in page and "belong to you" not in page


def test_every_wording_for_another_belongs_to_a_question_or_a_step() -> None:
    asked = {name for page in STEPS for name in form(page, EVERYTHING).fields}
    asked |= {name for page in PAGES for name in page.base_fields}
    assert QUESTIONS.keys() <= asked
    assert TITLES.keys() | LEADS.keys() <= BY_SLUG.keys()


def test_every_choice_of_a_filer_has_the_value_of_the_usual_one() -> None:
    for page in STEPS:
        usual, other = form(page, EVERYTHING), form(page, EVERYTHING | {"submitter": "friend"})
        for name in other.fields.keys() & usual.fields.keys():
            values = [[value for value, _label in getattr(one.fields[name], "choices", [])] for one in (usual, other)]
            assert values[0] == values[1], name


def test_no_question_that_a_filer_reads_asks_them_about_themselves_by_mistake() -> None:
    """Every question of a step about the person is worded for a filer, or has no "you" in it."""
    from intake.steps import is_about_another

    filer = EVERYTHING | {"submitter": "friend"}
    for page in STEPS:
        if not page.applies(filer) or not is_about_another(page, filer):
            continue
        for name, field in form(page, filer).fields.items():
            words = str(field.label).lower().replace(",", " ").replace("?", " ").split()
            assert not {"you", "your"} & set(words), (page.slug, name, field.label)


def test_a_filer_permits_nothing_in_the_persons_name(browser: PublicClient) -> None:
    step(browser, "s04", submitter="partner")
    page = browser.get(browser.url("intake:step", "s31")).content.decode()
    assert "consent_partners" not in page and "consent_statistics" not in page
    tampered = step(browser, "s31", consent_read="on", consent_partners="on", consent_statistics="on")
    assert tampered.status_code == 302
    said = text_of(browser.get(browser.url("intake:check")))
    assert "partner organisation" not in said and "statistics" not in said


def test_permissions_given_before_saying_it_is_for_another_are_not_sent() -> None:
    saved = {"consent_read": True, "consent_partners": True, "consent_statistics": True}
    again = form(BY_SLUG["s31"], saved | {"submitter": "friend"}, {"consent_read": "on"})
    assert again.is_valid()
    assert again.to_answers()["consent_partners"] is None


def test_the_code_of_a_filer_opens_received_and_nothing_of_the_person(public_client: PublicClient, as_public: AsRole) -> None:
    with as_public():
        step(public_client, "s04", submitter="friend")
        code = send_a_request(public_client, call_you="Bo-canary")
    assert drain() == 1
    case = Case.objects.get()
    with datakeys.scope():
        assert case.help_request.consent["given_by"] == Audience.FILER
        assert case.help_request.consent["text_version"].endswith("filer")
    with as_public():
        public_client.cookies.clear()
        public_client.post(public_client.url("intake:back"), {"return_code": code})
        page = public_client.get(public_client.url("intake:here"))
    assert "Thank you for writing to us for somebody else" in text_of(page)
    assert "canary" not in page.content.decode()


def test_staff_see_that_the_persons_own_consent_is_missing_and_what_comes_next() -> None:
    request = received(ade(**FOR_BO))
    case = Case.objects.get()
    missing = FiledFor.of(case)
    assert missing is not None
    assert (missing.by, missing.person_knows, missing.has_own_code) == ("a friend", False, False)
    make_code(request.id, Audience.PERSON, by=CLEO)
    missing = FiledFor.of(case)
    assert missing is not None and missing.has_own_code


def test_how_the_person_may_be_reached_stands_apart_from_who_wrote() -> None:
    told = {"contact_channel": "email", "contact_address": "ade@example.org", "contact_person_how": "through_me",
            "contact_person_careful": "His brother answers."}  # fmt: skip
    request = received(ade(**FOR_BO, **told))
    with datakeys.scope():
        lines = [(str(line.label), line.value) for line in lines_of(HelpRequest.objects.get(id=request.id).identity)]
    assert ("Who wrote for them", "Ade-canary") in lines
    assert ("Reaching the person", "only through the one who wrote") in lines
    assert ("Be careful about", "His brother answers.") in lines
    assert ("Address or number", "ade@example.org") in lines


def test_the_case_page_says_so_beside_the_next_step_and_keeps_names_closed(staff_client: CarefulClient, cleo: User) -> None:
    amina = {"id": str(uuid4()), "called": "Amina-canary", "relation": "child", "place": "same"}
    received(ade(**FOR_BO, household=[amina]))
    case = Case.objects.get()
    actions.claim(case, by=cleo.actor)
    staff_client.force_login(cleo)
    page = text_of(staff_client.get(case.get_absolute_url()))
    assert "Filed by somebody else: own consent missing" in page
    assert "The person does not know of it" in page
    assert "Next: reach the person safely" in page
    assert "in the same place" in page
    assert "canary" not in page
