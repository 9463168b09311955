"""Ade asks for help for a friend who cannot: in words about the friend, with a code that opens nothing of the friend's."""

from playwright.sync_api import expect

from tests.journeys.conftest import Ask
from tests.journeys.hands import fill, follow, press, section, sees, sees_heading
from tests.journeys.people import Caseworker

FRIEND, FILER, CHILD = "Kibuuka", "Nalongo", "Ssanyu"


def test_a_friend_files_and_staff_see_whose_consent_is_missing(somebody: Ask, cleo: Caseworker) -> None:
    ade = somebody()
    page = ade.page
    page.goto(f"{ade.door}/form/s04")
    ade.answers("Who this is about", {"Who needs help?": "A friend, or somebody I support"})
    sees_heading(page, "How safe is this person now?")
    fill(page, {"How much danger is this person in today?": "Great danger"})
    press(page, "Continue")
    sees(page, "This is for the person you write for")
    fill(page, {"Which country is this person in now?": "Zambia"})
    press(page, "Show numbers for this country")
    sees(page, "The police there may be a danger to you")
    follow(page, "Go on")
    ade.answers("You, who write for somebody", {"What shall we call you, who write this?": FILER})
    ade.answers("How we may reach you", {"May we contact you?": "Do not contact me. I come back here with my code."})
    ade.answers("Reaching the person safely", {"How may we reach the person you write for?": "Only through me"})
    ade.answers("The person's name here", {"What shall we call this person?": FRIEND})
    ade.answers("The person's age", {"How old is this person?": "18 to 24"})
    ade.answers("Who is with this person", {"Children under 18 who are with this person": "1"})

    sees_heading(page, "The people with this person")
    follow(page, "Add a person")
    ade.answers("Somebody with this person", {"What shall we call this person?": CHILD})
    ade.answers(CHILD, {"Where is this person now?": "In the same place"})
    ade.answers(CHILD, {})
    sees(page, CHILD)
    press(page, "That is enough: check and send")
    press(page, "Give my permission")
    fill(page, {"You may keep what I wrote and read it to see how you can help this person": True})
    press(page, "Save")
    ade.goes_on_to_the_code()
    code = ade.takes_the_code()
    ade.goes_on_to_send()
    ade.sends()

    back = somebody(code=code)
    back.comes_back()
    sees(back.page, "Thank you for writing to us for somebody else")
    back.cannot_read_again(FRIEND, CHILD)

    reference = cleo.sees_in_the_queue(country="Zambia", reasons="")
    cleo.opens_case(reference)
    cleo.takes_the_case()
    sees(cleo.page, "Filed by somebody else: own consent missing")
    sees(cleo.page, "Next: reach the person safely, then give them a code of their own.")
    expect(section(cleo.page, "Who is with them")).to_contain_text("in the same place")
    expect(section(cleo.page, "Who is with them")).not_to_contain_text(CHILD)
    cleo.opens_who_it_is(FRIEND, FILER, CHILD, "only through the one who wrote")
