"""The words of consent that the person reads. A change of what they mean is a new version, kept for good.

`TEXT_VERSION` is the consent of the questionnaire. Consent to tell an official is asked later, for one programme and one
recipient: what a programme asks for it names by keys of `PARTS` and `PURPOSES`, so that the words stand on the public door in
every language, whoever reads them (docs/decisions/0065).
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# 2026-11-1: keep and read; partners without a name; statistics. First wording.
TEXT_VERSION: Final = "2026-11-1"
# What a friend or partner reads: keep and read what they themselves wrote, nothing more. First wording.
FILER_TEXT_VERSION: Final = "2026-11-1-filer"

PARTS: dict[str, str | Promise] = {
    "people": _("Names, dates of birth, papers, and who belongs to your family"),
    "relatives": _("Relatives who are not with you, and where they are"),
    "claim": _("What happened to you, and why you cannot go back"),
    "host_country": _("How you live in the country you are in now, and what is dangerous there"),
    "needs": _("Your health, and what you need when you arrive"),
    "history": _("Where you lived and worked in the last ten years"),
    "evidence": _("A list of papers and pictures that you gave us"),
}
# Each takes the name of the country.
PURPOSES: dict[str, str | Promise] = {
    "resettlement": _("So that the government of %(country)s can decide whether you may come and live there."),
}
