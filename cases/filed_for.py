"""A case that a friend or partner filed: what the person themself has not said yet, and what comes next (decision 0047)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cases.models import Case
from cases.wording import value_in_words
from intake.answers import FILERS
from intake.staff_actions import audiences_of
from intake.states import Audience

# Who knows of consents that people gave themselves, on their own page or by word of mouth: `referrals` adds its ledger.
ledgers: list[Callable[[Case], bool]] = []


def lacks_own_consent(case: Case) -> bool:
    """Whether somebody else filed, and the person themself has not yet allowed anything. Opens STORY.

    One query for each ledger, and none where the person wrote.
    """
    return case.help_request.answers.get("submitter") in FILERS and not any(has_given(case) for has_given in ledgers)


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
        if not lacks_own_consent(case):
            return None
        answers = case.help_request.answers
        has_own_code = Audience.PERSON in audiences_of(case.help_request)
        return cls(value_in_words("submitter", answers["submitter"], language=""), answers.get("person_knows"), has_own_code)
