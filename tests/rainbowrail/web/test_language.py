"""The language of a page: chosen in its own script on the first page, changed on the way, and for staff only what is whole."""

from datetime import date

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation
from django.utils.formats import date_format

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
