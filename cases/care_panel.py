"""What the case page knows about hard reading: how the account and each answer stand covered, and who reads in whose place."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cases import actions, covering, need_to_know, permissions
from cases.care import Covered, Kind, marks_in, warnings_of
from cases.models import Case, NamedPlaces, SecondReading
from cases.need_to_know import Depth
from cases.timeline import Said
from intake.models import Answer
from rainbowrail.accounts.models import User
from rainbowrail.actors import Actor


@dataclass(frozen=True, slots=True)
class CareOfCase:
    """`account` is the person's own words; `reading` who reads them in somebody's place; then the buttons that would work."""

    case: Case
    account: Covered
    of_answer: Callable[[UUID], Covered]
    reading: SecondReading | None
    may_pass: bool
    may_mark: bool

    @classmethod
    def of(cls, case: Case, told: Mapping[str, Any], *, user: User, shown: Collection[str]) -> "CareOfCase":
        """Two queries: the marks, and the open reading of the account. Opens nothing; `told` was opened by the page."""
        marks = marks_in(case)

        def of_answer(answer_id: UUID) -> Covered:
            return Covered.of(answer_id, warnings=[], marks=marks, wish=user.cover, shown=shown)

        account = Covered.of(case.help_request_id, warnings=warnings_of(told), marks=marks, wish=user.cover, shown=shown)
        reading = SecondReading.objects.open().filter(case=case, file_id=None).select_related("passed_to").first()
        may_pass = reading is None and permissions.allows(permissions.check_work_on, user.actor, case)
        may_mark = need_to_know.depth_of(case, user.actor) >= Depth.CONTENTS
        return cls(case, account, of_answer, reading, may_pass, may_mark)

    @property
    def own_words(self) -> str:
        """The person's own words: as they are for who reads the case, on a card without what says who it is. Opens STORY."""
        words = self.case.help_request.own_words
        return words if self.may_mark else str(on_card(self.case, {"own_words": words})["own_words"])

    def record_opened(self, conversation: Collection[Said], *, by: Actor) -> None:
        """Put on record what hard things this page shows openly: one line each, none for a page without."""
        if self.account.is_open_and_hard and self.case.help_request.own_words:
            actions.note_hard_opened(self.case.help_request, case=self.case, kind=Kind.ACCOUNT, by=by)
        for said in conversation:
            if said.cover and said.cover.is_open_and_hard:
                answer = Answer(pk=said.cover.thing_id)  # its name for the trail; nothing is read or written
                actions.note_hard_opened(answer, case=self.case, kind=Kind.ACCOUNT, by=by)


def on_card(case: Case, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the person stated with all covered, in free texts, that says who they are. One query for each case that a
    page holds, however often it is asked; opens CASEWORK."""
    row: NamedPlaces | None = getattr(case, "named_places", None)
    places: Mapping[str, Any] = row.places if row is not None else {}
    return {
        key: covering.cover(value, places.get(key, ())) if key in covering.FREE and isinstance(value, str) else value
        for key, value in told.items()
    }
