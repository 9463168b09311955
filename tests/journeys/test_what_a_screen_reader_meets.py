"""What a screen reader is told on the main pages, in its order: landmarks, headings, names of fields, errors that lead to them.

The trees are those that Chromium gives to assistive programs; a line that is left out may stand between two others.
"""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Ask
from tests.journeys.hands import fill, press


def meets(page: Page, tree: str) -> None:
    expect(page.locator("body")).to_match_aria_snapshot(tree)


def test_the_first_page_begins_with_the_ways_past_and_out(somebody: Ask) -> None:
    page = (person := somebody()).page
    page.goto(person.door)
    meets(
        page,
        """
        - link "Skip to the content"
        - banner:
          - link "Leave now"
        - main:
          - navigation "Language":
            - list:
              - listitem:
                - link "English"
              - listitem:
                - link "Français"
          - heading "You can ask for help here" [level=1]
          - heading "What happens" [level=2]
          - list:
            - listitem: /You answer short questions/
          - link "I am safe enough to go on"
          - link "I have a code"
        """,
    )


def test_a_question_is_a_named_group_with_its_reason(somebody: Ask) -> None:
    page = (person := somebody()).page
    page.goto(f"{person.door}/form/s01")
    meets(
        page,
        """
        - banner:
          - button "Language"
          - link "Leave now"
        - main:
          - paragraph: /Step 2 of \\d+/
          - heading "How safe are you now?" [level=1]
          - group "How much danger are you in today?":
            - radio "I am safe"
            - radio "A little danger"
          - button "Continue"
          - button "Skip"
        """,
    )
    group = page.get_by_role("group", name="How much danger are you in today?")
    expect(group).to_have_accessible_description("We ask so that people in the greatest danger are read first.")


def test_a_mistake_is_told_at_once_leads_to_its_field_and_is_said_there_again(somebody: Ask) -> None:
    page = (person := somebody()).page
    page.goto(f"{person.door}/form/s05")
    fill(page, {"What shall we call you?": "a" * 101})
    press(page, "Continue")
    meets(
        page,
        """
        - main:
          - heading "Your name here" [level=1]
          - alert "Please check this":
            - heading "Please check this" [level=2]
            - list:
              - listitem:
                - link "What shall we call you? – You wrote 101 characters; 100 fit.":
                  - /url: "#id_call_you"
          - textbox "What shall we call you?" [invalid]
          - textbox "Your pronouns"
          - button "Continue"
        """,
    )
    field = page.get_by_role("textbox", name="What shall we call you?")
    expect(field).to_have_accessible_description(re.compile("Please check: You wrote 101 characters; 100 fit."))


def test_each_way_to_change_an_answer_says_which(somebody: Ask) -> None:
    person = somebody()
    page = person.page
    page.goto(f"{person.door}/form/s05")
    person.answers("Your name here", {"What shall we call you?": "Ade"})
    page.goto(f"{person.door}/check")
    meets(
        page,
        """
        - main:
          - heading "Check what you wrote" [level=1]
          - heading "About you" [level=2]
          - term: What shall we call you?
          - definition: Ade
          - definition:
            - 'link "Change : What shall we call you?"'
          - button "Give my permission"
          - link "Delete what I wrote"
        """,
    )
