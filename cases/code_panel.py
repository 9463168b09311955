"""What the case page says about return codes and about stopped contact, and what this reader may do about it."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from cases import permissions
from cases.models import Case, NewCode
from intake.models import ContactStop
from intake.states import StopReason
from rainbowrail.actors import Actor


@dataclass(frozen=True, slots=True)
class CodePanel:
    """The latest code that staff gave, or are about to give, on this case."""

    latest: NewCode | None
    is_under_way: bool
    may_begin: bool
    may_allow: bool
    may_refuse: bool
    may_make: bool

    @classmethod
    def of(cls, case: Case, *, by: Actor) -> "CodePanel":
        """One query."""
        found = NewCode.objects.filter(case=case).select_related("checked_by", "allowed_by", "made_by").first()
        under_way = found is not None and found.made_at is None and found.refused_at is None
        may_give = case.is_open and permissions.allows(permissions.check_give_code, by, case)
        may_allow = case.is_open and permissions.allows(permissions.check_allow_code, by, case)
        is_mine = found is not None and found.checked_by_id == by.staff_id
        waits = under_way and found is not None and found.needs_second
        return cls(
            latest=found,
            is_under_way=under_way,
            may_begin=may_give and not under_way,
            may_allow=may_allow and waits and not is_mine,
            may_refuse=case.is_open and under_way and (may_allow or is_mine),
            may_make=may_give and under_way and not waits,
        )


@dataclass(frozen=True, slots=True)
class StopPanel:
    """Whether contact is stopped, since when and why (sealed), and who may change that."""

    is_stopped: bool
    is_duress: bool
    why: str | Promise
    reason: str
    stopped_on: date | None
    last_on: date | None
    may_stop: bool
    may_resume: bool

    @classmethod
    def of(cls, case: Case, *, by: Actor) -> "StopPanel":
        """One query. Opens STORY when contact is stopped."""
        stop = ContactStop.objects.filter(help_request_id=case.help_request_id, lifted_on=None).first()
        may_stop = permissions.allows(permissions.check_stop_contact, by, case)
        if stop is None:
            return cls(False, False, "", "", None, None, may_stop, False)
        stop.help_request = case.help_request
        why = StopReason(stop.told["why"])
        return cls(
            is_stopped=True,
            is_duress=why is StopReason.DURESS,
            why=why.label,
            reason=stop.told["reason"],
            stopped_on=stop.stopped_on,
            last_on=stop.last_on,
            may_stop=False,
            may_resume=permissions.allows(permissions.check_resume_contact, by, case),
        )
