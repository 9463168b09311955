"""The applicant's pages as a browser without script meets them, under the public door's own database role."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from intake.drain import drain
from intake.models import Answer, Delivery, Draft, HelpRequest, Visit
from intake.staff_actions import ask, tell
from intake.steps import STEPS
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.crypto import datakeys, return_code
from tests.clients import PublicClient
from tests.factories.intake import draft, sent
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)


@pytest.fixture
def browser(public_client: PublicClient, as_public: AsRole) -> Iterator[PublicClient]:
    with as_public():
        yield public_client


@pytest.fixture
def phone(browser: PublicClient) -> PublicClient:
    """Another browser, without any cookie of the first."""
    return PublicClient()


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def step(browser: PublicClient, slug: str, **answers: Any) -> Any:
    page = browser.get(browser.url("intake:step", slug))
    revision = re.search(r'name="revision" value="(\d*)"', page.content.decode())
    assert revision is not None
    return browser.post(browser.url("intake:step", slug), {"revision": revision[1], "go": "1", **answers})


def shown_code(response: Any) -> str:
    found = re.search(r'<bdi class="code__groups".*?</bdi>', response.content.decode(), re.DOTALL)
    assert found is not None
    return return_code.read(re.sub(r"<[^>]+>", "", found[0]))


def send_a_request(browser: PublicClient, **own: Any) -> str:
    """Answer the first and the last question, take the code, send; return the code."""
    step(browser, "s05", call_you=own.get("call_you", "Ade"))
    step(browser, "s31", consent_read="on")
    browser.post(browser.url("intake:check"))
    code = shown_code(browser.get(browser.url("intake:code")))
    assert browser.post(browser.url("intake:send")).headers["Location"] == browser.url("intake:sent")
    return code


def test_the_first_page_sets_no_cookie_and_asks_nothing(browser: PublicClient) -> None:
    response = browser.get(browser.url("intake:start"))
    assert response.status_code == 200
    assert not response.cookies


def test_the_session_cookie_comes_with_the_first_saved_answer_and_not_before(browser: PublicClient, settings: Any) -> None:
    browser.get(browser.url("intake:begin"))
    browser.get(browser.url("intake:step", "s01"))
    assert settings.VISIT_COOKIE_NAME not in browser.cookies
    step(browser, "s01", self_rated_danger="1")
    cookie = browser.cookies[settings.VISIT_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["expires"]
    assert not cookie["max-age"]


def test_a_person_can_walk_through_every_page_skipping_everything_but_the_permission(browser: PublicClient) -> None:
    address = browser.url("intake:step", STEPS[0].slug)
    seen = []
    while address.startswith("/form/"):
        seen.append(address)
        page = browser.get(address)
        assert page.status_code == 200
        data = {"consent_read": "on", "go": "1"} if address.endswith("s31") else {"skip": "1"}
        address = browser.post(address, data).headers["Location"]
    assert address == browser.url("intake:check")
    assert len(seen) >= 20
    assert browser.get(address).status_code == 200


def test_the_permission_is_the_one_page_that_cannot_be_skipped(browser: PublicClient) -> None:
    response = browser.post(browser.url("intake:step", "s31"), {"skip": "1"})
    assert response.status_code == 200
    assert "Without it we cannot help" in text_of(response)


def test_nothing_can_be_sent_without_the_permission(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    assert browser.post(browser.url("intake:check")).headers["Location"] == browser.url("intake:change", "s31")
    assert browser.post(browser.url("intake:send")).headers["Location"] == browser.url("intake:change", "s31")


def test_answers_come_back_when_the_page_is_opened_again(browser: PublicClient) -> None:
    step(browser, "s08", dependants="2", with_children="2")
    page = browser.get(browser.url("intake:step", "s08")).content.decode()
    assert re.search(r'name="dependants" value="2"', page)


@pytest.mark.parametrize("typed", ["3", "٣", "۳", "३"])
def test_numbers_may_be_written_in_the_digits_of_any_script(browser: PublicClient, typed: str) -> None:
    assert step(browser, "s08", dependants=typed).status_code == 302
    assert 'name="dependants" value="3"' in browser.get(browser.url("intake:step", "s08")).content.decode()


def test_a_conditional_page_is_asked_only_after_the_answer_that_opens_it(browser: PublicClient) -> None:
    assert step(browser, "s06", age_band="25_59").headers["Location"] == browser.url("intake:step", "s08")
    assert step(browser, "s06", age_band="15_17").headers["Location"] == browser.url("intake:step", "s07")


def test_great_danger_is_met_with_advice_that_stops_nobody(browser: PublicClient) -> None:
    address = step(browser, "s01", self_rated_danger="3").headers["Location"]
    page = browser.get(address)
    assert "If you may be hurt today" in text_of(page)
    assert browser.url("intake:step", "s02") in page.content.decode()


def test_a_plan_to_die_is_met_with_advice_that_stops_nobody(browser: PublicClient) -> None:
    address = step(browser, "s23", suicidality="plan").headers["Location"]
    page = browser.get(address)
    assert "You are not alone with this" in text_of(page)
    assert browser.url("intake:step", "s24") in page.content.decode()


def test_a_text_that_is_too_long_is_counted_and_kept(browser: PublicClient) -> None:
    response = step(browser, "s29", own_words="a" * 5_312)
    assert response.status_code == 200
    assert "5,312" in text_of(response)
    assert "a" * 5_312 in response.content.decode()
    assert step(browser, "s29", own_words="a" * 5_000).status_code == 302


def test_a_change_from_the_check_page_leads_back_to_it(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    response = browser.post(browser.url("intake:change", "s05"), {"revision": "1", "call_you": "Bo"})
    assert response.headers["Location"] == browser.url("intake:check")
    assert "Bo" in text_of(browser.get(browser.url("intake:check")))


@pytest.mark.parametrize(("language", "twelve", "most"), [("en", "12", "99"), ("ar", "١٢", "٩٩"), ("fa", "۱۲", "۹۹")])
def test_numbers_are_read_back_in_the_numerals_of_the_language(
    browser: PublicClient, language: str, twelve: str, most: str
) -> None:
    browser.get(f"/language/{language}")
    said = text_of(step(browser, "s08", dependants="100"))
    assert most in said
    step(browser, "s08", dependants="12")
    step(browser, "s05", call_you="Room 47")
    said = text_of(browser.get(browser.url("intake:check")))
    assert twelve in said
    assert "Room 47" in said, "a person's own words stay as they are"


def test_a_change_that_opens_a_new_question_asks_it_first(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    response = browser.post(browser.url("intake:change", "s15"), {"revision": "1", "last_harm": "beating"})
    assert response.headers["Location"] == browser.url("intake:change", "s16")


def test_the_code_on_another_browser_opens_the_draft_before_sending(browser: PublicClient, phone: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    browser.post(browser.url("intake:begin"))
    code = shown_code(browser.get(browser.url("intake:code")))
    response = phone.post(phone.url("intake:back"), {"return_code": return_code.show(code)})
    assert response.headers["Location"] == phone.url("intake:check")
    assert "Ade" in text_of(phone.get(phone.url("intake:check")))
    assert shown_code(phone.get(phone.url("intake:code"))) == code


def test_the_draft_leaves_the_first_browser_when_another_opens_it(browser: PublicClient, phone: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    browser.post(browser.url("intake:begin"))
    code = shown_code(browser.get(browser.url("intake:code")))
    phone.post(phone.url("intake:back"), {"return_code": code})
    page = browser.get(browser.url("intake:check"))
    assert "You were away for a while" in text_of(page)
    assert "Ade" not in page.content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_code_may_be_typed_as_it_was_shown(browser: PublicClient, phone: PublicClient, language: str) -> None:
    code = send_a_request(browser)
    typed = return_code.show(code, language).replace(" ", " - ")
    assert phone.post(phone.url("intake:back"), {"return_code": typed}).headers["Location"] == phone.url("intake:here")


def test_a_typing_mistake_in_the_code_is_told_without_costly_work(
    browser: PublicClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = return_code.make()
    wrong = code[:7] + str((int(code[7]) + 1) % 10) + code[8:]
    monkeypatch.setattr(return_code, "derive_all", lambda _code: pytest.fail("a key was derived"))
    response = browser.post(browser.url("intake:back"), {"return_code": wrong})
    assert "There is a typing mistake" in text_of(response)
    assert wrong in response.content.decode()


def test_a_code_that_belongs_to_nothing_gets_a_gentle_clear_error(browser: PublicClient) -> None:
    response = browser.post(browser.url("intake:back"), {"return_code": return_code.make()})
    assert "nothing belongs to this code" in text_of(response)


def test_a_full_house_is_told_and_keeps_the_typed_code(browser: PublicClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.access.limiter.allows", lambda *_a, **_k: False)
    code = return_code.make()
    response = browser.post(browser.url("intake:back"), {"return_code": code})
    assert "try again in a minute" in text_of(response)
    assert code in response.content.decode()


def test_typing_a_group_back_confirms_the_code_and_a_wrong_one_says_which(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    browser.post(browser.url("intake:begin"))
    code = shown_code(browser.get(browser.url("intake:code")))
    wrong = browser.post(browser.url("intake:code"), {"group": "00000" if code[10:15] != "00000" else "11111"})
    assert "That is not the third group" in text_of(wrong)
    arabic = return_code.show(code, "ar").split()[2]
    assert browser.post(browser.url("intake:code"), {"group": arabic}).status_code == 302
    assert "That is right" in text_of(browser.get(browser.url("intake:code")))


def test_sending_shows_the_code_once_more_and_the_draft_is_gone(browser: PublicClient) -> None:
    code = send_a_request(browser)
    page = browser.get(browser.url("intake:sent"))
    assert "We have it" in text_of(page)
    assert shown_code(page) == code
    assert Draft.objects.count() == 0


def test_sending_twice_sends_once_and_shows_that_it_was_sent(browser: PublicClient, settings: Any) -> None:
    step(browser, "s05", call_you="Ade")
    step(browser, "s31", consent_read="on")
    browser.post(browser.url("intake:check"))
    before = browser.cookies[settings.VISIT_COOKIE_NAME].value
    browser.post(browser.url("intake:send"))
    # The second press of a double click carries the cookie from before the first answer arrived.
    browser.cookies[settings.VISIT_COOKIE_NAME] = before
    second = browser.post(browser.url("intake:send"))
    assert second.headers["Location"] == browser.url("intake:sent")
    page = browser.get(browser.url("intake:sent"))
    assert "We have it" in text_of(page)
    assert "code__groups" not in page.content.decode()


def test_sending_twice_leaves_one_request_and_one_delivery(public_client: PublicClient, settings: Any) -> None:
    send_a_request(public_client)
    public_client.post(public_client.url("intake:send"))
    assert HelpRequest.objects.count() == Delivery.objects.count() == 1


def test_a_page_of_the_form_opened_after_sending_leads_to_the_status(browser: PublicClient) -> None:
    send_a_request(browser)
    assert browser.get(browser.url("intake:step", "s05")).headers["Location"] == browser.url("intake:here")


def test_the_cookie_is_another_after_sending(browser: PublicClient, settings: Any) -> None:
    step(browser, "s31", consent_read="on")
    browser.post(browser.url("intake:check"))
    before = browser.cookies[settings.VISIT_COOKIE_NAME].value.split(":")[0]
    browser.post(browser.url("intake:send"))
    assert browser.cookies[settings.VISIT_COOKIE_NAME].value.split(":")[0] != before


def test_what_was_sent_is_shown_nowhere_again(browser: PublicClient, phone: PublicClient) -> None:
    code = send_a_request(browser, call_you="Canary-name")
    phone.post(phone.url("intake:back"), {"return_code": code})
    for client in (browser, phone):
        for name in ("intake:here", "intake:sent"):
            assert "Canary-name" not in client.get(client.url(name)).content.decode()


def test_the_person_reads_and_answers_a_question_with_the_code(public_client: PublicClient, as_public: AsRole) -> None:
    done = sent()
    drain()
    tell(done.visit.help_request_id, "We are looking for a place.", by=CLEO)
    ask(done.visit.help_request_id, "Is it safe to call you?", by=CLEO)
    browser = public_client
    with as_public():
        browser.post(browser.url("intake:back"), {"return_code": done.code})
        page = browser.get(browser.url("intake:here"))
        assert "A question for you" in text_of(page)
        assert "We are looking for a place." in text_of(page)
        found = re.search(r'href="(/here/[0-9a-f-]{36})"', page.content.decode())
        assert found is not None
        form = browser.get(found[1]).content.decode()
        once = re.search(r'name="once" value="([^"]+)"', form)
        assert once is not None
        for _press in range(2):
            response = browser.post(found[1], {"text": "Yes, after eight.", "once": once[1]})
            assert response.headers["Location"] == browser.url("intake:answered")
        after = browser.get(browser.url("intake:here"))
        assert "You wrote to us on" in text_of(after)
        assert "after eight" not in after.content.decode()
    assert drain() == 2  # that somebody came back, and the answer
    with datakeys.scope():
        assert Answer.objects.get().text == "Yes, after eight."


def test_somebody_elses_question_is_not_there(public_client: PublicClient, as_public: AsRole) -> None:
    mine, theirs = sent(), sent()
    drain()
    question = ask(theirs.visit.help_request_id, "Only for them", by=CLEO)
    with as_public():
        public_client.post(public_client.url("intake:back"), {"return_code": mine.code})
        assert public_client.get(public_client.url("intake:answer", question.id)).status_code == 404
        assert public_client.get(public_client.url("intake:answer", uuid4())).status_code == 404


def test_a_message_that_asks_nothing_takes_no_answer(public_client: PublicClient) -> None:
    done = sent()
    drain()
    message = tell(done.visit.help_request_id, "Good night.", by=CLEO)
    public_client.post(public_client.url("intake:back"), {"return_code": done.code})
    assert public_client.get(public_client.url("intake:answer", message.id)).status_code == 404


def test_after_thirty_minutes_the_browser_opens_nothing_and_keeps_what_was_typed(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=31), tick=True):
        response = browser.post(browser.url("intake:step", "s29"), {"revision": "1", "own_words": "Three men came."})
        assert response.status_code == 409
        page = response.content.decode()
        assert "Three men came." in page
        assert "Ade" not in page


def test_what_was_typed_when_the_session_ended_is_saved_after_the_code(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    browser.post(browser.url("intake:begin"))
    code = shown_code(browser.get(browser.url("intake:code")))
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=31), tick=True):
        browser.post(browser.url("intake:step", "s29"), {"revision": "1", "own_words": "Three men came."})
        browser.post(
            browser.url("intake:back"),
            {"return_code": code, "carried_step": "/form/s29@1", "kept-own_words": "Three men came."},
        )
        page = text_of(browser.get(browser.url("intake:check")))
    assert "Three men came." in page
    assert "Ade" in page


@pytest.mark.parametrize("asked", [True, False])
def test_an_answer_that_was_typed_when_the_session_ended_comes_along(
    public_client: PublicClient, as_public: AsRole, asked: bool
) -> None:
    with as_public():
        code = send_a_request(public_client)
    drain()
    question = ask(HelpRequest.objects.get().id, "Is it safe to telephone?", by=CLEO)
    address = public_client.url("intake:answer", question.id) if asked else public_client.url("intake:write")
    with as_public(), time_machine.travel(timezone.now() + timezone.timedelta(minutes=31), tick=True):
        ended = public_client.post(address, {"text": "Only at night.", "once": "a"}).content.decode()
        place = re.search(r'name="carried_step" value="([^"]*)"', ended)
        assert place is not None
        page = public_client.post(
            public_client.url("intake:back"),
            {"return_code": code, "carried_step": place[1], "kept-text": "Only at night."},
        ).content.decode()
        assert f'action="{address}"' in page and "Only at night." in page
        once = re.search(r'name="once" value="([^"]+)"', page)
        assert once is not None
        sent = public_client.post(address, {"text": "Only at night.", "once": once[1]})
    assert sent.headers["Location"] == public_client.url("intake:answered")


def test_no_page_writes_a_code_back_when_the_session_ended(browser: PublicClient) -> None:
    code = send_a_request(browser)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=31), tick=True):
        ended = browser.post(browser.url("intake:new_code"), {"return_code": code, "once": "a"})
    assert ended.status_code == 409
    assert code not in ended.content.decode()


def test_without_a_code_one_can_begin_again_with_what_was_typed(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=31), tick=True):
        browser.post(browser.url("intake:step", "s29"), {"revision": "1", "own_words": "Three men came."})
        again = browser.post(browser.url("intake:step", "s29"), {"revision": "", "own_words": "Three men came.", "go": "1"})
        assert again.status_code == 302
        assert "Three men came." in text_of(browser.get(browser.url("intake:check")))


def test_each_page_begins_the_thirty_minutes_anew(browser: PublicClient) -> None:
    start = timezone.now()
    step(browser, "s05", call_you="Ade")
    for minutes in (20, 40, 60):
        with time_machine.travel(start + timezone.timedelta(minutes=minutes), tick=True):
            assert "Ade" in text_of(browser.get(browser.url("intake:check")))


def test_a_made_up_cookie_opens_nothing(browser: PublicClient, settings: Any) -> None:
    browser.cookies[settings.VISIT_COOKIE_NAME] = "x" * 43 + ":1:forged"
    assert "You were away for a while" in text_of(browser.get(browser.url("intake:check")))
    assert browser.get(browser.url("intake:start")).status_code == 200


def test_two_windows_saving_different_pages_keep_both(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    for slug, answers in (("s09", {"current_country": "UGA"}), ("s29", {"own_words": "Three men came."})):
        browser.post(browser.url("intake:step", slug), {"revision": "1", **answers})
    page = text_of(browser.get(browser.url("intake:check")))
    assert all(word in page for word in ("Ade", "Uganda", "Three men came."))


def test_two_windows_writing_the_same_text_lose_neither(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    address = browser.url("intake:step", "s29")
    browser.post(address, {"revision": "1", "own_words": "From the first window."})
    response = browser.post(address, {"revision": "1", "own_words": "From the second window."})
    assert response.status_code == 200
    page = response.content.decode()
    assert "From the first window." in page
    assert "From the second window." in page
    assert 'name="revision" value="2"' in page
    both = "From the first window.\n\nFrom the second window."
    assert browser.post(address, {"revision": "2", "own_words": both}).status_code == 302


def test_leaving_without_a_code_deletes_the_draft_and_clears_the_browser(browser: PublicClient, settings: Any) -> None:
    step(browser, "s05", call_you="Ade")
    response = browser.get(browser.url("intake:leave"))
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response.cookies[settings.VISIT_COOKIE_NAME]["max-age"] == 0
    assert "Ade" not in response.content.decode()


def test_a_draft_left_without_a_code_is_gone_and_one_with_a_code_waits(public_client: PublicClient) -> None:
    browser = public_client
    step(browser, "s05", call_you="Ade")
    browser.get(browser.url("intake:leave"))
    assert not Draft.objects.exists()
    step(browser, "s05", call_you="Ade")
    browser.post(browser.url("intake:begin"))
    code = shown_code(browser.get(browser.url("intake:code")))
    browser.get(browser.url("intake:leave"))
    assert Draft.objects.get().visit_hash is None
    browser.post(browser.url("intake:back"), {"return_code": code})
    assert "Ade" in text_of(browser.get(browser.url("intake:check")))


def test_leaving_ends_the_session_of_a_sent_request(public_client: PublicClient) -> None:
    code = send_a_request(public_client)
    public_client.get(public_client.url("intake:leave"))
    # The echo of the sent draft's cookie remains for a double click; it opens nothing.
    assert Visit.objects.count() == 1
    public_client.post(public_client.url("intake:back"), {"return_code": code})
    assert public_client.get(public_client.url("intake:here")).status_code == 200


def test_a_draft_can_be_deleted_at_once(public_client: PublicClient) -> None:
    browser = public_client
    draft_code = draft().code
    browser.post(browser.url("intake:back"), {"return_code": draft_code})
    assert browser.get(browser.url("intake:erase")).status_code == 200
    assert browser.post(browser.url("intake:erase")).status_code == 200
    assert not Draft.objects.exists()
    assert "nothing belongs" in text_of(browser.post(browser.url("intake:back"), {"return_code": draft_code}))


@pytest.mark.parametrize("name", ["check", "code", "send", "here", "answered"])
def test_pages_that_need_a_session_lead_somewhere_kind_without_one(browser: PublicClient, name: str) -> None:
    response = browser.get(browser.url(f"intake:{name}"))
    assert response.status_code in {200, 302}


def test_an_unknown_step_is_not_there(browser: PublicClient) -> None:
    assert browser.get(browser.url("intake:step", "s99")).status_code == 404


@pytest.mark.parametrize("name", ["start", "safety", "language", "leave", "sent", "here", "answered"])
def test_pages_that_only_show_refuse_a_form(browser: PublicClient, name: str) -> None:
    assert browser.post(browser.url(f"intake:{name}")).status_code == 405


def test_no_address_says_what_its_page_is_about(browser: PublicClient) -> None:
    from intake.urls import urlpatterns

    words = " ".join(str(route.pattern) for route in urlpatterns)
    assert not re.search(r"danger|harm|suicid|gay|help|threat|health|safe", words)


def test_titles_stay_neutral(browser: PublicClient) -> None:
    for page in STEPS:
        html = browser.get(browser.url("intake:step", page.slug)).content.decode()
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        assert title is not None
        assert re.fullmatch(r"Step \d+ of \d+", title[1].strip())


@pytest.mark.parametrize("text", ["\x00", "\u202e evil", "\ud83d\ude00" * 50, "نص", "x" * 1_000_000, "\n" * 100])
def test_strange_text_gets_a_page_and_never_an_error(browser: PublicClient, text: str) -> None:
    response = browser.post(
        browser.url("intake:step", "s29"),
        {"revision": "", "own_words": text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")},
    )
    assert response.status_code in {200, 302}


def test_choosing_a_language_leads_back_to_the_page_in_that_language(browser: PublicClient) -> None:
    page = browser.get(browser.url("intake:begin")).content.decode()
    link = re.search(r'href="(/languages\?next=[^"]+)"', page)
    assert link is not None
    chooser = browser.get(link[1]).content.decode()
    assert f'value="{browser.url("intake:begin")}"' in chooser
    response = browser.post("/language/", {"language": "ar", "next": browser.url("intake:begin")})
    assert 'dir="rtl"' in browser.get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize("path", ["https://example.org/", "//example.org/", "javascript:alert(1)", "here"])
def test_the_language_page_leads_nowhere_else(browser: PublicClient, path: str) -> None:
    page = browser.get(browser.url("intake:language"), {"next": path}).content.decode()
    assert "example.org" not in page
    assert 'name="next" value="/"' in page


def test_the_contact_page_asks_what_the_channel_needs(browser: PublicClient) -> None:
    step(browser, "s02", contact_channel="email")
    assert "contact_word" not in browser.get(browser.url("intake:step", "s03")).content.decode()
    assert step(browser, "s03", contact_address="no address").status_code == 200
    step(browser, "s02", contact_channel="call")
    assert "contact_word" in browser.get(browser.url("intake:step", "s03")).content.decode()
    assert step(browser, "s03", contact_address="+٢٥٦ 700 123456").status_code == 302
    assert step(browser, "s32", contact_from_hour="20", contact_until_hour="22", contact_utc_offset="180").status_code == 302
    summary = text_of(browser.get(browser.url("intake:check")))
    assert "+256700123456" in summary
    assert "20:00" in summary


def test_save_and_stop_saves_the_page_and_shows_the_code(browser: PublicClient) -> None:
    page = browser.post(browser.url("intake:step", "s05"), {"revision": "", "call_you": "Ade", "keep": "1"})
    assert page.headers["Location"] == browser.url("intake:code")
    assert len(shown_code(browser.get(browser.url("intake:code")))) == 25


def test_save_and_stop_in_a_full_house_still_saves_the_page(browser: PublicClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.actions.limiter.allows", lambda budget, **_: budget.name != "new-code")
    browser.post(browser.url("intake:step", "s05"), {"revision": "", "call_you": "Ade", "keep": "1"})
    assert browser.get(browser.url("intake:code")).headers["Location"] == browser.url("intake:begin")
    assert "Ade" in text_of(browser.get(browser.url("intake:check")))


def test_the_code_may_be_taken_before_the_first_answer(browser: PublicClient) -> None:
    assert browser.post(browser.url("intake:begin")).headers["Location"] == browser.url("intake:code")
    page = browser.get(browser.url("intake:code"))
    assert len(shown_code(page)) == 25
    assert browser.url("intake:step", STEPS[0].slug) in page.content.decode()


def test_enough_now_saves_the_page_and_leads_to_the_check(browser: PublicClient) -> None:
    page = browser.post(browser.url("intake:step", "s05"), {"revision": "", "call_you": "Ade", "check": "1"})
    assert page.headers["Location"] == browser.url("intake:check")
    assert "Ade" in text_of(browser.get(browser.url("intake:check")))


def test_a_forged_form_is_refused_and_an_old_one_offered_again(db: None) -> None:
    browser = PublicClient(enforce_csrf_checks=True)
    response = browser.post(browser.url("intake:step", "s29"), {"revision": "", "own_words": "Three men came."})
    assert response.status_code == 403
    assert "Three men came." in response.content.decode()
    assert not Draft.objects.exists()


def test_leaving_with_a_code_and_coming_back_needs_only_the_public_role(browser: PublicClient) -> None:
    browser.post(browser.url("intake:step", "s05"), {"revision": "", "call_you": "Ade", "keep": "1"})
    code = shown_code(browser.get(browser.url("intake:code")))
    browser.get(browser.url("intake:leave"))
    browser.cookies.clear()
    assert "Ade" not in browser.get(browser.url("intake:start")).content.decode()
    browser.post(browser.url("intake:back"), {"return_code": code})
    assert "Ade" in text_of(browser.get(browser.url("intake:check")))
    assert browser.post(browser.url("intake:erase")).status_code == 200
    browser.cookies.clear()
    assert "nothing belongs" in text_of(browser.post(browser.url("intake:back"), {"return_code": code}))


def test_somebody_who_asks_for_a_friend_is_told_whom_you_means(browser: PublicClient) -> None:
    meant = "“I” and “my” mean them"
    assert meant not in text_of(browser.get(browser.url("intake:step", "s06")))
    step(browser, "s04", submitter="friend")
    assert meant in text_of(browser.get(browser.url("intake:step", "s06")))
    assert meant not in text_of(browser.get(browser.url("intake:step", "s04")))
