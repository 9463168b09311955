"""What the people of the journeys say: every question of the questionnaire that applies to them, and the officer's draft.

Nobody here exists. The words are unusual enough to be found again, and are looked for where they must be and where they must
not be.
"""

from dataclasses import dataclass

from tests.journeys.hands import Told


@dataclass(frozen=True)
class Story:
    """One applicant's words. `e_mail` is their own; `word` is what a caseworker hears on a call."""

    name: str
    e_mail: str
    city: str
    own_words: str
    answer: str


AKELLO = Story(
    name="Akello",
    e_mail="akello.someone@example.org",
    city="Kisumu",
    own_words="They read my name on the radio. I crossed the lake at night with one bag.",
    answer="Yes, I am still with my friend. On Friday the landlord comes back.",
)

type Pages = list[tuple[str, dict[str, Told]]]


def first_half(story: Story) -> Pages:
    """The pages before this person stops for the first time."""
    return [
        ("Who this is about", {"Who needs help?": "I do"}),
        ("How safe are you now?", {"How much danger are you in today?": "Great danger"}),
        ("How we may reach you", {"May we contact you?": "By e-mail"}),
        (
            "Reaching you safely",
            {
                "Your e-mail address": story.e_mail,
                "Does anybody else use this phone or read this mailbox?": "No",
                "May we write there even if somebody else could see it?": "No",
            },
        ),
        ("When it is safe", {"Safe from": "Any time", "Safe until": "Any time"}),
        ("Your name here", {"What shall we call you?": story.name, "Your pronouns": "she"}),
        ("Your age", {"How old are you?": "25 to 59"}),
        ("Who is with you", {"How many people depend on you?": "1", "Children under 18 who are with you": "1"}),
    ]


def second_half(story: Story) -> Pages:
    """The pages after coming back, to the last."""
    return [
        ("The people with you", {}),
        ("The country you are in", {"Which country are you in now?": "Kenya", "Which city or region?": story.city}),
        ("Your nationality", {"Which country's citizen are you?": "Uganda"}),
        ("Your papers", {"What papers do you have for the country you are in?": "I have asked for asylum"}),
        ("Where you stay", {"Where are you staying?": "Hiding, with somebody or alone"}),
        ("How long you can stay there", {"For how many more nights are you sure of this place?": "5"}),
        ("Your freedom", {"Is anybody holding you, or making you report to them?": "No"}),
        ("What was done to you", {"What is the last thing that was done to you?": "I was beaten or hurt"}),
        ("When it happened", {"When was that?": "In the last week"}),
        ("Threats", {"Is anybody threatening you now?": "Yes, to hurt me badly or lock me up"}),
        (
            "Who the danger is from",
            {"Who is the danger from?": "People around me", "Do they know where you are?": "No"},
        ),
        ("Days that are coming", {"Is something coming on a certain day?": ["I must leave where I live"]}),
        ("When that is", {"I must leave where I live": "5"}),
        ("Who knows", {"Who knows about you?": "Everybody around me", "Was your name or picture in the news": "Yes"}),
        (
            "Your health",
            {"Do you need a doctor or medicine?": "I am hurt and need care", "Do you live with a disability?": "No"},
        ),
        ("How you feel", {"Are you thinking about ending your life?": "No"}),
        ("Special care", {"Have you ever survived torture or sexual violence?": "I would rather not say"}),
        (
            "What you have now",
            {
                "Is somebody near you whom you trust?": "Yes",
                "For how many days do you have money for food?": "4",
                "Are you registered with the UN refugee agency, UNHCR?": "Yes",
            },
        ),
        ("What would help", {"What would help you most?": ["Move to a safer place", "A new country"]}),
        ("Papers and proof", {"Is there anything that shows what happened?": "A little"}),
        ("Words for yourself", {"Which words fit you?": ["Lesbian"]}),
        ("Your own words", {"What else should we know?": story.own_words}),
        ("How you found us", {"How did you hear of us?": "A friend told me"}),
        (
            "Your permission",
            {
                "You may keep what I wrote and read it": True,
                "You may ask a partner organisation near me for help": True,
            },
        ),
    ]


def all_pages(story: Story) -> Pages:
    return [*first_half(story), *second_half(story)]


PARTS_FOR_CANADA = (
    "B · Names, birth, documents, family status",
    "C · Relatives and where they are",
    "D · What happened, and why the person cannot go back",
    "E · Life and risk in the present country",
    "F · Health, disability and what arrival must look like",
)


def draft_for_canada(legal_name: str, claim: str) -> dict[str, Told]:
    """What a referral officer writes for the Canadian programme after speaking with the person."""
    return {
        "Submission category": "Legal and/or physical protection needs",
        "Why this priority": "Named on the radio, beaten nine days ago, and the present hiding place ends this week.",
        "How many people travel": "2",
        "Name on documents": legal_name,
        "Name the person uses": "Akello",
        "Date of birth": "1994-03-02",
        "Sex marker on documents": "F",
        "Nationality": "Uganda",
        "Documents": "National identity card, seen.",
        "Languages": "Luganda, English; interview in English",
        "Others who travel on this case": "A daughter, four years old.",
        "Every spouse, partner, child, parent and sibling has been asked about": True,
        "Relatives": "Mother, born 1968, in the country of origin, does not know. No others.",
        "What happened, in order of time": claim,
        "Who is feared, and why": "The neighbours of the home quarter, who were told by the radio.",
        "Attempts to get protection": "The police wrote nothing down and laughed.",
        "Could the person be safe elsewhere in their country?": "No: the broadcast reached the whole country.",
        "Life and risk in the present country": "Hidden by a friend; the law there punishes the same.",
        "Why there is no other lasting solution": "No return is possible, and asylum there gives no safety.",
        "Health, trauma, disability, children": "A wound that needs care; a child of four.",
        "Safe reception": "No housing with her own community.",
        "Interpreter": "None was needed.",
        "Parts A to G were read back to the person": True,
    }
