"""Canada: Government-Assisted Refugees (GAR), by referral.

Legal basis: Immigration and Refugee Protection Regulations (SOR/2002-227) s.138 (urgent protection), s.139 (outside Canada, no
other durable solution), s.140.3 (referral by UNHCR, another referral organisation under agreement, or an arrangement), s.145
(Convention refugee abroad). Parts: UNHCR Resettlement Registration Form and Resettlement Handbook chapter 3 and 6 (submission
categories, priority levels), beside the forms that the office completes with the person: IMM 0008, IMM 0008DEP (dependants),
Schedule 2, IMM 5669.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from rainbowrail.crypto.compartments import Compartment
from referrals.programmes.base import NEVER_GIVEN, Answer, AskedField, Programme, Quota, Section

IDENTITY = Compartment.IDENTITY

CATEGORIES = (
    ("protection", _("Legal and/or physical protection needs")),
    ("violence", _("Survivors of violence and/or torture")),
    ("medical", _("Medical needs")),
    ("women", _("Women and girls at risk")),
    ("family", _("Restoring family unity")),
    ("children", _("Children and adolescents at risk")),
    ("no_solution", _("Lack of foreseeable alternative durable solutions")),
)

SECTIONS = (
    Section(letter="A", title=_("Case"), required=True, needs_consent=False),
    Section(
        letter="B",
        title=_("People"),
        required=True,
        consent_label=_("Names, birth, documents, family status"),
        consent_words="people",
    ),
    Section(
        letter="C",
        title=_("Family who are not here"),
        required=True,
        consent_label=_("Relatives and where they are"),
        consent_words="relatives",
    ),
    Section(
        letter="D",
        title=_("Claim"),
        required=True,
        consent_label=_("What happened, and why the person cannot go back"),
        consent_words="claim",
    ),
    Section(
        letter="E",
        title=_("Host country"),
        required=True,
        consent_label=_("Life and risk in the present country"),
        consent_words="host_country",
    ),
    Section(
        letter="F",
        title=_("Needs"),
        required=True,
        consent_label=_("Health, disability and what arrival must look like"),
        consent_words="needs",
    ),
    Section(
        letter="G",
        title=_("History"),
        consent_label=_("Ten years of addresses, work, service, earlier claims"),
        consent_words="history",
        absent=_("Not part of this version. The ten-year history is given with form IMM 5669, when the office asks for it."),
    ),
    Section(
        letter="H",
        title=_("Evidence index"),
        consent_label=_("Evidence"),
        consent_words="evidence",
        absent=_("No evidence is attached to this version."),
    ),
    Section(
        letter="I",
        title=_("Confidential"),
        needs_consent=False,
        absent=_(
            "Nothing in this document. What one member of a family keeps from another is only ever sent as a file of its own."
        ),
    ),
    Section(letter="J", title=_("Declarations"), required=True, needs_consent=False),
    Section(letter="K", title=_("Machine copy"), required=True, needs_consent=False),
)

FIELDS = (
    AskedField(
        key="category", part="A", label=_("Submission category"), answer=Answer.CHOICE, choices=CATEGORIES, required=True
    ),
    AskedField(key="second_category", part="A", label=_("Second category"), answer=Answer.CHOICE, choices=CATEGORIES),
    AskedField(
        key="priority_reason",
        part="A",
        label=_("Why this priority"),
        hint=_("The office reads this first. Two or three sentences, facts only; health only if the person allowed part F."),
        answer=Answer.TEXT,
        required=True,
    ),
    AskedField(key="case_size", part="A", label=_("How many people travel"), answer=Answer.NUMBER, required=True, initial="1"),
    AskedField(key="unhcr_number", part="A", label=_("UNHCR number"), sealed_under=IDENTITY, hint=_("If the person has one.")),
    AskedField(
        key="legal_name",
        part="B",
        label=_("Name on documents"),
        hint=_("Exactly as on the passport or identity card; if there is none, as the person writes it."),
        sealed_under=IDENTITY,
        required=True,
    ),
    AskedField(key="used_name", part="B", label=_("Name the person uses"), sealed_under=IDENTITY),
    AskedField(key="pronouns", part="B", label=_("Pronouns"), sealed_under=IDENTITY),
    AskedField(key="born_on", part="B", label=_("Date of birth"), answer=Answer.DAY, sealed_under=IDENTITY, required=True),
    AskedField(
        key="sex_marker",
        part="B",
        label=_("Sex marker on documents"),
        answer=Answer.CHOICE,
        choices=(("F", "F"), ("M", "M"), ("X", "X")),
        sealed_under=IDENTITY,
    ),
    AskedField(
        key="nationality", part="B", label=_("Nationality"), answer=Answer.COUNTRY, sealed_under=IDENTITY, required=True
    ),
    AskedField(
        key="documents",
        part="B",
        label=_("Documents"),
        hint=_("Kind, number, issued by, valid until; one a line. Say so if there are none."),
        answer=Answer.TEXT,
        sealed_under=IDENTITY,
        required=True,
    ),
    AskedField(
        key="languages", part="B", label=_("Languages"), hint=_("And which to use for an interview."), sealed_under=IDENTITY
    ),
    AskedField(key="education", part="B", label=_("Education"), sealed_under=IDENTITY),
    AskedField(key="work", part="B", label=_("Work"), sealed_under=IDENTITY),
    AskedField(
        key="companions",
        part="B",
        label=_("Others who travel on this case"),
        hint=_("Name, date of birth, relation; one a line."),
        answer=Answer.TEXT,
        sealed_under=IDENTITY,
    ),
    AskedField(
        key="relatives_asked",
        part="C",
        label=_("Every spouse, partner, child, parent and sibling has been asked about"),
        hint=_("A relative who is not declared now is barred for good: ask about each once, and warn."),
        answer=Answer.TICK,
        required=True,
        is_told=False,
    ),
    AskedField(
        key="relatives",
        part="C",
        label=_("Relatives"),
        hint=_("Name, birth, relation, where they are, whether they know; one a line. Write “none” if there are none."),
        answer=Answer.TEXT,
        sealed_under=IDENTITY,
        required=True,
    ),
    AskedField(
        key="claim",
        part="D",
        label=_("What happened, in order of time"),
        hint=_("No telephone numbers, no addresses, no names of people who helped."),
        answer=Answer.TEXT,
        required=True,
    ),
    AskedField(key="feared", part="D", label=_("Who is feared, and why"), answer=Answer.TEXT, required=True),
    AskedField(key="protection", part="D", label=_("Attempts to get protection"), answer=Answer.TEXT, required=True),
    AskedField(
        key="elsewhere",
        part="D",
        label=_("Could the person be safe elsewhere in their country?"),
        answer=Answer.TEXT,
        required=True,
    ),
    AskedField(
        key="quote_own_words",
        part="D",
        label=_("Add the person's own words"),
        hint=_(
            "As they wrote them when they asked for help, in their language. Read them first: they may name places or people."
        ),
        answer=Answer.TICK,
        is_told=False,
    ),
    AskedField(
        key="host_situation",
        part="E",
        label=_("Life and risk in the present country"),
        hint=_("Incidents, status, work, shelter in general words, risk of being sent back. Never where the shelter is."),
        answer=Answer.TEXT,
        required=True,
    ),
    AskedField(
        key="quote_law",
        part="E",
        label=_("Add what our country table says about the law; I checked it"),
        hint=_(
            "The table names where each row comes from, and not every penalty was read at its source. "
            "An office must be able to rely on it."
        ),
        answer=Answer.TICK,
        is_told=False,
    ),
    AskedField(
        key="no_other_solution", part="E", label=_("Why there is no other lasting solution"), answer=Answer.TEXT, required=True
    ),
    AskedField(
        key="needs",
        part="F",
        label=_("Health, trauma, disability, children"),
        hint=_("Only what the person allowed. Write “none known” if so."),
        answer=Answer.TEXT,
        required=True,
    ),
    AskedField(
        key="reception",
        part="F",
        label=_("Safe reception"),
        answer=Answer.TEXT,
        required=True,
        initial=_("No housing with, and no interpreter from, the person's own community unless the person asks for it."),
    ),
    AskedField(
        key="history",
        part="G",
        label=_("Ten years, without gaps"),
        hint=_("If the office asked for it."),
        answer=Answer.TEXT,
        sealed_under=IDENTITY,
    ),
    AskedField(
        key="interpreter", part="J", label=_("Interpreter"), hint=_("How the conversation was interpreted; no name is needed.")
    ),
    AskedField(
        key="read_back",
        part="J",
        label=_("Parts A to G were read back to the person in their language, and they said that this is true"),
        answer=Answer.TICK,
        required=True,
    ),
)

CANADA_GAR = Programme(
    slug="canada_gar",
    name=_("Canada: Government-Assisted Refugees"),
    country="CAN",
    legal_basis="IRPR (SOR/2002-227) s.138, s.139, s.140.3, s.145",
    edition="2026-11",
    forms=("IMM 0008", "IMM 0008DEP", "IMM 0008 Schedule 2", "IMM 5669"),
    source="https://laws-lois.justice.gc.ca/eng/regulations/SOR-2002-227/",
    as_of=date(2026, 11, 1),
    languages=(("en", "English"), ("fr", "Français")),
    sections=SECTIONS,
    fields=FIELDS,
    never_given=NEVER_GIVEN,
    formats=("pdf", "json"),
    handling=(
        _(
            "For the eyes of the addressee and those who decide this case. "
            "Do not forward it by e-mail and do not put it into the file of another case."
        ),
        _(
            "Do not write to, call or visit the person. "
            "Every question goes to the officer named here, who knows when and how it is safe."
        ),
        _("Do not tell the authorities, an employer, a landlord or a relative of the person that this document exists."),
        _("Choose interpreters together with the officer: a member of the person's own community may be a danger."),
        _(
            "If the person withdraws consent we send a recall notice; "
            "destroy every copy then, and at the latest on the day the consent ends."
        ),
    ),
    consent_version="canada-gar.1",
    consent_text=(
        _(
            "We would like to ask the government of Canada whether it can offer you a new home. "
            "For this we would give one named official a document about you."
        ),
        _("You decide part by part what is in it. We never give your telephone number, your address or your code."),
        _(
            "You can say no, and we go on helping you in the other ways we have. "
            "You can change your mind on any day; what was sent we then call back."
        ),
        _("We cannot promise what Canada answers, nor how long it takes."),
    ),
    consent_months=12,
    consent_purpose="resettlement",
    # UNHCR Resettlement Handbook, priority levels; keys are the bands of the triage policy, 0 the highest.
    priorities={
        0: _("Emergency (departure within 7 days)"),
        1: _("Urgent (departure within 6 weeks)"),
        2: _("Normal, early review asked"),
        3: _("Normal (within 12 months)"),
    },
    outside_country_of_origin=True,
    paper="us-letter",
    quotas=(
        Quota(
            year=2023,
            places=None,
            note=_("Announced on 8 June 2023; the number of places was still being agreed."),
            source="Immigration, Refugees and Citizenship Canada, announcement of 8 June 2023",
            as_of=date(2023, 6, 8),
        ),
    ),
)
