"""Collects what `packet.build` needs from three apps. Opens IDENTITY, STORY and CASEWORK; callers record the view.

It hands over a `CaseFile`, in which what must never be disclosed is simply not there, and apart from it `Withheld`, for the
linter alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from intake.contact_plans import ever
from rainbowrail.countries import codes
from rainbowrail.countries.hazards import hazard
from referrals.casefile import Addressee, CaseFile, ConsentExtract, ConsentHow, CountryLaw, Officer, Withheld
from referrals.lint import Finding, lint
from referrals.models import ConsentRecord, Referral
from referrals.packet import Packet, build
from referrals.programmes import programme
from referrals.states import ConsentAct

# The only answers of the questionnaire that a packet may hold; everything else an official is told is written by an officer.
GIVEN_ANSWERS = ("current_country", "legal_status_current", "unhcr_registered")
# Parts of a contact plan that are choices, days or hours, and would be found in every text.
HARMLESS_CONTACT_KEYS = frozenset(
    {"channel", "shared_device", "leave_message", "confirmed_on", "from_hour", "until_hour", "utc_offset", "person_how"}
)
CODE_WORD_KEYS = frozenset({"word", "code_word"})
PLACE_KEYS = frozenset({"address", "place", "staying_at"})


def gather(referral: Referral, *, today: date) -> tuple[CaseFile, Withheld]:
    """Return the case as it may be told on `today`, and what must not be found in it.

    Raises CryptoError when a sealed value does not open; nothing is ever left out silently.
    """
    request = referral.case.help_request
    answers: Mapping[str, object] = request.answers
    country = answers.get("current_country")
    case = CaseFile(
        packet_id=referral.packet_id,
        version=referral.version,
        made_on=today,
        case_reference=referral.case.reference,
        band=referral.case.band,
        addressee=Addressee(name=referral.recipient.name, office=referral.recipient.office),
        officer=Officer(name=referral.responsible.name, email=referral.responsible.email),
        consent=consent_in_force(referral),
        identity=referral.identity,
        account=referral.account,
        language=referral.language,
        answers={key: answers[key] for key in GIVEN_ANSWERS if answers.get(key) is not None},
        own_words=request.own_words,
        own_words_language=request.language,
        law=_law(country, referral.language) if isinstance(country, str) else None,
    )
    return case, withheld(ever(request), answers)


def compile_packet(referral: Referral, *, today: date) -> tuple[Packet, tuple[Finding, ...]]:
    """Return what would leave the building today, in the packet's language, and what stands in its way, in the reader's."""
    case, kept = gather(referral, today=today)
    chosen = programme(referral.programme)
    with translation.override(referral.language):
        packet = build(case, chosen)
    return packet, lint(packet, case=case, programme=chosen, withheld=kept, today=today)


def consent_in_force(referral: Referral) -> ConsentExtract | None:
    """Return the consent that counts: the latest act, unless it is a withdrawal. Whether it ended is the linter's question."""
    latest = ConsentRecord.objects.about(referral).first()
    if latest is None or latest.act != ConsentAct.GIVEN or latest.ends_on is None:
        return None
    terms = latest.terms
    return ConsentExtract(
        parts=frozenset(terms["parts"]),
        how=ConsentHow(terms["how"]),
        language=terms["language"],
        text_version=latest.text_version,
        given_on=latest.act_on,
        ends_on=latest.ends_on,
        by_guardian=terms["by_guardian"],
    )


def withheld(plans: Sequence[Mapping[str, object]], answers: Mapping[str, object]) -> Withheld:
    """Return what an intake knows of how to reach the person and where they stay: for the linter, never to print.

    `plans` are the contact plans there ever were: an old number leads to them too.
    """
    contact = [pair for plan in plans for pair in _words(plan)]
    return Withheld(
        contacts=tuple(words for key, words in contact if key not in HARMLESS_CONTACT_KEYS | CODE_WORD_KEYS),
        places=tuple(words for key, words in _words(answers) if key in PLACE_KEYS),
        secrets=tuple(words for key, words in contact if key in CODE_WORD_KEYS),
    )


def _words(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in a nested answer with the key it stands under."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _words(inner, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner, key)
    elif isinstance(value, str) and value:
        yield key, value


def _law(country: str, language: str) -> CountryLaw | None:
    if not codes.is_code(country):
        return None
    row = hazard(country)
    with translation.override(language):
        criminalised = {
            "yes": _("Criminalised"),
            "no": _("Not criminalised"),
            "de_facto": _("Not named in the law, but punished in practice"),
            "unclear": _("The law is unclear"),
        }[row.criminalised]
        death = {"none": _("no"), "possible": _("possible"), "prescribed": _("prescribed")}[row.death_penalty]
        if row.max_penalty is None:
            maximum = _("none fixed or known")
        elif row.max_penalty == "life":
            maximum = _("imprisonment for life")
        else:
            maximum = _("%(years)s years of imprisonment") % {"years": row.max_penalty}
    return CountryLaw(
        code=country,
        name=codes.name(country, language),
        criminalised=criminalised,
        maximum_penalty=maximum,
        death_penalty=death,
        source=row.source,
        as_of=row.as_of.isoformat(),
    )
