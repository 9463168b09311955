"""What intake does when it hears its own news, in the worker and in the transaction that opens the delivery."""

from __future__ import annotations

from typing import Any

from intake import contact_plans, finding
from intake.models import HelpRequest
from intake.signals import help_request_submitted
from rainbowrail.crypto import blind_index


def listen() -> None:
    """Connect the receivers and say how the index is rebuilt; IntakeConfig.ready calls it, outside the public process."""
    help_request_submitted.connect(index_person_of, dispatch_uid="intake.index_person")
    help_request_submitted.connect(show_plan_of, dispatch_uid="intake.show_plan")
    finding.sources.append(contact_plans.said_of)
    blind_index.rebuilders["people"] = finding.rebuild


def index_person_of(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    finding.reindex_person(help_request.person_id)


def show_plan_of(sender: object, *, help_request: HelpRequest, **kwargs: Any) -> None:
    contact_plans.show(help_request)
