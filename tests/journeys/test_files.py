"""Files on their whole way in real browsers: with and without script, over a bad line, to somebody who may look."""

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.journeys.conftest import Ask
from tests.journeys.hands import follow, press_and_stay, section, sees, sees_heading
from tests.journeys.people import BETWEEN_MS, LOOKS, Caseworker
from tests.journeys.test_without_script import is_not_wider_than_the_phone
from tests.rainbowrail.crypto import hostile
from tests.worlds import SMALL_PHONE

PICTURE: FilePayload = {"name": "at the clinic.jpg", "mimeType": "image/jpeg", "buffer": hostile.picture(size=(300, 200))}
CHAT: FilePayload = {"name": "chat.txt", "mimeType": "text/plain", "buffer": b"They wrote: come home or we find you. " * 80_000}
PROGRAM: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"MZ\x90\x00" + b"x" * 5000}


def test_files_go_from_a_phone_to_a_caseworker_who_looks_when_ready(somebody: Ask, cleo: Caseworker) -> None:
    amina = somebody(viewport=SMALL_PHONE)
    amina.sends_a_short_request(name="Amina", country="Kenya")
    follow(amina.page, "Add a file")
    sees(amina.page, "we believe you without it")
    is_not_wider_than_the_phone(amina.page)
    amina.adds_files(PICTURE, CHAT)
    sees(amina.page, "Today 2 files arrived.")
    amina.cannot_read_again("at the clinic", "chat.txt")
    amina.adds_files(PROGRAM)
    sees(amina.page, "This is a program.")

    case = cleo.sees_in_the_queue(country="Kenya", reasons="")
    cleo.opens_case(case)
    cleo.takes_the_case()
    waits_for(cleo.page, "Clean copy", times=2)
    follow(cleo.page, "at the clinic.jpg")
    picture = cleo.page.get_by_role("img", name="Clean copy of the picture that was sent")
    assert "blur" in picture.evaluate("picture => getComputedStyle(picture).filter")
    follow(cleo.page, "Show it clearly")
    assert picture.evaluate("picture => getComputedStyle(picture).filter") == "none"
    # The camera had noted that the picture lies on its side.
    expect(picture).to_have_js_property("naturalWidth", 200)
    expect(picture).to_have_js_property("naturalHeight", 300)
    with cleo.page.expect_download() as got:
        press_and_stay(cleo.page, "Download the original")
    assert got.value.path().read_bytes() == PICTURE["buffer"]


def waits_for(page: Page, state: str, *, times: int) -> None:
    line = section(page, "Files").get_by_text(state, exact=True)
    for _look in range(LOOKS):
        if line.count() == times:
            return
        page.wait_for_timeout(BETWEEN_MS)
        page.reload()
    expect(line).to_have_count(times)


def test_without_script_one_file_goes_at_a_time(somebody: Ask) -> None:
    amina = somebody(java_script_enabled=False, viewport=SMALL_PHONE)
    amina.sends_a_short_request(name="Amina")
    follow(amina.page, "Add a file")
    amina.adds_files(PROGRAM)
    sees(amina.page, "This is a program.")
    sees(amina.page, "This file again, the others are safe.")
    for number in ("1 file", "2 files"):
        amina.adds_files(PICTURE)
        sees(amina.page, f"Today {number} arrived.")
    follow(amina.page, "Go back")
    sees_heading(amina.page, "Where things stand")


def test_a_line_that_breaks_in_the_middle_costs_a_piece_and_not_the_file(somebody: Ask) -> None:
    amina = somebody()
    amina.sends_a_short_request(name="Amina")
    follow(amina.page, "Add a file")
    lost: list[str] = []

    def lose_some(route: Route) -> None:
        piece = route.request.headers["x-piece"]
        if lost.count(piece) < 1:
            lost.append(piece)
            route.abort("connectionreset")
        else:
            route.continue_()

    amina.page.route("**/here/files/part", lose_some)
    amina.adds_files(CHAT)
    sees(amina.page, "The connection is gone. Sending goes on by itself when it is back.")
    expect(amina.page.get_by_role("main")).to_contain_text("Today 1 file arrived.", timeout=30_000)
    assert lost == ["0", "1", "2"]


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_the_page_reads_from_the_right(somebody: Ask, script: bool) -> None:
    rami = somebody(java_script_enabled=script, viewport=SMALL_PHONE)
    rami.sends_a_short_request(name="Rami")
    rami.page.goto(f"{rami.door}/languages")
    rami.page.get_by_role("button", name="العربية").click()
    rami.page.goto(f"{rami.door}/here/files")
    expect(rami.page.locator("html")).to_have_attribute("dir", "rtl")
    is_not_wider_than_the_phone(rami.page)
