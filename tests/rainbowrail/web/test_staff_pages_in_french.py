"""Every staff page in French, found by the URL table: what it shows comes from the French catalogues, or is what people wrote.

Sentences of the catalogues come in brackets (tests/words_shown.py), so that what stands outside is named here: an English word
in a template, a sentence that lacks French, a label that was put together while the program started.
"""

import re
from collections.abc import Iterable

import pytest
from django.conf import settings
from django.conf.locale import LANG_INFO

from rainbowrail.accounts import languages
from rainbowrail.countries import codes
from tests.clients import CarefulClient
from tests.factories.referrals import WORDS
from tests.rainbowrail.web.test_staff_pages_in_a_browser import empty_pages
from tests.staff_pages import SIGNED_OUT, draw, draw_mistakes, make_scene
from tests.words_shown import marked, unsaid

pytestmark = pytest.mark.django_db

# What people wrote in the worlds of these tests.
WRITTEN = {
    "Ade", "Mukono", "A note.", "Half a note", "IMG_0001.jpg", "Yes, until Friday.", "My brothers found my telephone.",
    "Cousins.", "Everybody", "Another lead", "Somebody else", "Maren Tran", "Resettlement Operations", "Nobody",
    "Maren Tran, Resettlement Operations", "Caseworker", "Triage lead", "Intake volunteer", "Manager", "Referral officer",
    "Administrator", "Auditor",
}  # fmt: skip
WRITTEN |= {
    "Cleo Colleague", "She is at the door now.", "Lakeside Clinic", "Sees people without papers.",
    "The front desk", "I speak the language.", "They were seen.", "They want nothing kept.", "Mukono-canary", *WORDS.values(),
}  # fmt: skip
# The names of things, the same in every language.
NAMES = {"Rainbowrail", "SHA-256", "sha256", "IRPR", "csv", "age -d -i key.txt -o packet.zip file.zip.age"}
NAMES |= {"age-keygen -y key.txt | tr -d '\\n' | sha256sum", "Ikinyarwanda", "ትግርኛ"}
NAMES |= {"manage.py staff agree", "manage.py audit verify --checkpoint FILE"}
CODES = re.compile(
    r"(RR-)?\w{4}-\w{4}(-\d+\.zip\.age)?|\S+@\S+|Person \d+|[0-9a-f]{64}|([0-9a-f]{4} ?)+|[A-Z2-7]{32}"
    r"|canada-gar\.\d|whole|unusual|[a-z]+\.[A-Za-z]+|[A-Z0-9]{6}"
)


# Pages of people of that walk who have not chosen French, and the letter to an office, in the language of its file.
OTHERS = SIGNED_OUT | {"mfa_authenticate", "nobody in particular", "a volunteer without a time", "referrals:recall"}


def let_pass() -> set[str]:
    countries = {name for _code, name in codes.choices("fr")}
    tongues = {name for _code, name in settings.LANGUAGES} | {str(one.get("name_local")) for one in LANG_INFO.values()}
    return WRITTEN | NAMES | countries | tongues


def in_english(pages: dict[str, str]) -> list[str]:
    """Return what the pages show and neither a catalogue nor a person said: `page: words`."""
    passed = let_pass()
    return [f"{name}: {words}" for name, html in pages.items() for words in _left(unsaid(html, "fr"), passed)]


def _left(found: Iterable[str], passed: set[str]) -> list[str]:
    plain = (words.strip(" ·,:–(") for words in found)
    return [words for words in plain if words not in passed and not CODES.fullmatch(words)]


def test_every_page_every_form_sent_empty_and_every_empty_list() -> None:
    with marked():
        scene = make_scene()
        for reader in (scene.everybody, scene.colleague):
            languages.choose(reader, "fr")
        pages = draw(scene).pages | draw_mistakes(scene).pages
    pages = {name: html for name, html in pages.items() if name not in OTHERS}
    assert len(pages) >= 140
    assert [name for name, html in pages.items() if '<html lang="fr"' not in html] == []
    assert in_english(pages) == []


def test_every_list_without_lines() -> None:
    with marked():
        pages = empty_pages("fr").pages
    assert in_english(pages) == []


def test_the_pages_before_signing_in_and_what_they_say_of_a_wrong_password() -> None:
    client = CarefulClient(headers={"accept-language": "fr"})
    with marked():
        pages = {
            "sign in": client.get("/account/login/").content.decode(),
            "nothing typed": client.post("/account/login/", {}).content.decode(),
            "a wrong password": client.post("/account/login/", {"login": "a@example.org", "password": "no"}).content.decode(),
            "an invitation that is over": client.get("/account/invitation/nothing/").content.decode(),
            "signed out": client.get("/account/inactive/").content.decode(),
            "no page": client.get("/nowhere/").content.decode(),
        }
    assert in_english(pages) == []


def test_an_english_word_in_a_template_is_named() -> None:
    page = (
        '<html lang="fr"><title>⟦Titre⟧</title><p>⟦Dit ⟦par⟧ nous⟧ Hello <b title="There">12</b> <i lang="en">Not this</i></p>'
    )
    assert unsaid(page, "fr") == ["Hello", "There"]
