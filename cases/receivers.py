"""Hears intake, inside the drain's transaction: whatever fails here rolls the delivery back, so that nobody is lost."""

from typing import Any

from cases import actions
from intake.models import Answer, HelpRequest
from intake.signals import answer_received, help_request_submitted


def listen() -> None:
    """Connect the receivers; CasesConfig.ready calls this once."""
    help_request_submitted.connect(open_case_of, dispatch_uid="cases.open_case")
    answer_received.connect(wake_case_of, dispatch_uid="cases.wake_case")


def open_case_of(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    actions.open_case(help_request)


def wake_case_of(sender: object, *, answer: Answer, **kwargs: Any) -> None:
    actions.hear_answer(answer)
