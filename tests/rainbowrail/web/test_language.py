"""The language of a page: chosen in its own script on the first page, changed on the way, and for staff only what is whole."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from rainbowrail.web.language import StaffLanguage, is_reviewed
from rainbowrail.web.templatetags.ui import numerals
from tests.clients import PublicClient

OTHERS = [(code, name) for code, name in settings.LANGUAGES if code != "en"]


@pytest.mark.django_db
def test_the_first_page_offers_every_language_in_its_own_script_and_sets_no_cookie(public_client: PublicClient) -> None:
    page = public_client.get("/")
    for code, name in settings.LANGUAGES:
        assert f'lang="{code}"' in page.content.decode() and name in page.content.decode()
    assert not page.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "name"), OTHERS)
def test_a_language_of_the_first_page_is_kept_for_the_pages_after_it(public_client: PublicClient, code: str, name: str) -> None:
    answer = public_client.get(f"/language/{code}")
    assert answer.status_code == 302 and answer.headers["Location"] == "/"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie["max-age"] == "" and cookie["httponly"] and cookie["samesite"] == "Strict"
    direction = "rtl" if code in settings.LANGUAGES_BIDI else "ltr"
    for address in ("/", "/begin", "/more", "/form/s05"):
        assert f'<html lang="{code}" dir="{direction}">' in public_client.get(address).content.decode(), address


@pytest.mark.django_db
def test_a_language_that_is_not_offered_is_no_page(public_client: PublicClient) -> None:
    assert public_client.get("/language/xx").status_code == 404


@pytest.mark.django_db
def test_changing_the_language_loses_no_answer(public_client: PublicClient) -> None:
    step = public_client.url("intake:step", "s05")
    public_client.post(step, {"revision": "", "go": "1", "call_you": "Ade"})
    public_client.post("/language/", {"language": "ar", "next": step})
    page = public_client.get(step).content.decode()
    assert 'dir="rtl"' in page and 'value="Ade"' in page


@pytest.mark.django_db
def test_a_language_that_nobody_has_read_says_so_quietly(public_client: PublicClient) -> None:
    assert is_reviewed("en") and "page__foot" not in public_client.get("/").content.decode()
    unread = [code for code, _name in OTHERS if not is_reviewed(code)]
    for code in unread:
        public_client.get(f"/language/{code}")
        assert "page__foot" in public_client.get("/").content.decode()


@pytest.mark.parametrize(("wished", "spoken"), [("ar", "en"), ("fr", "fr"), ("en", "en")])
def test_the_staff_door_speaks_only_what_is_whole_for_staff(wished: str, spoken: str) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    with override_settings(STAFF_LANGUAGES=["en", "fr"], ROOT_URLCONF="rainbowrail.urls.staff"):
        request = RequestFactory().get("/", headers={"accept-language": wished})
        answered = StaffLanguage(answer)(request)
        assert isinstance(answered, HttpResponse) and answered.content.decode() == spoken
    translation.activate("en")


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("fr", "3 novembre 2026"),
        ("sw", "3 Novemba 2026"),
        ("ur", "3 نومبر، 2026"),
        ("ar", "٣ نوفمبر، ٢٠٢٦"),
        ("fa", "۳ نوامبر ۲۰۲۶"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(code: str, day: str) -> None:
    with translation.override(code):
        assert numerals(date_format(date(2026, 11, 3), "DATE_FORMAT")) == day


def test_months_have_names_in_every_language() -> None:
    for code, _name in OTHERS:
        with translation.override(code):
            assert date_format(date(2026, 1, 3), "F") != "January", code


# --- in the middle of a form ---

TYPED = "Zuhura of the lake"


def sent(client: PublicClient, path: str, typed: dict[str, str]) -> HttpResponse:
    """Send a form the way a browser does."""
    answer: HttpResponse = client.post(path, urlencode(typed), content_type="application/x-www-form-urlencoded")
    return answer


def carried(page: str) -> dict[str, str]:
    """Return what the page of languages carries along."""
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)">', page))


@pytest.mark.django_db
def test_another_language_loses_nothing_that_was_typed_and_saves_nothing(public_client: PublicClient) -> None:
    step = public_client.url("intake:step", "s05")
    languages = sent(public_client, step, {"revision": "", "call_you": TYPED, "speak": ""}).content.decode()
    assert carried(languages) == {"revision": "", "call_you": TYPED}

    answer = sent(public_client, step, {**carried(languages), "speak": "ar"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page and f'value="{TYPED}"' in page
    assert settings.VISIT_COOKIE_NAME not in public_client.cookies, "nothing was saved yet"
    assert '<html lang="ar"' in public_client.get("/begin").content.decode(), "the language is remembered"


@pytest.mark.django_db
def test_what_is_not_right_yet_is_kept_without_a_word_and_told_in_the_new_language_when_it_is_sent(
    public_client: PublicClient,
) -> None:
    step = public_client.url("intake:step", "s13")
    typed = {"revision": "", "nights": "many"}
    page = sent(public_client, step, {**typed, "speak": "sw"}).content.decode()
    assert 'value="many"' in page and "field__error" not in page

    told = sent(public_client, step, {**typed, "go": "1"}).content.decode()
    with translation.override("sw"):
        assert gettext("Write a whole number, such as 3.") in told


@pytest.mark.django_db
def test_going_back_from_the_languages_keeps_the_language_and_what_was_typed(public_client: PublicClient) -> None:
    step = public_client.url("intake:step", "s05")
    public_client.get("/language/tr")
    page = sent(public_client, step, {"revision": "", "call_you": TYPED, "speak": "tr"}).content.decode()
    assert '<html lang="tr"' in page and f'value="{TYPED}"' in page


@pytest.mark.django_db
def test_a_code_that_was_typed_is_not_written_back(public_client: PublicClient) -> None:
    page = sent(public_client, "/back", {"return_code": "12345 67890", "speak": ""}).content.decode()
    assert "12345" not in page


@pytest.mark.django_db
def test_enter_in_a_field_goes_on_and_does_not_ask_for_languages(public_client: PublicClient) -> None:
    """A browser presses the first button of a form, in the order of the page, when Enter is pressed in a field."""
    page = public_client.get("/form/s05").content.decode()
    buttons = re.findall(r'<button [^>]*name="(\w+)"', page)
    assert buttons[:2] == ["go", "speak"]
