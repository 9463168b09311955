"""One invented case as plain data, complete enough to pass the linter; tests change what they are about."""

from dataclasses import replace
from datetime import date
from typing import Any

from referrals.casefile import Addressee, CaseFile, ConsentExtract, ConsentHow, CountryLaw, Officer, Withheld

TODAY = date(2026, 11, 21)
PHONE = "+254 700 123 456"
HOUSE = "Jacaranda House, 14 Third Avenue"
CODE_WORD = "mango season"
WITHHELD = Withheld(contacts=(PHONE, "ade.secret@example.net", "@ade_ke"), places=(HOUSE,), secrets=(CODE_WORD,))

CONSENT = ConsentExtract(
    parts=frozenset("BCDEFGH"),
    how=ConsentHow.RECORDED_ORAL,
    language="ar",
    text_version="canada-gar.1",
    given_on=date(2026, 11, 10),
    ends_on=date(2027, 11, 10),
)
IDENTITY = {
    "legal_name": "Adeola Ndiaye",
    "used_name": "Ade",
    "pronouns": "they",
    "born_on": "1999-04-02",
    "nationality": "UGA",
    "documents": "Passport B1234567, Uganda, until 2029-01-01",
    "relatives": "Mother, born 1970, Kampala, does not know.",
}
ACCOUNT = {
    "category": "protection",
    "priority_reason": "The family knows where the person is.",
    "case_size": "1",
    "relatives_asked": "yes",
    "claim": "On 14 March 2025 two brothers locked the person in a room for nine days.",
    "feared": "Two brothers.",
    "protection": "The police post laughed and called the brothers.",
    "elsewhere": "No: the law holds in the whole country.",
    "host_situation": "No right to work; the landlord asks questions.",
    "no_other_solution": "Return is not possible.",
    "needs": "None known.",
    "quote_law": "yes",
    "reception": "No housing with the person's own community.",
    "read_back": "yes",
}


def case_file(**changes: Any) -> CaseFile:
    """Return the case; `identity` and `account` given here are laid over its own, other arguments replace its fields."""
    file = CaseFile(
        packet_id="K7MT-4QWD",
        version=1,
        made_on=TODAY,
        case_reference="RR-C3FG-9HJK",
        band=1,
        addressee=Addressee(name="Maren Tran", office="Resettlement Operations"),
        officer=Officer(name="Eli", email="eli@office.example"),
        consent=CONSENT,
        identity=IDENTITY | changes.pop("identity", {}),
        account=ACCOUNT | changes.pop("account", {}),
        language="en",
        answers={"current_country": "KEN", "legal_status_current": "asylum_seeker", "unhcr_registered": True},
        own_words="أنا خائف. أخي وجد الرسائل.",
        own_words_language="ar",
        law=CountryLaw(
            code="KEN",
            name="Kenya",
            criminalised="Criminalised",
            maximum_penalty="14 years of imprisonment",
            death_penalty="no",
            source="ILGA World Database",
            as_of="2026-01-01",
        ),
    )
    return replace(file, **changes)
