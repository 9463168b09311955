"""The tables of the applicant's side. None has a foreign key to a staff table (docs/decisions/0040)."""

from intake.models.answer import Answer
from intake.models.consent_offer import ConsentOffer
from intake.models.contact_plan import ContactPlan, ShownPlan
from intake.models.contact_stop import ContactStop
from intake.models.delivery import Delivery
from intake.models.draft import Draft
from intake.models.evidence import CleanCopy, Evidence, EvidencePart
from intake.models.help_request import HelpRequest
from intake.models.household import HouseholdMember
from intake.models.index_entry import CommonNumber, IndexEntry
from intake.models.message import Message
from intake.models.request_status import RequestStatus
from intake.models.return_code import ReturnCode
from intake.models.visit import Visit

__all__ = [
    "Answer",
    "CleanCopy",
    "CommonNumber",
    "ConsentOffer",
    "ContactPlan",
    "ContactStop",
    "Delivery",
    "Draft",
    "Evidence",
    "EvidencePart",
    "HelpRequest",
    "HouseholdMember",
    "IndexEntry",
    "Message",
    "RequestStatus",
    "ReturnCode",
    "ShownPlan",
    "Visit",
]
