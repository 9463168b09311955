"""The language of a member of staff: chosen before or after signing in, kept with the person, spoken in mails to them."""

import re

import pytest
from django.conf import settings
from django.core import mail

from cases.notifications import GLASS_BROKEN
from rainbowrail.accounts import languages
from rainbowrail.accounts.models import Invitation, User
from rainbowrail.accounts.notices import to_person
from rainbowrail.accounts.notifications import INVITED
from rainbowrail.notifications.delivery import deliver
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.outbox import queue
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture
def cleo() -> User:
    return make_staff(Role.CASEWORKER, name="Cleo")


def language_of(client: CarefulClient, path: str, wished: str = "en") -> str:
    page: str = client.get(path, headers={"accept-language": wished}).content.decode()
    found = re.search(r'<html lang="(\w+)"', page)
    assert found
    return found[1]


def choose(client: CarefulClient, code: str, back: str = "/account/sessions/") -> str:
    answer = client.post("/language/", {"language": code, "next": back})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_until_somebody_chooses_the_browser_decides(staff_client: CarefulClient, cleo: User) -> None:
    assert language_of(staff_client, LOGIN, "fr") == "fr"
    staff_client.force_login(cleo)
    assert language_of(staff_client, "/account/sessions/", "fr-CA,en;q=0.5") == "fr"
    assert language_of(staff_client, "/account/sessions/", "ar") == "en"


def test_what_a_person_chose_holds_in_every_browser_and_against_what_it_asks_for(
    staff_client: CarefulClient, cleo: User
) -> None:
    staff_client.force_login(cleo)
    choose(staff_client, "fr")
    cleo.refresh_from_db()
    assert cleo.language == "fr"
    elsewhere = CarefulClient()
    elsewhere.force_login(cleo)
    assert language_of(elsewhere, "/account/sessions/", "en") == "fr"
    assert language_of(elsewhere, "/nowhere/", "en") == "fr"
    assert language_of(CarefulClient(), LOGIN, "en") == "en"


def test_the_switch_at_the_foot_keeps_the_page(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    page = staff_client.get("/account/sessions/?x=1").content.decode()
    foot = page[page.index('class="page__languages"') :]
    assert 'name="next" value="/account/sessions/?x=1"' in foot and 'value="fr" lang="fr">Français</button>' in foot
    assert choose(staff_client, "fr", "/account/sessions/?x=1") == "/account/sessions/?x=1"
    page = staff_client.get("/account/sessions/?x=1").content.decode()
    assert 'value="en" lang="en">English</button>' in page[page.index('class="page__languages"') :]
    assert "La langue est réglée" in page


def test_who_wants_to_follow_the_browser_again_can(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    choose(staff_client, "fr")
    page = staff_client.get("/account/sessions/").content.decode()
    assert re.search(r'<input[^>]*value="fr"[^>]*checked', page)
    choose(staff_client, "")
    cleo.refresh_from_db()
    assert cleo.language == ""
    assert language_of(staff_client, "/account/sessions/", "en") == "en"


def test_a_language_that_staff_pages_do_not_speak_is_refused(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert staff_client.post("/language/", {"language": "ar", "next": "/"}).status_code == 400
    cleo.refresh_from_db()
    assert cleo.language == ""


def test_before_signing_in_the_choice_is_of_the_browser_and_becomes_the_persons(
    staff_client: CarefulClient, cleo: User
) -> None:
    assert 'class="page__languages"' in staff_client.get(LOGIN).content.decode()
    assert choose(staff_client, "fr", LOGIN) == LOGIN
    assert staff_client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
    assert language_of(staff_client, LOGIN, "en") == "fr"
    request = staff_client.get(LOGIN).wsgi_request
    languages.adopt(cleo, request)
    cleo.refresh_from_db()
    assert cleo.language == "fr"


def test_what_a_person_chose_is_not_undone_by_a_browser_that_somebody_else_used(
    staff_client: CarefulClient, cleo: User
) -> None:
    languages.choose(cleo, "en")
    choose(staff_client, "fr", LOGIN)
    languages.adopt(cleo, staff_client.get(LOGIN).wsgi_request)
    cleo.refresh_from_db()
    assert cleo.language == "en"


def test_a_password_alone_changes_nothing_of_the_person(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_password_login(cleo)
    choose(staff_client, "fr")
    cleo.refresh_from_db()
    assert cleo.language == ""


def send_everything() -> list[mail.EmailMessage]:
    for row in Notification.objects.all():
        deliver(row.pk)
    return list(mail.outbox)


@pytest.mark.parametrize(("code", "said"), [("fr", "Il y a eu bris de glace"), ("", "Somebody broke the glass")])
def test_a_mail_speaks_the_language_of_whom_it_is_for(cleo: User, code: str, said: str) -> None:
    languages.choose(cleo, code)
    queue(GLASS_BROKEN, to_person(cleo.pk))
    (letter,) = send_everything()
    assert letter.to == [cleo.email] and said in f"{letter.subject} {letter.body}"


def test_an_invitation_speaks_the_language_of_whoever_invites(cleo: User) -> None:
    languages.choose(cleo, "fr")
    row = Invitation.objects.create(email="new@example.org", invited_by=cleo)
    queue(INVITED, row.pk)
    (letter,) = send_everything()
    assert letter.subject == "Votre invitation"
