"""What is kept apart: each compartment of a subject has its own data key, opened and destroyed on its own."""

from enum import StrEnum


class Compartment(StrEnum):
    """The five drawers. The value stands in the database and inside sealed wraps: it never changes."""

    IDENTITY = "identity"
    STORY = "story"
    CONVERSATION = "conversation"
    CASEWORK = "casework"
    EVIDENCE = "evidence"


SENTENCES: dict[Compartment, str] = {
    Compartment.IDENTITY: "Names, contact, birth, document numbers. Opening it is its own permission and audit verb.",
    Compartment.STORY: "What a person told us: the answers and their own words.",
    Compartment.CONVERSATION: "What staff write to a person; the return code opens this compartment and no other.",
    Compartment.CASEWORK: "What staff write about a case: notes, assessments, reasons of a score. The subject is the case.",
    Compartment.EVIDENCE: "Files. Each has a key of its own, wrapped under the person's evidence key.",
}
