"""What the case page says about who may see the case, and what this reader may do about it."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from cases import need_to_know, permissions
from cases.models import AccessRequest, Case, Restriction
from cases.need_to_know import Depth
from rainbowrail.actors import Actor


@dataclass(frozen=True, slots=True)
class AccessPanel:
    """`requests`: those that wait or are open, for owner, officer and leads. `hidden_from`: for leads. `mine`: the reader's."""

    requests: list[AccessRequest]
    hidden_from: list[Restriction]
    mine: AccessRequest | None
    sees_access: bool
    may_ask: bool
    may_restrict: bool
    may_declare: bool
    may_decide: bool

    @property
    def has_news(self) -> bool:
        """Whether anything differs from what holds for every case, so that the panel stands open."""
        return bool(self.requests or self.hidden_from or self.mine or self.may_ask)

    @classmethod
    def of(cls, case: Case, *, by: Actor) -> "AccessPanel":
        """Two queries at most. Opens CASEWORK where there is something to see: reasons are sealed."""
        allows = permissions.allows
        sees = allows(permissions.check_see_access, by, case)
        may_restrict = allows(permissions.check_restrict, by, case)
        live = AccessRequest.objects.filter(Q(ends_at=None, refused_at=None) | Q(ends_at__gt=timezone.now()), case=case)
        requests = list(live.select_related("person", "decided_by"))
        hidden = Restriction.objects.filter(case=case, lifted_at=None).select_related("person", "set_by")
        return cls(
            requests=requests if sees else [],
            hidden_from=list(hidden) if may_restrict else [],
            mine=next((one for one in requests if one.person_id == by.staff_id), None),
            sees_access=sees,
            may_ask=allows(permissions.check_ask_access, by, case),
            may_restrict=may_restrict,
            may_declare=need_to_know.depth_of(case, by) > Depth.OUTLINE,
            may_decide=allows(permissions.check_decide_access, by, case),
        )
