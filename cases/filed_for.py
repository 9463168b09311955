"""A case that a friend or partner filed: what the person themself has not said yet, and what comes next (decision 0047)."""

from __future__ import annotations

from dataclasses import dataclass

from cases.models import Case
from cases.wording import value_in_words
from intake.answers import FILERS
from intake.models import ConsentOffer
from intake.staff_actions import audiences_of
from intake.states import Audience, OfferState


@dataclass(frozen=True, slots=True)
class FiledFor:
    """`by`: who filed, in words. `person_knows`: whether the person knows of it, None for not stated."""

    by: str
    person_knows: bool | None
    has_own_code: bool

    @classmethod
    def of(cls, case: Case) -> FiledFor | None:
        """Return what is still missing from the person; None for who wrote themself, and once they gave a consent of their own.

        Two queries for a case that was filed for another; opens STORY.
        """
        answers = case.help_request.answers
        submitter = answers.get("submitter")
        if submitter not in FILERS:
            return None
        if ConsentOffer.objects.filter(help_request=case.help_request, state=OfferState.GIVEN).exists():
            return None
        has_own_code = Audience.PERSON in audiences_of(case.help_request)
        return cls(value_in_words("submitter", submitter, language=""), answers.get("person_knows"), has_own_code)
