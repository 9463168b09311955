"""Invented lives of cases: when a request came, where it went since, who has it. Pure; the same seed gives the same life."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cases.states import CaseState, CloseReason
from cases.urgency.bands import Band

S = CaseState
HOUR, DAY = 1.0, 24.0  # all spans below are in hours
# The aim of each band (domain.md): how long a case of it usually stays open.
AIM = {Band.EMERGENCY: 7 * DAY, Band.URGENT: 42 * DAY, Band.ELEVATED: 180 * DAY, Band.NORMAL: 365 * DAY}
# Chance of each stage by the age of the case, as a share of its aim: young cases wait, old ones are mostly closed.
STAGES_BY_AGE: tuple[tuple[float, dict[CaseState, float]], ...] = (
    (0.02, {S.RECEIVED: 0.7, S.IN_REVIEW: 0.3}),
    (0.15, {S.RECEIVED: 0.06, S.IN_REVIEW: 0.5, S.VERIFIED: 0.24, S.IN_SUPPORT: 0.1, S.CLOSED: 0.1}),
    (0.6, {S.IN_REVIEW: 0.07, S.VERIFIED: 0.13, S.IN_SUPPORT: 0.4, S.READY: 0.1, S.REFERRED: 0.1, S.CLOSED: 0.2}),
    (1.0, {S.IN_REVIEW: 0.01, S.IN_SUPPORT: 0.3, S.READY: 0.06, S.REFERRED: 0.2, S.OUTCOME: 0.08, S.CLOSED: 0.35}),
    (1.5, {S.IN_SUPPORT: 0.06, S.READY: 0.01, S.REFERRED: 0.06, S.OUTCOME: 0.04, S.CLOSED: 0.83}),
    (float("inf"), {S.IN_SUPPORT: 0.004, S.REFERRED: 0.01, S.OUTCOME: 0.006, S.CLOSED: 0.98}),
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
# How long each move takes after the one before, on average; a claim, a verification and a plan within the clocks of the band.
PACE: dict[Band, dict[str, float]] = {
    Band.EMERGENCY: {"claim": HOUR, "verify": HOUR, "plan_support": 12 * HOUR, "mark_ready": 12 * HOUR, "refer": DAY},
    Band.URGENT: {"claim": 8 * HOUR, "verify": 14 * HOUR, "plan_support": 3 * DAY, "mark_ready": 3 * DAY, "refer": 5 * DAY},
    Band.ELEVATED: {"claim": DAY, "verify": 2 * DAY, "plan_support": 12 * DAY, "mark_ready": 12 * DAY, "refer": 20 * DAY},
    Band.NORMAL: {"claim": 2 * DAY, "verify": 3 * DAY, "plan_support": 14 * DAY, "mark_ready": 14 * DAY, "refer": 30 * DAY},
}
PACE_OF_OTHERS = 30 * DAY
OLDEST = 700 * DAY
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


def invent_arrival(random: Random, *, mean_age: float, now: datetime) -> datetime:
    """Return the hour (UTC) in which an invented request came, `mean_age` days ago on average."""
    age = timedelta(hours=min(random.expovariate(1 / (mean_age * DAY)), OLDEST))
    return (now - age).replace(minute=0, second=0, microsecond=0)


def invent_life(random: Random, *, received_at: datetime, band: Band, now: datetime) -> Life:
    """Return an invented life that began with a request of this urgency and ends in the present."""
    age = max((now - received_at) / timedelta(hours=1), 0.0)
    chances = next(chances for share, chances in STAGES_BY_AGE if age < share * AIM[band])
    state = random.choices(list(chances), weights=list(chances.values()))[0]
    reason: CloseReason | None = None
    path = PATHS.get(state, ())
    if state is S.CLOSED:
        reason, came_from = random.choice(CLOSINGS)
        path = (*PATHS[came_from], ("close", S.CLOSED))
    steps: list[Step] = []
    left = S.RECEIVED
    for (name, entered), at in zip(path, _moments(random, path, received_at, age, PACE[band]), strict=True):
        steps.append(Step(name, left, entered, at))
        left = entered
    waits = state in {S.IN_REVIEW, S.VERIFIED, S.IN_SUPPORT} and random.random() < WAITING_SHARE
    return Life(received_at, state, tuple(steps), reason, waits)


def _moments(
    random: Random, path: tuple[tuple[str, CaseState], ...], received_at: datetime, age: float, pace: dict[str, float]
) -> list[datetime]:
    """Return when each move was made, in order; a life that would reach beyond the present went faster."""
    gone, offsets = 0.0, []
    for name, _entered in path:
        gone += random.expovariate(1 / pace.get(name, PACE_OF_OTHERS))
        offsets.append(gone)
    squeeze = min(1.0, age * random.uniform(0.5, 0.95) / gone) if gone else 1.0
    return [received_at + timedelta(hours=offset * squeeze) for offset in offsets]
