"""Two windows, Back, an old page, a session that ended: what was typed is kept, and newer answers are not wiped."""

import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from intake.models import Draft
from tests.clients import PublicClient
from tests.intake.test_applicant_journey import browser, send_a_request, shown_code, step, text_of

__all__ = ["browser"]
SAVED_HERE = "Meanwhile this was saved here"


def saved(browser: PublicClient, slug: str, **answers: Any) -> Any:
    """Send a page that was drawn before anything was saved."""
    return browser.post(browser.url("intake:step", slug), {"revision": "0", "go": "1", **answers})


def later(minutes: int = 31) -> Any:
    return time_machine.travel(timezone.now() + timezone.timedelta(minutes=minutes), tick=True)


def code_of(browser: PublicClient) -> str:
    browser.post(browser.url("intake:begin"))
    return shown_code(browser.get(browser.url("intake:code")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "told"),
    [
        ("s05", {"call_you": "Ade"}),
        ("s06", {"age_band": "15_17"}),
        ("s01", {"self_rated_danger": "4"}),
        ("s26", {"help_asked": ["shelter", "legal"]}),
        ("s25", {"trusted_person_nearby": "true", "money": "3"}),
        ("s16", {"harm_days": "7"}),
        ("s13", {"nights": "4"}),
        ("s09", {"current_country": "UGA", "region": "Mukono"}),
        ("s21", {"outed": "some", "publicly_named": "false"}),
    ],
)
def test_an_empty_page_of_an_older_window_wipes_nothing(browser: PublicClient, slug: str, told: dict[str, Any]) -> None:
    step(browser, slug, **told)
    before = text_of(browser.get(browser.url("intake:check")))
    assert saved(browser, slug).status_code == 302
    assert text_of(browser.get(browser.url("intake:check"))) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "newer", "older", "shown"),
    [
        ("s05", {"call_you": "Ade"}, {"call_you": "Bo"}, "Ade"),
        ("s06", {"age_band": "15_17"}, {"age_band": "25_59"}, "15 to 17"),
        ("s26", {"help_asked": ["shelter", "legal"]}, {"help_asked": ["cash"]}, "Somewhere to sleep · A lawyer"),
        ("s13", {"stable": "on"}, {"nights": "3"}, "I can stay as long as I need"),
        ("s13", {"nights": "3"}, {"stable": "on"}, "3"),
        ("s09", {"current_country": "UGA"}, {"current_country": "KEN"}, "Uganda"),
    ],
)
def test_two_different_answers_are_both_shown_and_the_person_chooses(
    browser: PublicClient, slug: str, newer: dict[str, Any], older: dict[str, Any], shown: str
) -> None:
    step(browser, slug, **newer)
    clash = saved(browser, slug, **older)
    assert clash.status_code == 200
    assert f"{SAVED_HERE}: {shown}. Choose what is right" in text_of(clash)
    assert 'name="revision" value="1"' in clash.content.decode()
    chosen = browser.post(browser.url("intake:step", slug), {"revision": "1", "go": "1", **older})
    assert chosen.status_code == 302


@pytest.mark.django_db
def test_the_same_answer_twice_is_no_clash(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    assert saved(browser, "s05", call_you="Ade").status_code == 302


@pytest.mark.django_db
def test_an_old_page_of_dates_leaves_nothing_is_coming_as_it_was_said(browser: PublicClient) -> None:
    step(browser, "s19", events=["trial"])
    step(browser, "s19", events=["none"])
    assert saved(browser, "s20", trial="3").status_code == 302
    assert "No, nothing" in text_of(browser.get(browser.url("intake:check")))


@pytest.mark.django_db
def test_a_page_of_an_older_window_stays_beside_pages_saved_since(browser: PublicClient) -> None:
    step(browser, "s05", call_you="Ade")
    assert saved(browser, "s15", last_harm="beating").status_code == 302
    said = text_of(browser.get(browser.url("intake:check")))
    assert "Ade" in said and "I was beaten or hurt" in said


# --- a session that ended; each request in a transaction of its own, as on the real door ---


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_when_the_session_ended_is_saved_with_the_code(public_client: PublicClient) -> None:
    browser = public_client
    step(browser, "s05", call_you="Ade")
    code = code_of(browser)
    with later():
        ended = browser.post(browser.url("intake:step", "s29"), {"revision": "1", "own_words": "Three men came."})
        assert 'name="carried_step" value="/form/s29@1"' in ended.content.decode()
        back = browser.post(
            browser.url("intake:back"),
            {"return_code": code, "carried_step": "/form/s29@1", "kept-own_words": "Three men came."},
        )
        assert back.headers["Location"] == browser.url("intake:check")
        assert "Three men came." in text_of(browser.get(browser.url("intake:check")))


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_and_does_not_fit_is_shown_again_after_the_code(public_client: PublicClient) -> None:
    browser = public_client
    step(browser, "s02", contact_channel="email")
    code = code_of(browser)
    with later():
        page = browser.post(
            browser.url("intake:back"),
            {"return_code": code, "carried_step": "/form/s03@1", "kept-contact_address": "nobody at nowhere"},
        )
        assert "Write a whole e-mail address" in text_of(page)
        assert "nobody at nowhere" in page.content.decode()
        assert 'action="/form/s03"' in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_another_phone_saved_meanwhile_is_shown_beside_what_was_typed(public_client: PublicClient) -> None:
    browser, phone = public_client, PublicClient()
    step(browser, "s05", call_you="Ade")
    code = code_of(browser)
    phone.post(phone.url("intake:back"), {"return_code": code})
    step(phone, "s29", own_words="From the other phone.")
    with later(1):
        page = browser.post(
            browser.url("intake:back"),
            {"return_code": code, "carried_step": "/form/s29@1", "kept-own_words": "Three men came."},
        )
    assert "Three men came." in page.content.decode() and "From the other phone." in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_somebody_who_was_being_described_comes_along_with_the_code(public_client: PublicClient) -> None:
    browser = public_client
    step(browser, "s08", with_adults="1")
    code = code_of(browser)
    address = f"/form/s33/{uuid4()}/1"
    with later():
        ended = browser.post(address, {"revision": "1", "called": "Amina"})
        assert ended.status_code == 409
        assert f'value="{address}@1"' in ended.content.decode()
        browser.post(
            browser.url("intake:back"),
            {"return_code": code, "carried_step": f"{address}@1", "kept-called": "Amina"},
        )
        assert "Amina" in text_of(browser.get(browser.url("intake:step", "s33")))


@pytest.mark.django_db
def test_without_a_code_somebody_being_described_begins_a_new_draft(browser: PublicClient) -> None:
    step(browser, "s08", with_adults="1")
    address = f"/form/s33/{uuid4()}/1"
    with later():
        ended = browser.post(address, {"revision": "1", "called": "Amina"}).content.decode()
        assert f'action="{address}"' in ended
        assert browser.post(address, {"revision": "", "called": "Amina", "go": "1"}).status_code == 302
        assert "Amina" in text_of(browser.get(browser.url("intake:step", "s33")))


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["/form/s99@1", "/check@1", "/here@", "@", "s05", "/form/s33/x/1@1", "//evil.example/@1"])
def test_a_tampered_place_leads_to_the_check_and_changes_nothing(browser: PublicClient, place: str) -> None:
    step(browser, "s05", call_you="Ade")
    code = code_of(browser)
    back = browser.post(
        browser.url("intake:back"), {"return_code": code, "carried_step": place, "kept-call_you": "Eve", "kept-x": "1"}
    )
    assert back.headers["Location"] == browser.url("intake:check")
    assert "Ade" in text_of(browser.get(browser.url("intake:check")))


@pytest.mark.django_db(transaction=True)
def test_the_country_that_was_chosen_beside_the_advice_comes_along_with_the_code(public_client: PublicClient) -> None:
    browser = public_client
    step(browser, "s01", self_rated_danger="4")
    code = code_of(browser)
    advice = browser.url("intake:advice", "s01")
    assert re.search(r'name="revision" value="[1-9]', browser.get(advice).content.decode())
    with later():
        ended = browser.post(advice, {"revision": "1", "current_country": "UGA"}).content.decode()
        carried = {"carried_step": f"{advice}@1", "kept-current_country": "UGA"}
        assert all(f'name="{name}" value="{value}"' in ended for name, value in carried.items())
        back = browser.post(browser.url("intake:back"), {"return_code": code, **carried})
        assert back.headers["Location"] == advice
        assert "Uganda" in text_of(browser.get(browser.url("intake:check")))
        browser.post(browser.url("intake:back"), {"return_code": code, **carried, "kept-current_country": "KEN"})
        assert "Uganda" in text_of(browser.get(browser.url("intake:check"))), "what was said meanwhile stays"


# --- an old page of the form, when the request is on its way ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "typed", "shown"),
    [
        ("/form/s29", {"own_words": "Three men <came>."}, "Three men &lt;came&gt;."),
        ("/form/s26/again", {"help_asked": ["shelter", "legal"]}, "Somewhere to sleep · A lawyer"),
        ("/form/s09", {"current_country": "UGA", "region": "Mukono"}, "Mukono"),
        ("/form/s33/0b0e9d44-9d3e-4c0e-8b43-3d8d5c0f6a11/1", {"called": "Amina"}, "Amina"),
        ("/form/s01/now", {"current_country": "UGA"}, "Uganda"),
    ],
)
def test_what_an_old_page_says_after_sending_is_shown_and_can_be_sent_as_a_message(
    browser: PublicClient, address: str, typed: dict[str, Any], shown: str
) -> None:
    send_a_request(browser)
    page = browser.post(address, {"revision": "1", "go": "1", **typed})
    html = page.content.decode()
    assert page.status_code == 409
    assert "You have sent your request already" in html and shown in html
    assert f'action="{browser.url("intake:write")}"' in html and "no-store" in page.headers["Cache-Control"]
    assert not Draft.objects.exists()
    text = page.context["form"].initial["text"]
    sent = browser.post(browser.url("intake:write"), {"text": text, "once": page.context["form"].initial["once"]})
    assert sent.headers["Location"] == browser.url("intake:answered")


@pytest.mark.django_db
def test_an_old_page_in_which_nothing_was_said_leads_to_the_request(browser: PublicClient) -> None:
    send_a_request(browser)
    for address in ("/form/s29", "/form/s20", "/form/s33", "/form/s01/now"):
        assert browser.post(address, {"revision": "1"}).headers["Location"] == browser.url("intake:here"), address
    assert browser.post("/form/s99", {"revision": "1", "own_words": "Hello"}).headers["Location"] == browser.url("intake:here")


@pytest.mark.django_db
def test_without_the_session_the_words_stay_in_view_and_come_along_with_the_code(browser: PublicClient, settings: Any) -> None:
    step(browser, "s05", call_you="Ade")
    step(browser, "s31", consent_read="on")
    browser.post(browser.url("intake:check"))
    old = browser.cookies[settings.VISIT_COOKIE_NAME].value
    browser.post(browser.url("intake:send"))
    code = shown_code(browser.get(browser.url("intake:sent")))
    browser.cookies[settings.VISIT_COOKIE_NAME] = old
    html = browser.post("/form/s29", {"revision": "1", "own_words": "Three men came."}).content.decode()
    assert '<p class="words" dir="auto">Three men came.</p>' in html
    assert f'action="{browser.url("intake:back")}"' in html and 'name="kept-text" value="Three men came."' in html
    page = browser.post(browser.url("intake:back"), {"return_code": code, "kept-text": "Three men came."})
    assert "Three men came." in page.content.decode()
    assert f'action="{browser.url("intake:write")}"' in page.content.decode()


# --- deleting ---


@pytest.mark.django_db
def test_every_page_of_a_draft_offers_to_delete_it_and_says_what_is_gone(public_client: PublicClient) -> None:
    browser = public_client
    erase = f'href="{browser.url("intake:erase")}"'
    assert erase not in browser.get(browser.url("intake:step", "s05")).content.decode()
    step(browser, "s05", call_you="Ade")
    for address in ("/form/s05", "/form/s31", f"/form/s33/{uuid4()}/1", "/check"):
        assert erase in browser.get(address).content.decode()
    assert "Nothing was sent to us" in text_of(browser.get(browser.url("intake:erase")))
    assert Draft.objects.count() == 1
    assert browser.post(browser.url("intake:erase")).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_a_draft_is_gone_after_seven_days_without_a_page(public_client: PublicClient) -> None:
    from intake.retention import expire

    browser = public_client
    step(browser, "s05", call_you="Ade")
    code = code_of(browser)
    with later(7 * 24 * 60 - 60):
        expire()
        assert Draft.objects.count() == 1
    with later(8 * 24 * 60 + 60):
        expire()
        assert not Draft.objects.exists()
        assert "nothing belongs" in text_of(browser.post(browser.url("intake:back"), {"return_code": code}))
