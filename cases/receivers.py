"""Hears intake, inside the drain's transaction: whatever fails here rolls the delivery back, so that nobody is lost."""

from typing import Any
from uuid import UUID

from cases import actions
from intake.models import Answer, HelpRequest
from intake.signals import answer_received, help_request_submitted, person_reindexed


def listen() -> None:
    """Connect the receivers; CasesConfig.ready calls this once."""
    help_request_submitted.connect(open_case_of, dispatch_uid="cases.open_case")
    answer_received.connect(wake_case_of, dispatch_uid="cases.wake_case")
    person_reindexed.connect(compare_person_again, dispatch_uid="cases.compare_again")


def open_case_of(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    actions.open_case(help_request)


def wake_case_of(sender: object, *, answer: Answer, **kwargs: Any) -> None:
    actions.hear_answer(answer)


def compare_person_again(sender: object, *, person_id: UUID, **kwargs: Any) -> None:
    actions.compare_again(person_id)
