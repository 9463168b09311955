"""A member of staff adds a passkey, signs out, and signs in with nothing else."""

from playwright.sync_api import Page, expect

from tests.journeys.hands import fill, follow, press, script_listens, sees, sees_heading
from tests.worlds import PHONE, OpenBrowser, Running


def give_a_device(page: Page) -> None:
    """Let this browser have a device that keeps passkeys and knows its owner, as a phone does."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_then_opens_the_door_alone(running: Running, open_browser: OpenBrowser) -> None:
    page = open_browser(PHONE).new_page()
    give_a_device(page)
    page.goto(f"{running.staff}/account/login/")
    follow(page, "This is a demo: enter as one of the invented cast")
    press(page, "Enter as Max")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(f"{running.staff}/account/second-factor/")
    sees_heading(page, "Second factor")
    follow(page, "Add a passkey")
    sees_heading(page, "Add a passkey")
    script_listens(page)
    fill(page, {"What is it in?": "my phone"})
    press(page, "Add the passkey")
    sees_heading(page, "Recovery codes")
    press(page, "Show the codes")
    sees(page, "They are shown this once")

    page.get_by_role("button", name="Sign out").click()
    sees_heading(page, "Sign in")
    script_listens(page)
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(f"{running.staff}/account/second-factor/")
    sees(page, "my phone")
    press_removed(page)


def press_removed(page: Page) -> None:
    """Leave the world as it was: the passkey goes again."""
    follow(page, "Remove my phone")
    sees_heading(page, "Remove the passkey my phone?")
    press(page, "Remove it")
    sees_heading(page, "Second factor")
