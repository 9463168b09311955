from cases.models.assessment import Assessment
from cases.models.case import Case
from cases.models.case_move import CaseMove
from cases.models.note import Note
from cases.models.possible_duplicate import PossibleDuplicate
from cases.models.urgency_score import UrgencyScore

__all__ = ["Assessment", "Case", "CaseMove", "Note", "PossibleDuplicate", "UrgencyScore"]
