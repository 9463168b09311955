"""The state of all work in numbers, never a case: for managers, leads and auditors, who need no contents for it.

    Figures.of(actor)  ->  bands, stages, weeks, how long somebody waited to be read, countries, endings

Counted are the cases that are not hidden from whoever asks, so that the numbers agree with the lists they may open. A country
with fewer than FEWEST requests is not named, and the page tells no smaller number of what is over: it could be about somebody.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Aggregate, Count, DurationField, F, Min, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from cases.models import Case, Suspicion
from cases.need_to_know import hidden_from
from cases.queries import UNCLAIMED, CaseQuerySet
from cases.states import OPEN_STATES, CaseState, CloseReason, Looked
from cases.urgency.bands import Band
from rainbowrail.actors import Actor

FEWEST: Final = 5
WEEKS: Final = 8
DAYS_OF_COUNTRIES: Final = 7
MOST_COUNTRIES: Final = 12


class Percentile(Aggregate):
    """The value below which this share of the rows lies, between two rows if need be: PostgreSQL's PERCENTILE_CONT."""

    template = "PERCENTILE_CONT(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True, slots=True)
class BandNow:
    """Open cases of a band: all, those nobody has taken, the first of these, and those of which a clock ran out."""

    band: Band
    open: int = 0
    unclaimed: int = 0
    oldest: datetime | None = None
    late: int = 0


@dataclass(frozen=True, slots=True)
class StageNow:
    """Open cases in a stage: all, those that wait for the person, and those that slip."""

    state: CaseState
    open: int = 0
    for_person: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """What came and went in a week that begins on this Monday, in the organisation's time zone."""

    begins: date
    received: int = 0
    referred: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """How long the requests of a band waited until somebody read them: half of them less than `half`, nine of ten less than
    `most`. Both None for fewer than FEWEST read."""

    band: Band
    received: int = 0
    read: int = 0
    half: timedelta | None = None
    most: timedelta | None = None


@dataclass(frozen=True, slots=True)
class FromCountry:
    """Requests from a country in seven days, and in the seven before; `country` None for all that are not listed."""

    country: str | None
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Ending:
    reason: CloseReason
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`set_aside` waits for a second look and is in no band; `since` is the first Monday of the weeks."""

    bands: list[BandNow]
    set_aside: int
    stages: list[StageNow]
    weeks: list[Week]
    readings: list[Reading]
    countries: list[FromCountry]
    endings: list[Ending]
    since: date

    @classmethod
    def of(cls, actor: Actor, *, at: datetime | None = None) -> "Figures":
        """Count. Eight queries, each over open cases or over an index of days."""
        at = at or timezone.now()
        seen = Case.objects.exclude(hidden_from(actor)).order_by()
        since = _monday(at) - timedelta(weeks=WEEKS - 1)
        closed = list(_closed(seen, since))
        return cls(
            bands=_bands(seen, at),
            set_aside=Suspicion.objects.filter(verdict=Looked.OPEN, case__in=seen.filter(UNCLAIMED)).count(),
            stages=_stages(seen, at),
            weeks=_weeks(seen, since, closed),
            readings=_readings(seen, since),
            countries=_countries(seen, at),
            endings=_endings(closed),
            since=since,
        )


def _bands(seen: CaseQuerySet, at: datetime) -> list[BandNow]:
    rows = (
        seen.waiting()
        .without_set_aside(at=at)
        .values("band")
        .annotate(
            open=Count("pk"),
            unclaimed=Count("pk", filter=UNCLAIMED),
            oldest=Min("received_at", filter=UNCLAIMED),
            late=Count("pk", filter=Q(due_at__lte=at)),
        )
        .values_list("band", "open", "unclaimed", "oldest", "late")
    )
    found = {band: BandNow(Band(band), *counts) for band, *counts in rows}
    return [found.get(band, BandNow(band)) for band in Band]


def _stages(seen: CaseQuerySet, at: datetime) -> list[StageNow]:
    rows = (
        seen.waiting()
        .values("state")
        .annotate(
            open=Count("pk"),
            for_person=Count("pk", filter=Q(waiting_since__isnull=False)),
            late=Count("pk", filter=Q(due_at__lte=at) | Q(next_step_on__lt=at.date())),
        )
        .values_list("state", "open", "for_person", "late")
    )
    found = {state: StageNow(CaseState(state), *counts) for state, *counts in rows}
    return [found.get(state, StageNow(state)) for state in OPEN_STATES]


def _weeks(seen: CaseQuerySet, since: date, closed: list[dict[str, Any]]) -> list[Week]:
    counts: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in _by_week(seen.filter(received_at__gte=_midnight(since)), "received_at"):
        counts[row["week"].date()]["received"] += row["count"]
    for row in _by_week(seen.filter(referred_on__gte=since), "referred_on", zoned=False):
        counts[row["week"]]["referred"] += row["count"]
    for row in closed:
        counts[row["week"].date()]["closed"] += row["count"]
    mondays = (since + timedelta(weeks=number) for number in range(WEEKS))
    return [Week(monday, **counts[monday]) for monday in mondays]


def _by_week(rows: CaseQuerySet, column: str, *also: str, zoned: bool = True) -> Iterator[dict[str, Any]]:
    week = TruncWeek(column, tzinfo=_zone()) if zoned else TruncWeek(column)
    yield from rows.annotate(week=week).values("week", *also).annotate(count=Count("pk"))


def _closed(seen: CaseQuerySet, since: date) -> Iterator[dict[str, Any]]:
    return _by_week(seen.closed().filter(closed_at__gte=_midnight(since)), "closed_at", "close_reason")


def _endings(closed: list[dict[str, Any]]) -> list[Ending]:
    counts: dict[str, int] = defaultdict(int)
    for row in closed:
        counts[row["close_reason"]] += row["count"]
    endings = [Ending(CloseReason(reason), count) for reason, count in counts.items()]
    return sorted(endings, key=lambda ending: (-ending.count, ending.reason))


def _readings(seen: CaseQuerySet, since: date) -> list[Reading]:
    waited = F("first_read_at") - F("received_at")
    was_read = Q(first_read_at__isnull=False)
    rows = (
        seen.filter(received_at__gte=_midnight(since))
        .values("band")
        .annotate(
            received=Count("pk"),
            read=Count("pk", filter=was_read),
            half=Percentile(waited, share=0.5, filter=was_read),
            most=Percentile(waited, share=0.9, filter=was_read),
        )
        .values_list("band", "received", "read", "half", "most")
    )
    found = {}
    for band, received, read, half, most in rows:
        enough = read >= FEWEST
        found[band] = Reading(Band(band), received, read, half if enough else None, most if enough else None)
    return [found.get(band, Reading(band)) for band in Band]


def _countries(seen: CaseQuerySet, at: datetime) -> list[FromCountry]:
    """Return the countries with most requests of late; the last line is all others, where there are any."""
    began, before = at - timedelta(days=DAYS_OF_COUNTRIES), at - timedelta(days=2 * DAYS_OF_COUNTRIES)
    rows = (
        seen.filter(received_at__gte=before, received_at__lte=at)
        .values("country")
        .annotate(now=Count("pk", filter=Q(received_at__gt=began)), before=Count("pk", filter=Q(received_at__lte=began)))
        .order_by("-now", "-before", "country")
    )
    listed: list[FromCountry] = []
    others = FromCountry(None, 0, 0)
    for row in rows:
        if row["country"] and row["now"] >= FEWEST and len(listed) < MOST_COUNTRIES:
            listed.append(FromCountry(**row))
        else:
            others = FromCountry(None, others.now + row["now"], others.before + row["before"])
    return [*listed, others] if others.now or others.before else listed


def _monday(at: datetime) -> date:
    today = at.astimezone(_zone()).date()
    return today - timedelta(days=today.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.ORGANISATION_TIME_ZONE)
