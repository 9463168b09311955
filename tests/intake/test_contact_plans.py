"""How to reach a person: confirmed or changed on their own page, obeyed by notices, found by staff, never shown again."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.formats import date_format

from cases.identity import lines_of
from intake import contact_plans, finding
from intake.drain import drain
from intake.finding import Known
from intake.models import ContactPlan, Delivery, ShownPlan
from intake.notifications import QUESTION, contact_plan
from intake.states import Channel, DeliveryState
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.notifications.kinds import Verdict
from tests.clients import PublicClient
from tests.factories.intake import Sent, ade, in_days, sent
from tests.intake.coming_back import comes_back, once_on, takes_new_code, takes_second_code, text_of

pytestmark = pytest.mark.django_db
OLD, NEW = "ade@example.org", "+256700123456"
BY_TEXT = {
    "contact_channel": "text", "contact_address": "+256 700 123456", "contact_shared_device": "false",
    "contact_leave_message": "false", "contact_from_hour": "8", "contact_until_hour": "20", "contact_utc_offset": "180",
}  # fmt: skip


def reachable(days_ago: int = 1, **changes: Any) -> Sent:
    """Somebody who asked for e-mail and confirmed it so many days ago; drained."""
    plan = {
        "contact_channel": "email", "contact_address": OLD, "contact_shared_device": False, "contact_word": "mango",
        "contact_confirmed_on": in_days(-days_ago).isoformat(),
    }  # fmt: skip
    done = sent(ade(**(plan | changes)))
    drain()
    return done


def confirms(browser: PublicClient) -> Any:
    return browser.post(browser.url("intake:plan"), {"once": once_on(browser, "intake:plan")})


def changes(browser: PublicClient, **form: str) -> Any:
    given = {"once": once_on(browser, "intake:new_plan")} | BY_TEXT | form
    return browser.post(browser.url("intake:new_plan"), given)


def may_go_out(done: Sent, channel: Channel) -> Verdict:
    with datakeys.scope():
        return QUESTION[channel].may_send_now(done.visit.help_request_id).verdict


def found_by(wanted: Known) -> list[Any]:
    return [row.person_id for row in finding.candidates(wanted, most=5)]


# --- what the page shows ---


def test_the_page_asks_whether_it_is_still_right_without_saying_where(db: None) -> None:
    done = reachable()
    page = text_of((browser := comes_back(done.code)).get(browser.url("intake:plan")))
    assert "By e-mail" in page
    assert "Last confirmed on" in page
    assert "Is this still right and still safe?" in page
    assert OLD not in page
    assert "mango" not in page


def test_hours_are_shown_on_the_persons_clock(db: None) -> None:
    done = reachable(contact_from_hour=8, contact_until_hour=20, contact_utc_offset=180)
    page = text_of((browser := comes_back(done.code)).get(browser.url("intake:plan")))
    assert "08:00" in page
    assert "20:00" in page


def test_the_first_line_asks_gently_once_it_is_old_and_not_before(db: None) -> None:
    for days, asks in ((14, False), (15, True)):
        browser = comes_back(reachable(days).code)
        page = text_of(browser.get(browser.url("intake:here")))
        assert ("Is it still right how we may reach you?" in page) is asks, days


def test_who_comes_back_by_code_alone_is_asked_nothing(db: None) -> None:
    done = sent(ade())
    drain()
    page = text_of((browser := comes_back(done.code)).get(browser.url("intake:here")))
    assert "You come back here with your code." in page
    assert "still right" not in page


def test_before_the_worker_has_opened_the_request_no_plan_is_shown(db: None) -> None:
    browser = comes_back(sent().code)
    assert "How we may reach you" not in text_of(browser.get(browser.url("intake:here")))
    assert browser.get(browser.url("intake:plan")).status_code == 404


def test_what_is_published_holds_no_address_and_is_sealed_for_the_code(db: None) -> None:
    done = reachable(contact_leave_message=True)
    row = ShownPlan.objects.get(help_request_id=done.visit.help_request_id)
    assert set(row.shown) <= {"channel", "from_hour", "until_hour", "utc_offset", "confirmed_on"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM intake_shownplan AS s")
        assert "email" not in str(cursor.fetchall())


# --- confirmed ---


def test_one_press_confirms_it_and_notices_may_go_out_again(db: None) -> None:
    done = reachable(days_ago=30)
    assert may_go_out(done, Channel.EMAIL) is Verdict.NEVER
    browser = comes_back(done.code)
    assert confirms(browser).status_code == 302
    assert "We have noted it" in text_of(browser.get(browser.url("intake:plan")))
    drain()
    assert contact_plan(done.visit.help_request_id)["confirmed_on"] == timezone.localdate().isoformat()
    assert may_go_out(done, Channel.EMAIL) is Verdict.NOW
    assert ContactPlan.objects.get().plan["address"] == OLD


# --- changed ---


def test_the_page_asks_every_question_of_the_questionnaire_about_contact(db: None) -> None:
    html = (browser := comes_back(reachable().code)).get(browser.url("intake:new_plan")).content.decode()
    for name in (*BY_TEXT, "contact_word"):
        assert f'name="{name}"' in html, name
    assert OLD not in html
    assert "mango" not in html


def test_a_new_plan_supersedes_the_old_in_what_notices_ask(db: None) -> None:
    done = reachable()
    browser = comes_back(done.code)
    assert changes(browser, contact_from_hour="", contact_until_hour="").status_code == 302
    page = text_of(browser.get(browser.url("intake:plan")))
    assert "By text message" in page
    assert "700" not in page
    drain()
    assert may_go_out(done, Channel.EMAIL) is Verdict.NEVER
    assert may_go_out(done, Channel.TEXT) is Verdict.NOW
    plan = contact_plan(done.visit.help_request_id)
    assert (plan["address"], plan["confirmed_on"]) == (NEW, timezone.localdate().isoformat())
    assert "word" not in plan


@pytest.mark.parametrize("channel", [{}, {"contact_channel": "email", "contact_address": "new@example.org"}])
def test_a_word_that_was_written_is_kept_whatever_the_way(db: None, channel: dict[str, str]) -> None:
    done = reachable()
    changes(comes_back(done.code), contact_word="papaya", **channel)
    drain()
    request = done.request
    lines = {str(line.label): line.value for line in lines_of(request.identity, contact_plans.history(request))}
    assert lines["Ask for this word first"] == "papaya"


def test_staff_find_the_person_by_the_new_number_and_the_old(db: None) -> None:
    done = reachable()
    changes(comes_back(done.code))
    assert found_by(Known(phones={NEW})) == []
    drain()
    assert found_by(Known(phones={NEW})) == [done.visit.person_id]
    assert found_by(Known(emails={OLD})) == [done.visit.person_id]


def test_staff_see_the_old_plan_closed_and_the_new_one_since_when(db: None) -> None:
    done = reachable()
    changes(comes_back(done.code))
    drain()
    request = done.request
    lines = {str(line.label): line.value for line in lines_of(request.identity, contact_plans.history(request))}
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    assert lines["Address or number"] == NEW
    assert lines["This plan since"] == today
    assert OLD in lines[f"Do not use: plan until {today}"]
    assert [row.ended_on is None for row in contact_plans.history(request)] == [True, False]


def test_to_be_contacted_no_more_is_one_choice(db: None) -> None:
    done = reachable()
    browser = comes_back(done.code)
    # What stands in the other fields does not hinder it.
    assert changes(browser, contact_channel="none", contact_address="not a number").status_code == 302
    drain()
    assert contact_plan(done.visit.help_request_id)["channel"] == "none"
    assert may_go_out(done, Channel.EMAIL) is Verdict.NEVER


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"contact_channel": ""}, "Choose one of these"),
        ({"contact_address": ""}, "Write where we may reach you"),
        ({"contact_address": "12"}, "Write the number with its country code"),
        ({"contact_channel": "email", "contact_address": "ade@"}, "Write a whole e-mail address"),
        ({"contact_from_hour": "99"}, "Choose from the list"),
    ],
)
def test_what_cannot_be_a_plan_is_said_at_the_field_and_nothing_is_sent(db: None, form: dict[str, str], says: str) -> None:
    browser = comes_back(reachable().code)
    waiting = Delivery.objects.waiting().count()
    response = changes(browser, **form)
    assert response.status_code == 200
    assert says in text_of(response)
    assert Delivery.objects.waiting().count() == waiting


def test_what_was_typed_is_kept_when_the_session_ended(db: None) -> None:
    done = reachable()
    browser = PublicClient()
    ended = browser.post(browser.url("intake:new_plan"), BY_TEXT)
    assert ended.status_code == 409
    carried = dict(re.findall(r'name="(kept-[^"]+)" value="([^"]*)"', ended.content.decode()))
    page = browser.post(browser.url("intake:back"), {"return_code": done.code} | carried)
    assert 'value="+256 700 123456"' in page.content.decode()
    assert "Change how we may reach you" in text_of(page)


def test_what_was_typed_without_a_choice_is_kept_too_when_the_session_ended(db: None) -> None:
    done = reachable()
    browser = PublicClient()
    form = {"return_code": done.code, "kept-contact_address": "+256 700 123456"}
    page = browser.post(browser.url("intake:back"), form)
    assert 'value="+256 700 123456"' in page.content.decode()


def test_another_language_while_the_code_is_asked_for_loses_nothing_that_was_typed(db: None) -> None:
    typed = re.compile(r'name="(kept-[^"]+)" value="([^"]*)"')
    browser = PublicClient()
    ended = browser.post(browser.url("intake:new_plan"), BY_TEXT).content.decode()
    assert 'form="typed" name="speak"' in ended
    carried = dict(typed.findall(ended))
    as_a_browser = {"data": urlencode(carried | {"speak": "fr"}), "content_type": "application/x-www-form-urlencoded"}
    page = browser.post(browser.url("intake:back"), **as_a_browser).content.decode()
    assert '<html lang="fr"' in page
    assert carried
    assert dict(typed.findall(page)) == carried


def test_the_same_page_sent_twice_is_one_change(db: None) -> None:
    done = reachable()
    browser = comes_back(done.code)
    for _press in range(2):
        browser.post(browser.url("intake:new_plan"), BY_TEXT | {"once": "same"})
    drain()
    assert ContactPlan.objects.filter(help_request_id=done.visit.help_request_id).count() == 2


def test_two_changes_in_a_row_keep_their_order(db: None) -> None:
    done = reachable()
    browser = comes_back(done.code)
    changes(browser)
    changes(browser, contact_channel="email", contact_address="bo@example.org")
    drain()
    plans = contact_plans.history(done.request)
    assert [row.plan.get("address") for row in plans] == ["bo@example.org", NEW, OLD]
    assert [row.ended_on is None for row in plans] == [True, False, False]


def test_one_plan_is_in_force_at_a_time(db: None) -> None:
    done = reachable()
    changes(comes_back(done.code))
    drain()
    with pytest.raises(IntegrityError, match="one_contact_plan_is_in_force"):
        ContactPlan.objects.create(help_request=done.request, plan={}, since_on=timezone.localdate(), arrival=9)


def test_the_trail_says_that_it_was_changed_and_not_to_what(db: None) -> None:
    done = reachable()
    changes(comes_back(done.code))
    drain()
    event = AuditEvent.objects.get(verb="intake.plan_changed")
    assert event.actor_kind == "applicant"
    assert event.detail == {}


# --- others ---


def test_behind_a_second_code_everything_is_accepted_and_nothing_changes(db: None) -> None:
    done = reachable()
    second = takes_second_code(comes_back(done.code), done.code)
    drain()
    forced = comes_back(second)
    page = text_of(forced.get(forced.url("intake:plan")))
    assert "We do not write to you and do not call" in page
    assert changes(forced).status_code == 302
    assert "By text message" in text_of(forced.get(forced.url("intake:plan")))
    drain()
    assert not ContactPlan.objects.exists()
    assert contact_plan(done.visit.help_request_id)["address"] == OLD


def test_who_filed_for_somebody_else_has_no_say_in_it(db: None) -> None:
    done = reachable(submitter="friend")
    browser = comes_back(done.code)
    for page in ("intake:plan", "intake:new_plan"):
        assert browser.get(browser.url(page)).status_code == 404
    assert browser.post(browser.url("intake:new_plan"), BY_TEXT).status_code == 404


def test_a_changed_code_still_shows_the_plan(db: None) -> None:
    done = reachable()
    browser = comes_back(done.code)
    takes_new_code(browser, done.code)
    assert "By e-mail" in text_of(browser.get(browser.url("intake:plan")))


def test_a_plan_that_is_none_is_kept_aside(db: None) -> None:
    from intake.deliveries import deliver
    from intake.states import DeliveryKind

    done = reachable()
    content = {"request": str(done.visit.help_request_id), "audience": "person", "plan": ["x"]}
    deliver(DeliveryKind.CONTACT_PLAN, content, subject_id=done.visit.person_id, sequence=77)
    drain()
    assert Delivery.objects.get(sequence=77, subject_id=done.visit.person_id).state == DeliveryState.QUARANTINED


def test_the_day_of_the_last_word_is_told_on_any_later_day(db: None) -> None:
    done = reachable()
    changes(comes_back(done.code))
    drain()
    page = text_of((browser := comes_back(done.code)).get(browser.url("intake:here")))
    assert "You wrote to us on" in page
