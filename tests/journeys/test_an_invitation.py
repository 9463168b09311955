"""Somebody new: the mail's link, a password, a passkey, a second person's word, the first page; and then the passkey alone."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.hands import begins_with, fill, follow, press, script_listens, sees, sees_heading
from tests.journeys.people import BETWEEN_MS, LOOKS
from tests.journeys.test_sign_in import give_a_device
from tests.worlds import DESK, PHONE, OpenBrowser, Running

ADDRESS, PASSWORD = "noor@example.org", "seven herons over the quiet harbour"


@pytest.fixture
def nobody_stays(running: Running) -> Iterator[None]:
    """Leave the world as it was: the account is closed, and holds no role and no factor."""
    yield
    running.rows(
        "DELETE FROM mfa_authenticator WHERE user_id IN (SELECT id FROM accounts_user WHERE email = %s) RETURNING id", ADDRESS
    )
    running.rows(
        "DELETE FROM accounts_rolegrant USING accounts_invitation i WHERE invitation_id = i.id AND i.email = %s RETURNING 1",
        ADDRESS,
    )
    running.rows("DELETE FROM accounts_invitation WHERE email = %s RETURNING id", ADDRESS)
    running.rows("UPDATE accounts_user SET is_active = false, roles = '{}' WHERE email = %s RETURNING id", ADDRESS)


def link_in_the_mail(running: Running) -> str:
    for _look in range(LOOKS):
        for letter in running.world.mail.box.to(ADDRESS):
            if found := re.search(r"https?://\S+/account/invitation/\S+", str(letter.get_content())):
                return found[0]
        time.sleep(BETWEEN_MS / 1000)
    raise AssertionError("no mail with a link came")


@pytest.mark.usefixtures("nobody_stays")
def test_an_invited_person_comes_in_with_a_passkey_and_reaches_nothing_before_it(
    open_browser: OpenBrowser, running: Running
) -> None:
    hana = open_browser(DESK).new_page()
    hana.goto(f"{running.staff}/demo/?next=/account/people/")
    press(hana, "Enter as Hana")
    sees_heading(hana, "People")
    follow(hana, "Invite somebody")
    sees_heading(hana, "Invite somebody")
    hana.get_by_label("E-mail address").fill(ADDRESS)
    hana.get_by_role("checkbox", name=begins_with("Caseworker")).check()
    press(hana, "Send the invitation")
    sees_heading(hana, "People")
    sees(hana, ADDRESS)

    page = open_browser(PHONE).new_page()
    give_a_device(page)
    page.goto(link_in_the_mail(running))
    sees_heading(page, "Welcome")
    fill(page, {"Your name, as colleagues call you": "Noor", "Password": PASSWORD, "The same password again": PASSWORD})
    press(page, "Go on")
    sees_heading(page, "One more step: a second factor")
    page.goto(f"{running.staff}/")
    sees_heading(page, "One more step: a second factor")

    follow(page, "Add a passkey")
    sees_heading(page, "Add a passkey")
    script_listens(page)
    fill(page, {"What is it in?": "my phone"})
    press(page, "Add the passkey")
    sees_heading(page, "Recovery codes")
    press(page, "Show the codes")
    sees(page, "They are shown this once")
    page.goto(f"{running.staff}/")
    sees_heading(page, "Almost there")

    dana = open_browser(DESK).new_page()
    dana.goto(f"{running.staff}/demo/?next=/account/roles/")
    press(dana, "Enter as Dana")
    sees_heading(dana, "Roles that wait for a second person")
    dana.get_by_role("button", name=f"Agree Caseworker, {ADDRESS}").click()
    sees(dana, "Nothing waits")
    page.goto(f"{running.staff}/")
    sees_heading(page, "Who waits")

    page.get_by_role("button", name="Sign out").click()
    sees_heading(page, "Sign in")
    script_listens(page)
    press(page, "Sign in with a passkey")
    sees_heading(page, "Who waits")
    expect(page.get_by_text("Noor")).to_be_visible()
