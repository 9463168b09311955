"""What every answer carries, what every door refuses, and how the ways of saying no become pages."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from rainbowrail.accounts.models import User
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import NoScope
from rainbowrail.web.middleware import KeyScope, PublicDoor
from tests.clients import CarefulClient
from tests.rainbowrail.web.views_for_tests import CANARY, any_staff, applicants, unmarked

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rainbowrail.web.views_for_tests")]


@pytest.fixture
def client() -> CarefulClient:
    return CarefulClient(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/healthz", "/t/breaks/", "/t/suspicious/", "/nowhere/", "/account/login/"])
def test_every_answer_keeps_to_itself(client: CarefulClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"] and "geolocation=()" in headers["Permissions-Policy"]
    assert "noindex" in headers["X-Robots-Tag"]
    assert not {"Server", "X-Powered-By", "Via"} & set(headers)


def test_the_content_policy_begins_with_nothing_and_allows_only_ourselves(client: CarefulClient) -> None:
    rules = dict(
        rule.strip().split(" ", 1) for rule in client.get("/account/login/").headers["Content-Security-Policy"].split(";")
    )
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) <= {"'self'", "'none'"}
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/t/not-allowed/", 403, "Only the owner of this case may do it."),
        ("/t/not-possible/", 409, "This case is closed."),
        ("/t/full/", 503, "Many people are here"),
        ("/t/suspicious/", 400, "reload the page"),
        ("/t/breaks/", 500, "try again in a few minutes"),
        ("/nowhere/", 404, "no page here"),
    ],
)
def test_each_way_of_saying_no_is_a_page_of_its_own(client: CarefulClient, address: str, status: int, sentence: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert CANARY not in response.content.decode()


def test_a_wrong_method_gets_a_page_that_keeps_the_allow_header(client: CarefulClient) -> None:
    response = client.get("/t/form/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert b"<h1>" in response.content


def test_a_full_house_says_when_to_come_back(client: CarefulClient) -> None:
    assert client.get("/t/full/").headers["Retry-After"] == "30"
    assert "<form" not in client.get("/t/full/").content.decode()


def test_what_was_typed_into_a_full_house_waits_behind_one_button(client: CarefulClient) -> None:
    typed = {"words": 'They said "run".', "return_code": "12345", "csrfmiddlewaretoken": "old"}
    page = client.post("/t/full/?step=2", typed).content.decode()
    assert 'action="/t/full/?step=2"' in page and "Send again" in page
    assert 'name="words" value="They said &quot;run&quot;."' in page
    assert "12345" not in page and 'value="old"' not in page


@override_settings(FILE_UPLOAD_HANDLERS=["django.core.files.uploadhandler.MemoryFileUploadHandler"])
def test_a_full_house_says_that_a_file_does_not_come_along(client: CarefulClient) -> None:
    says = "Files do not come along. Please choose them again on the next page."
    letter = SimpleUploadedFile("letter.txt", CANARY.encode())
    page = client.post("/t/full/", {"words": "This is the letter.", "letter": letter}).content.decode()
    assert says in page and "Send again" in page
    assert CANARY not in page
    assert says not in client.post("/t/full/", {"words": "There is no letter."}).content.decode()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_too_much_at_once_is_413(client: CarefulClient) -> None:
    response = client.post("/t/form/", "words=" + "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "more than we can take at once" in response.content.decode()


def test_an_unknown_host_is_refused(client: CarefulClient) -> None:
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_a_broken_page_writes_no_words_to_the_log(client: CarefulClient, capfd: pytest.CaptureFixture[str]) -> None:
    client.get("/t/breaks/?name=" + CANARY.replace(" ", "+"))
    assert "Canary-7731" not in capfd.readouterr().err


# --- the staff door ---


def test_a_view_without_a_mark_is_refused_at_the_staff_door(client: CarefulClient, dana: User) -> None:
    client.force_login(dana)
    assert client.get("/t/unmarked/").status_code == 404


def test_an_applicants_page_does_not_exist_at_the_staff_door(client: CarefulClient, dana: User) -> None:
    client.force_login(dana)
    assert client.get("/t/applicants/").status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_back(client: CarefulClient) -> None:
    response = client.get("/t/any-staff/?page=2")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/login/?next=/t/any-staff/%3Fpage%3D2")


def test_any_member_of_staff_enters_a_page_without_roles(client: CarefulClient, gus: User) -> None:
    client.force_login(gus)
    assert client.get("/t/any-staff/").status_code == 200


def test_a_role_opens_its_page_and_no_other_does(client: CarefulClient, dana: User, cleo: User) -> None:
    client.force_login(dana)
    assert client.get("/t/leads/").status_code == 200
    client.force_login(cleo)
    assert client.get("/t/leads/").status_code == 403


def test_a_closed_account_is_out_with_its_next_request(client: CarefulClient, dana: User) -> None:
    client.force_login(dana)
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert client.get("/t/leads/").status_code == 302


# --- the public door ---


@pytest.mark.parametrize(("view", "status"), [(applicants, None), (any_staff, 404), (unmarked, 404)])
def test_the_public_door_opens_only_what_is_marked_for_it(view: object, status: int | None) -> None:
    answer = PublicDoor(lambda request: HttpResponse()).process_view(RequestFactory().get("/"), view, (), {})  # type: ignore[arg-type]
    assert (answer and answer.status_code) == status


# --- opened keys ---


def test_an_opened_key_does_not_outlive_the_request() -> None:
    import contextvars
    import uuid

    subject = uuid.uuid4()

    def view(request: HttpRequest) -> HttpResponse:
        datakeys.generate(subject, Compartment.STORY)
        assert datakeys.held(subject, Compartment.STORY)
        return HttpResponse()

    def one_request() -> None:
        KeyScope(view)(RequestFactory().get("/"))
        with pytest.raises((NoScope, KeyError, Exception)):
            datakeys.held(subject, Compartment.STORY)

    contextvars.Context().run(one_request)


# --- forged forms ---


@pytest.fixture
def strict() -> CarefulClient:
    """A browser whose forms are checked."""
    return CarefulClient(enforce_csrf_checks=True)


def token(client: CarefulClient) -> str:
    client.get("/account/login/")
    return client.cookies[settings.CSRF_COOKIE_NAME].value


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://testserver"},
        {"Origin": "null"},  # what our own no-referrer policy makes browsers send
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
@pytest.mark.parametrize("secure", [False, True])
def test_our_own_form_is_accepted_without_a_referrer(strict: CarefulClient, headers: dict[str, str], secure: bool) -> None:
    if secure and headers.get("Origin", "null") != "null":
        headers = {"Origin": "https://testserver"}
    form = {"words": "hello", "csrfmiddlewaretoken": token(strict)}
    response = strict.post("/t/form/", form, headers=headers, secure=secure)
    assert (response.status_code, response.content) == (200, b"hello")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://evil.example/"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_a_token_and_not_offered_again(
    strict: CarefulClient, headers: dict[str, str]
) -> None:
    form = {"words": "evil deed", "csrfmiddlewaretoken": token(strict)}
    response = strict.post("/t/form/", form, headers=headers, secure=True)
    assert response.status_code == 403
    if "Referer" not in headers:
        assert "evil deed" not in response.content.decode()


def test_a_form_that_was_open_too_long_is_offered_again_with_what_was_typed(strict: CarefulClient) -> None:
    form = {"words": 'said "no" & left', "code": "12345", "password": "pw", "csrfmiddlewaretoken": "stale"}
    response = strict.post("/t/form/?step=2", form)
    page = response.content.decode()
    assert response.status_code == 403
    assert 'name="words" value="said &quot;no&quot; &amp; left"' in page
    assert 'action="/t/form/?step=2"' in page
    assert "12345" not in page and 'value="pw"' not in page and "stale" not in page


def test_the_offered_form_can_be_sent(strict: CarefulClient) -> None:
    strict.post("/t/form/", {"words": "hello"})
    fresh = strict.cookies[settings.CSRF_COOKIE_NAME].value
    assert strict.post("/t/form/", {"words": "hello", "csrfmiddlewaretoken": fresh}).content == b"hello"


@override_settings(STAFF_LANGUAGES=["en", "ar"])
def test_the_offer_speaks_the_language_of_the_person(strict: CarefulClient) -> None:
    page = strict.post("/t/form/", {"words": "hello"}, headers={"accept-language": "ar"}).content.decode()
    assert 'lang="ar" dir="rtl"' in page


def test_a_form_too_large_to_carry_twice_is_not_offered(strict: CarefulClient) -> None:
    page = strict.post("/t/form/", {"words": "x" * 200_001}).content.decode()
    assert "xxx" not in page and "open for too long" in page


# --- language ---


@override_settings(STAFF_LANGUAGES=["en", "fr"])
def test_the_language_cookie_is_set_only_when_a_person_chooses(client: CarefulClient) -> None:
    assert settings.LANGUAGE_COOKIE_NAME not in client.get("/account/login/", headers={"accept-language": "fr"}).cookies
    chosen = client.post("/language/", {"language": "fr", "next": "/account/login/"}).cookies[settings.LANGUAGE_COOKIE_NAME]
    assert chosen.value == "fr" and chosen["httponly"] and chosen["samesite"] == "Strict" and not chosen["max-age"]
    assert 'lang="fr"' in client.get("/account/login/", headers={"accept-language": "en"}).content.decode()


def test_choosing_a_language_never_leads_to_another_site(client: CarefulClient) -> None:
    assert client.post("/language/", {"language": "fr", "next": "https://evil.example/"}).headers["Location"] == "/"
