from cases.models.access_request import AccessRequest
from cases.models.assessment import Assessment
from cases.models.case import Case
from cases.models.case_move import CaseMove
from cases.models.dismissal import Dismissal
from cases.models.erasure_plan import ErasurePlan, Postponement
from cases.models.erasure_proposal import ErasureProposal
from cases.models.hard_mark import HardMark
from cases.models.named_places import NamedPlaces
from cases.models.new_code import NewCode
from cases.models.note import Note
from cases.models.partner import CaseOrigin, ImportedRow, PartnerCode, PartnerOrganisation
from cases.models.possible_duplicate import PossibleDuplicate
from cases.models.restriction import Restriction
from cases.models.second_reading import SecondReading
from cases.models.slot import Slot
from cases.models.suspicion import Suspicion
from cases.models.text_print import TextPrint
from cases.models.unsaved_text import UnsavedText
from cases.models.urgency_score import UrgencyScore

__all__ = [
    "AccessRequest",
    "Assessment",
    "Case",
    "CaseMove",
    "CaseOrigin",
    "Dismissal",
    "ErasurePlan",
    "ErasureProposal",
    "HardMark",
    "ImportedRow",
    "NamedPlaces",
    "NewCode",
    "Note",
    "PartnerCode",
    "PartnerOrganisation",
    "PossibleDuplicate",
    "Postponement",
    "Restriction",
    "SecondReading",
    "Slot",
    "Suspicion",
    "TextPrint",
    "UnsavedText",
    "UrgencyScore",
]
