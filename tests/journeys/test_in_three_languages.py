"""An applicant's whole way at 320 pixels, by keyboard alone, in languages read from either side, with and without script."""

import pytest
from django.conf import settings

from tests.journeys.people import Caseworker
from tests.journeys.typist import Typist
from tests.worlds import SMALL_PHONE, OpenBrowser, Running

QUESTION, ANSWER = "Is there a place where you can sleep tonight?", "نعم, ndiyo, yes: until Friday."
MANY_PAGES = 20
# Language, script, and a country that nobody else in these tests is in, by which the caseworker finds the request.
NOW = [("ar", False, "WSM", "Samoa"), ("sw", True, "FJI", "Fiji")]
LATER = [
    ("ar", True, "PLW", "Palau"),
    ("sw", False, "KIR", "Kiribati"),
    ("en", True, "NRU", "Nauru"),
    ("en", False, "TUV", "Tuvalu"),
]


@pytest.mark.parametrize(
    ("language", "script", "code", "country"),
    [*NOW, *(pytest.param(*one, marks=pytest.mark.heavy) for one in LATER)],
)
def test_asking_for_help_and_coming_back(
    open_browser: OpenBrowser, running: Running, cleo: Caseworker, language: str, script: bool, code: str, country: str
) -> None:
    spoken = (language, dict(settings.LANGUAGES)[language])

    def with_a_phone() -> Typist:
        return Typist(open_browser(SMALL_PHONE, java_script_enabled=script), running, spoken, country=code)

    asks = with_a_phone()
    asks.opens_the_first_page_in_their_language()
    asks.begins_without_a_code()
    assert asks.answers_every_page() > MANY_PAGES
    asks.takes_the_code()
    asks.sends()
    asks.leaves_now()

    case = cleo.sees_in_the_queue(country=country, reasons="")
    cleo.opens_case(case)
    cleo.takes_the_case()
    cleo.asks(QUESTION)

    returns = with_a_phone()
    returns.opens_the_first_page_in_their_language()
    returns.comes_back_with(asks.code)
    returns.answers_the_question(QUESTION, ANSWER)
    returns.leaves_now()
    cleo.sees_the_answer(ANSWER)
