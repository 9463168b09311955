"""Worker and staff web: finding a person again without opening everybody (docs/decisions/0070).

`reindex_person` writes what is known of a person into the blind index, in the caller's transaction: the drain calls it for a
new request, and every correction of a name or a contact plan calls it for the person. `candidates` asks the index; what it
returns was not opened yet, and may be wrong: the caller opens and compares what `known_of` says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from intake.likeness import contacts, names
from intake.models import CommonNumber, HelpRequest, IndexEntry
from intake.signals import person_reindexed
from intake.states import Channel
from rainbowrail.crypto import blind_index, datakeys
from rainbowrail.crypto.blind_index import Purpose
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing

# Rows are filled up to a multiple of these, so that their length tells little.
EXACT_STEP, NAMES_STEP = 2, 8
THIN_BATCH = 2_000


@dataclass(slots=True)
class Known:
    """What is known of a person, or asked for, each in its one way of writing. `names` are as written."""

    names: set[str] = field(default_factory=set, repr=False)
    emails: set[str] = field(default_factory=set, repr=False)
    phones: set[str] = field(default_factory=set, repr=False)
    documents: set[str] = field(default_factory=set, repr=False)
    partners: set[str] = field(default_factory=set, repr=False)

    def add(self, other: Known) -> None:
        for name in ("names", "emails", "phones", "documents", "partners"):
            getattr(self, name).update(getattr(other, name))

    def exact(self) -> dict[Purpose, set[str]]:
        return {
            Purpose.EMAIL: self.emails,
            Purpose.PHONE: self.phones,
            Purpose.DOCUMENT: self.documents,
            Purpose.PARTNER: self.partners,
        }

    def exact_numbers(self, *, key: int) -> set[int]:
        values = self.exact().items()
        return {number for purpose, given in values for number in blind_index.fingerprints(purpose, given, key=key)}

    def name_numbers(self, *, key: int) -> set[int]:
        pieces = {piece for name in self.names for piece in names.pieces_of(name)}
        return blind_index.fingerprints(Purpose.NAME, pieces, key=key)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whose row shares numbers with what was asked for; how many of each."""

    person_id: UUID
    exact: int
    names: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How many numbers of a search the index may hold; of a name that too many people share it holds none."""

    exact: int
    names: int


# What else is known of people, from apps that keep more (a referral's names and papers): person ids -> what is known of each.
# Only people whose keys exist are asked for, and IDENTITY and STORY of all of them are open. Who writes there reindexes.
type Source = Callable[[Collection[UUID]], Mapping[UUID, Known]]
sources: list[Source] = []


def reindex_person(person_id: UUID) -> None:
    """Write a person's row anew, in the caller's transaction. An erased person has none afterwards.

    Opens IDENTITY and STORY. Raises KeyNotHeld in a process without index or store key, and what opening raises.
    """
    with datakeys.scope(), transaction.atomic():
        _write([person_id])
    person_reindexed.send(sender=IndexEntry, person_id=person_id)


def index_people(person_ids: Collection[UUID]) -> int:
    """Write the rows of many new people at once, in the caller's transaction. Returns how many. Raises as `reindex_person`."""
    with datakeys.scope(), transaction.atomic():
        return _write(person_ids)


def forget_person(person_id: UUID) -> int:
    """Delete a person's rows under every index key. Returns how many there were. Raises KeyNotHeld."""
    count, _ = IndexEntry.objects.filter(alias__in=_aliases(person_id)).delete()
    return count


def requests_of(person_ids: Collection[UUID]) -> dict[UUID, list[HelpRequest]]:
    """Return the requests of these people, oldest first, with their keys open; two queries. Erased people are left out.

    Needs a scope. Raises NoScope, KeyNotHeld, OpenFailed.
    """
    datakeys.open_many(person_ids, Compartment.IDENTITY, Compartment.STORY)
    found: dict[UUID, list[HelpRequest]] = {}
    for request in HelpRequest.objects.filter(person_id__in=person_ids).order_by("received_hour", "id"):
        if _is_readable(request.person_id):
            found.setdefault(request.person_id, []).append(request)
    return found


def known_of(opened: Mapping[UUID, Iterable[HelpRequest]]) -> dict[UUID, Known]:
    """Return everything that the requests of these people, and the other sources, tell of each. Opens IDENTITY and STORY."""
    found = {person_id: Known() for person_id in opened}
    for person_id, requests in opened.items():
        for request in requests:
            found[person_id].add(said_in(request))
    for source in sources if opened else ():
        for person_id, known in source(list(opened)).items():
            found[person_id].add(known)
    return found


def said_in(request: HelpRequest) -> Known:
    """Return what one request tells of names and contacts. Opens IDENTITY and STORY."""
    identity, answers = request.identity or {}, request.answers or {}
    plan = identity.get("contact") or {}
    countries = {str(answers.get(key) or "") for key in ("current_country", "nationality")}
    known = as_known(plan.get("channel"), str(plan.get("address") or ""), countries=countries)
    if name := identity.get("call_you"):
        known.names.add(str(name))
    if partner := contacts.partner(str(answers.get("partner") or "")):
        known.partners.add(partner)
    return known


def as_known(channel: object, address: str, *, countries: Iterable[str] = ()) -> Known:
    """Return an address as what it is on that channel."""
    known = Known()
    if channel == Channel.EMAIL:
        known.emails |= {email for email in [contacts.email(address)] if email}
    elif channel in {Channel.TEXT, Channel.CALL}:
        known.phones |= contacts.phones(address)
        for country in countries:
            known.phones |= contacts.phones(address, country=country)
    return known


def candidates(
    wanted: Known, *, most: int, among: Collection[UUID] | None = None, without: Collection[UUID] = ()
) -> list[Candidate]:
    """Return the people who share most with what is wanted, best first, `most` at most; with `among`, of these people only;
    never one of those in `without`, who take no place either.

    One query for each index key held (two during a rotation). Raises KeyNotHeld.
    """
    found: dict[UUID, Candidate] = {}
    for key in blind_index.keys_held():
        exact, pieces = sorted(wanted.exact_numbers(key=key)), sorted(wanted.name_numbers(key=key))
        if not exact and not pieces:
            continue
        allowed = None if among is None else [blind_index.alias(person_id, key=key) for person_id in among]
        unseen = [blind_index.alias(person_id, key=key) for person_id in without]
        with connection.cursor() as cursor:
            cursor.execute(
                _SHARING,
                {"key": key, "exact": exact, "names": pieces, "among": allowed, "without": unseen, "most": most},
            )
            for alias, same, alike in cursor.fetchall():
                person_id = blind_index.person_of(alias, key=key)
                found.setdefault(person_id, Candidate(person_id, same, alike))
    return sorted(found.values(), key=lambda row: (-row.exact, -row.names, row.person_id))[:most]


def kept(wanted: Known) -> Asked:
    """Return how much of what is wanted the index may hold at all. One query. Raises KeyNotHeld."""
    key = blind_index.newest_key()
    exact, pieces = wanted.exact_numbers(key=key), wanted.name_numbers(key=key)
    is_one = Q(of="exact", number__in=exact) | Q(of="names", number__in=pieces)
    dropped = list(CommonNumber.objects.filter(is_one, key=key).values_list("of", flat=True))
    return Asked(len(exact) - dropped.count("exact"), len(pieces) - dropped.count("names"))


def thin() -> int:
    """Drop the numbers that more rows share than may, for good under this key; return how many were newly dropped.

    Safe to run twice and beside writers: a row that is being written is passed over and met by the next run. Raises
    KeyNotHeld.
    """
    key = blind_index.newest_key()
    most = blind_index.most_shared(IndexEntry.objects.filter(key=key).count())
    dropped = 0
    for of in ("exact", "names"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COUNTED.format(of=of), {"key": key, "most": most})
            numbers = [number for (number,) in cursor.fetchall()]
            new = [CommonNumber(key=key, of=of, number=number) for number in numbers]
            CommonNumber.objects.bulk_create(new, ignore_conflicts=True)
        dropped += len(numbers)
        common = list(CommonNumber.objects.filter(key=key, of=of).values_list("number", flat=True))
        while common and _drop(of, common, key=key):
            pass
    return dropped


def rebuild(batch: int) -> Iterator[int]:
    """Bring everybody's row under the newest index key; yield after each batch, committed, how many rows were written.

    Called again after a stop it goes on: who stands under the newest key, and under no other, is passed over. So it finds who
    was never indexed, and whom a process that did not know the new key yet has written meanwhile. Raises KeyNotHeld, and what
    opening raises.
    """
    key, after = blind_index.newest_key(), UUID(int=0)
    people = HelpRequest.objects.order_by("person_id").values_list("person_id", flat=True)
    while some := list(people.filter(person_id__gt=after).distinct()[:batch]):
        after = some[-1]
        aliases = {person_id: _aliases(person_id) for person_id in some}
        wanted = [alias for known in aliases.values() for alias in known]
        stand = set(IndexEntry.objects.filter(alias__in=wanted).values_list("alias", flat=True))
        undone = [
            person_id for person_id, known in aliases.items() if not stand.issuperset(known[:1]) or stand & set(known[1:])
        ]
        if undone:
            with datakeys.scope(), transaction.atomic():
                written = _write(undone)
            yield written  # after the commit: a caller that stops here loses nothing
    IndexEntry.objects.exclude(key=key).delete()
    CommonNumber.objects.exclude(key=key).delete()
    thin()


def rows_for(all_known: Mapping[UUID, Known], *, key: int) -> list[IndexEntry]:
    """Return the rows of these people under one index key, unsaved, in the order in which they are to be written."""
    exact = {person_id: known.exact_numbers(key=key) for person_id, known in all_known.items()}
    pieces = {person_id: known.name_numbers(key=key) for person_id, known in all_known.items()}
    common = {of: _common(of, set().union(*numbers.values()), key=key) for of, numbers in (("exact", exact), ("names", pieces))}
    rows = [
        IndexEntry(
            alias=blind_index.alias(person_id, key=key),
            key=key,
            exact=blind_index.padded(
                exact[person_id] - common["exact"],
                person_id=person_id, key=key, bits=blind_index.EXACT_BITS, to_multiple_of=EXACT_STEP,
            ),
            names=blind_index.padded(
                pieces[person_id] - common["names"],
                person_id=person_id, key=key, bits=blind_index.NAME_BITS, to_multiple_of=NAMES_STEP,
            ),
        )
        for person_id in all_known
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.alias)


def _write(person_ids: Collection[UUID]) -> int:
    """Write the rows of these people under the newest key, and delete theirs under others. Returns how many were written."""
    _one_writer_each(person_ids)
    rows = rows_for(known_of(requests_of(person_ids)), key=blind_index.newest_key())
    IndexEntry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["alias"], update_fields=["key", "exact", "names"]
    )
    written = {row.alias for row in rows}
    stale = [alias for person_id in person_ids for alias in _aliases(person_id) if alias not in written]
    if stale:
        IndexEntry.objects.filter(alias__in=stale).delete()
    return len(rows)


def _one_writer_each(person_ids: Collection[UUID]) -> None:
    """Wait until nobody else writes these people's rows, so that what was read first is not written last."""
    locks = sorted(int.from_bytes(person_id.bytes[:8], signed=True) for person_id in person_ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [locks])


def _is_readable(person_id: UUID) -> bool:
    """Whether the person's keys exist. Only erasure destroys them; a store key that is missing has raised before."""
    try:
        datakeys.held(person_id, Compartment.IDENTITY)
        datakeys.held(person_id, Compartment.STORY)
    except KeyMissing:
        return False
    return True


def _aliases(person_id: UUID) -> list[UUID]:
    """Return the person's alias under each index key held, the newest first."""
    return [blind_index.alias(person_id, key=key) for key in blind_index.keys_held()]


def _common(of: str, numbers: Collection[int], *, key: int) -> set[int]:
    if not numbers:
        return set()
    return set(CommonNumber.objects.filter(key=key, of=of, number__in=numbers).values_list("number", flat=True))


def _drop(of: str, common: list[int], *, key: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DROPPED.format(of=of), {"key": key, "common": common, "batch": THIN_BATCH})
        return int(cursor.rowcount)


# How many numbers two sets share; `among` NULL means everybody.
_SHARING = """
SELECT alias, same, alike FROM (
    SELECT alias,
           cardinality(ARRAY(SELECT unnest(exact) INTERSECT SELECT unnest(%(exact)s::integer[]))) AS same,
           cardinality(ARRAY(SELECT unnest(names) INTERSECT SELECT unnest(%(names)s::integer[]))) AS alike
    FROM intake_indexentry
    WHERE key = %(key)s
      AND (exact && %(exact)s::integer[] OR names && %(names)s::integer[])
      AND (%(among)s::uuid[] IS NULL OR alias = ANY(%(among)s::uuid[]))
      AND alias <> ALL(%(without)s::uuid[])
) AS sharing
ORDER BY same DESC, alike DESC, alias
LIMIT %(most)s
"""
# `{of}` is one of the two column names above, never anything typed.
_COUNTED = """
SELECT number FROM intake_indexentry, unnest({of}) AS number
WHERE key = %(key)s GROUP BY number HAVING count(*) > %(most)s
"""
_DROPPED = """
UPDATE intake_indexentry
SET {of} = ARRAY(SELECT unnest({of}) EXCEPT SELECT unnest(%(common)s::integer[]) ORDER BY 1)
WHERE alias IN (
    SELECT alias FROM intake_indexentry WHERE key = %(key)s AND {of} && %(common)s::integer[]
    LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
"""
