"""What in the trail is worth a question: more than the person's own habit, at night, outside their own cases, in the dark.

    found(until=day)  ->  Finding(pattern, staff_id, when, count, usual), the strongest of each pattern first

A finding is a question, never a verdict: a surge, a night shift or a handed-over case explains most of them. Habit is the mean
of the person's own active days (or hours) in the four weeks before; whoever has none is measured by the floor alone. Nights are
those of the organisation's time zone. All is counted in the database; what comes back is a few rows a person and day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, TextChoices
from django.db.models.functions import ExtractHour, TruncDay, TruncHour
from django.utils.translation import gettext_lazy as _

from rainbowrail.actors import ActorKind
from rainbowrail.audit import references
from rainbowrail.audit.kinds import Kind, verbs_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.queries import AuditEventQuerySet
from rainbowrail.audit.verbs import KernelVerb

DAYS_SHOWN: Final = 7
DAYS_OF_HABIT: Final = 28
TIMES_HABIT: Final = 3
CASES_AN_HOUR: Final = 15
CASES_A_DAY: Final = 40
CASES_AT_NIGHT: Final = 3
CASES_OUTSIDE: Final = 8
CASES_TAKEN: Final = 10
SEARCHES_IN_VAIN: Final = 5
CASES_IN_LISTS: Final = 200
REFUSALS_A_DAY: Final = 10
SIGN_INS_FAILED: Final = 5
NIGHT: Final = (22, 6)  # from ten in the evening to six in the morning
MOST_SHOWN: Final = 25


class Pattern(TextChoices):
    GLASS_REFUSED = "glass_refused", _("Wanted to break the glass once too often")
    GLASS = "glass", _("Broke the glass")
    OUT = "out", _("Took something out")
    HOUR = "hour", _("Opened many cases in one hour")
    DAY = "day", _("Opened many cases in one day")
    NIGHT = "night", _("Opened cases at night")
    OUTSIDE = "outside", _("Opened cases that are not their own")
    TAKEN = "taken", _("Took many cases in one day")
    LISTED = "listed", _("Went through many cases in lists")
    IN_VAIN = "in_vain", _("Searched for people and found nobody")
    REFUSED = "refused", _("Was refused again and again")
    SIGN_IN = "sign_in", _("Somebody did not get in under their name")


KIND_BEHIND: Final[Mapping[Pattern, Kind]] = {
    Pattern.GLASS_REFUSED: Kind.GLASS,
    Pattern.GLASS: Kind.GLASS,
    Pattern.OUT: Kind.OUT,
    Pattern.HOUR: Kind.LOOK,
    Pattern.DAY: Kind.LOOK,
    Pattern.NIGHT: Kind.LOOK,
    Pattern.OUTSIDE: Kind.LOOK,
    Pattern.TAKEN: Kind.WORK,
    Pattern.LISTED: Kind.LIST,
    Pattern.IN_VAIN: Kind.SEARCH,
    Pattern.REFUSED: Kind.REFUSED,
    Pattern.SIGN_IN: Kind.SIGN_IN,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`when` is the beginning of the hour, or of the day; `usual` is the person's own mean, None without a habit."""

    pattern: Pattern
    staff_id: int
    when: datetime
    count: int
    usual: float | None = None


def found(*, until: date, days: int = DAYS_SHOWN) -> list[Finding]:
    """Return what stands out in the days up to `until`, inclusive, at most 25 of each pattern. Twelve queries."""
    zone = ZoneInfo(settings.ORGANISATION_TIME_ZONE)
    end = datetime.combine(until, time.max, zone)
    begin = datetime.combine(until - timedelta(days=days - 1), time.min, zone)
    every = [
        *_simple(Pattern.GLASS_REFUSED, begin, end, zone, Q(verb__endswith=".glass_refused"), floor=1),
        # Asking a lead is the proper way, and answering is a lead's work: only the broken glass itself stands out.
        *_simple(Pattern.GLASS, begin, end, zone, Q(verb__endswith=".glass_broken"), floor=1),
        *_simple(Pattern.OUT, begin, end, zone, Q(), floor=1),
        *_beyond_habit(Pattern.HOUR, begin, end, zone, CASES_AN_HOUR),
        *_beyond_habit(Pattern.DAY, begin, end, zone, CASES_A_DAY),
        *_at_night(begin, end, zone),
        *_outside(begin, end, zone),
        # Whoever takes a case, as its owner or its officer, may open who the person is.
        *_beyond_habit(
            Pattern.TAKEN, begin, end, zone, CASES_TAKEN, Q(verb__endswith=".claimed") | Q(verb__endswith=".officer_taken")
        ),
        *_beyond_habit(Pattern.LISTED, begin, end, zone, CASES_IN_LISTS),
        *_simple(Pattern.REFUSED, begin, end, zone, Q(), floor=REFUSALS_A_DAY),
        *_not_let_in(begin, end, zone),
        *_simple(Pattern.IN_VAIN, begin, end, zone, Q(detail__found=0), floor=SEARCHES_IN_VAIN),
    ]
    kept: list[Finding] = []
    for pattern in Pattern:
        of_it = sorted((one for one in every if one.pattern is pattern), key=lambda one: (-one.count, one.staff_id, one.when))
        kept += of_it[:MOST_SHOWN]
    return kept


def _acts(*kinds: Kind, begin: datetime, end: datetime) -> AuditEventQuerySet:
    of_kind: AuditEventQuerySet = AuditEvent.objects.filter(
        verb__in=verbs_of(*kinds), actor_kind=ActorKind.STAFF, at__gte=begin.astimezone(UTC), at__lte=end.astimezone(UTC)
    )
    return of_kind.order_by()


def _simple(pattern: Pattern, begin: datetime, end: datetime, zone: ZoneInfo, only: Q, *, floor: int) -> Iterator[Finding]:
    """Count acts a person and day."""
    rows = (
        _acts(KIND_BEHIND[pattern], begin=begin, end=end)
        .filter(only)
        .annotate(when=TruncDay("at", tzinfo=zone))
        .values("actor_id", "when")
        .annotate(count=Count("pk"))
        .filter(count__gte=floor)
    )
    yield from (Finding(pattern, row["actor_id"], row["when"], row["count"]) for row in rows)


def _not_let_in(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Finding]:
    """Count tries that failed, a day and account: whoever it was, nobody was signed in, so the line names the account only."""
    rows = (
        AuditEvent.objects.filter(verb=KernelVerb.SIGN_IN_FAILED, at__gte=begin.astimezone(UTC), at__lte=end.astimezone(UTC))
        .exclude(thing_id="")
        .order_by()
        .annotate(when=TruncDay("at", tzinfo=zone))
        .values("thing_id", "when")
        .annotate(count=Count("pk"))
        .filter(count__gte=SIGN_INS_FAILED)
    )
    yield from (Finding(Pattern.SIGN_IN, int(row["thing_id"]), row["when"], row["count"]) for row in rows)


def _beyond_habit(
    pattern: Pattern, begin: datetime, end: datetime, zone: ZoneInfo, floor: int, only: Q | None = None
) -> Iterator[Finding]:
    """Count different cases opened a person and span, and keep those above the floor and three times the person's own mean."""
    truncated = TruncHour("at", tzinfo=zone) if pattern is Pattern.HOUR else TruncDay("at", tzinfo=zone)
    rows = list(
        _acts(KIND_BEHIND[pattern], begin=begin - timedelta(days=DAYS_OF_HABIT), end=end)
        .filter(only or Q(), case_id__isnull=False)
        .annotate(when=truncated)
        .values("actor_id", "when")
        .annotate(count=Count("case_id", distinct=True))
    )
    habits = _means((row["actor_id"], row["count"]) for row in rows if row["when"] < begin)
    for row in rows:
        usual = habits.get(row["actor_id"])
        if row["when"] >= begin and row["count"] >= max(floor, TIMES_HABIT * (usual or 0)):
            yield Finding(pattern, row["actor_id"], row["when"], row["count"], usual)


def _at_night(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Finding]:
    """Count different cases opened or listed at night a person and day; hours after midnight belong to the day they are in."""
    rows = list(
        _acts(Kind.LOOK, Kind.LIST, begin=begin - timedelta(days=DAYS_OF_HABIT), end=end)
        .filter(case_id__isnull=False)
        .annotate(hour=ExtractHour("at", tzinfo=zone))
        .filter(Q(hour__gte=NIGHT[0]) | Q(hour__lt=NIGHT[1]))
        .annotate(when=TruncDay("at", tzinfo=zone))
        .values("actor_id", "when")
        .annotate(count=Count("case_id", distinct=True))
    )
    nights: dict[int, int] = defaultdict(int)
    for row in rows:
        nights[row["actor_id"]] += row["when"] < begin
    for row in rows:
        if row["when"] >= begin and row["count"] >= CASES_AT_NIGHT:
            yield Finding(Pattern.NIGHT, row["actor_id"], row["when"], row["count"], nights[row["actor_id"]])


def _outside(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Finding]:
    """Count cases opened a person and day that somebody else owns, and keep those above the floor and the person's own mean."""
    pairs = list(
        _acts(Kind.LOOK, begin=begin - timedelta(days=DAYS_OF_HABIT), end=end)
        .filter(case_id__isnull=False)
        .annotate(when=TruncDay("at", tzinfo=zone), case=F("case_id"))
        .values_list("actor_id", "when", "case")
        .distinct()
    )
    owners = references.owners({case for _actor, _when, case in pairs})
    counts: dict[tuple[int, Any], int] = defaultdict(int)
    for actor, when, case in pairs:
        counts[actor, when] += case in owners and actor not in owners[case]
    habits = _means((actor, count) for (actor, when), count in counts.items() if when < begin)
    for (actor, when), count in counts.items():
        usual = habits.get(actor)
        if when >= begin and count >= max(CASES_OUTSIDE, TIMES_HABIT * (usual or 0)):
            yield Finding(Pattern.OUTSIDE, actor, when, count, usual)


def _means(counts: Iterable[tuple[int, int]]) -> dict[int, float]:
    sums: dict[int, list[int]] = defaultdict(list)
    for staff_id, count in counts:
        sums[staff_id].append(count)
    return {staff_id: sum(each) / len(each) for staff_id, each in sums.items()}
