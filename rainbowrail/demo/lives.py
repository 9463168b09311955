"""Invented lives of cases: when a request came, where it went since, who has it. Pure; the same seed gives the same life."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cases.states import CaseState, CloseReason

S = CaseState
# Chance of each stage by age of the case: young cases wait, old ones are mostly closed.
STAGES_BY_AGE: tuple[tuple[float, dict[CaseState, float]], ...] = (
    (2, {S.RECEIVED: 0.75, S.IN_REVIEW: 0.25}),
    (14, {S.RECEIVED: 0.15, S.IN_REVIEW: 0.5, S.VERIFIED: 0.2, S.IN_SUPPORT: 0.05, S.CLOSED: 0.1}),
    (60, {S.IN_REVIEW: 0.2, S.VERIFIED: 0.18, S.IN_SUPPORT: 0.3, S.READY: 0.08, S.REFERRED: 0.06, S.CLOSED: 0.18}),
    (float("inf"), {S.IN_REVIEW: 0.03, S.IN_SUPPORT: 0.17, S.READY: 0.04, S.REFERRED: 0.1, S.OUTCOME: 0.06, S.CLOSED: 0.6}),
)
# The moves that lead to each stage; a closed case has gone a part of the way before.
PATHS: dict[CaseState, tuple[tuple[str, CaseState], ...]] = {
    S.RECEIVED: (),
    S.IN_REVIEW: (("claim", S.IN_REVIEW),),
    S.VERIFIED: (("claim", S.IN_REVIEW), ("verify", S.VERIFIED)),
    S.IN_SUPPORT: (("claim", S.IN_REVIEW), ("verify", S.VERIFIED), ("plan_support", S.IN_SUPPORT)),
    S.READY: (("claim", S.IN_REVIEW), ("verify", S.VERIFIED), ("mark_ready", S.READY)),
}
PATHS[S.REFERRED] = (*PATHS[S.READY], ("refer", S.REFERRED))
PATHS[S.OUTCOME] = (*PATHS[S.REFERRED], ("record_outcome", S.OUTCOME))
CLOSINGS: tuple[tuple[CloseReason, CaseState], ...] = (
    (CloseReason.INFORMED, S.IN_REVIEW),
    (CloseReason.INFORMED, S.IN_REVIEW),
    (CloseReason.UNREACHABLE, S.IN_REVIEW),
    (CloseReason.OUT_OF_SCOPE, S.IN_REVIEW),
    (CloseReason.HELPED, S.IN_SUPPORT),
    (CloseReason.HELPED, S.IN_SUPPORT),
    (CloseReason.RESETTLED, S.OUTCOME),
)
MEAN_AGE_DAYS, OLDEST_DAYS = 110.0, 700.0
WAITING_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Step:
    """One move that was made: its name, the stages it left and entered, when."""

    name: str
    left: CaseState
    entered: CaseState
    at: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """What became of one request until now. `received_at` is cut to the hour (UTC)."""

    received_at: datetime
    state: CaseState
    steps: tuple[Step, ...]
    close_reason: CloseReason | None
    waits_for_applicant: bool


def invent_life(random: Random, *, now: datetime) -> Life:
    """Return an invented life that ends in the present."""
    age_days = min(random.expovariate(1 / MEAN_AGE_DAYS), OLDEST_DAYS)
    received = (now - timedelta(days=age_days)).replace(minute=0, second=0, microsecond=0)
    chances = next(chances for limit, chances in STAGES_BY_AGE if age_days < limit)
    state = random.choices(list(chances), weights=list(chances.values()))[0]
    reason: CloseReason | None = None
    path = PATHS.get(state, ())
    if state is S.CLOSED:
        reason, came_from = random.choice(CLOSINGS)
        path = (*PATHS[came_from], ("close", S.CLOSED))
    moments = sorted(received + (now - received) * random.random() for _ in path)
    steps: list[Step] = []
    left = S.RECEIVED
    for (name, entered), at in zip(path, moments, strict=True):
        steps.append(Step(name, left, entered, at))
        left = entered
    waits = state in {S.IN_REVIEW, S.VERIFIED, S.IN_SUPPORT} and random.random() < WAITING_SHARE
    return Life(received, state, tuple(steps), reason, waits)
