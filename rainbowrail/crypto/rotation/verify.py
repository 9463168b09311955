"""`keys verify`: does everything still open? Each key file against its row, and each wrap under its store key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from rainbowrail.crypto import datakeys, hpke, keyring
from rainbowrail.crypto.errors import CryptoError
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import uses
from rainbowrail.crypto.rotation.stopping import Asked, Stopped, never
from rainbowrail.crypto.sources.files import Kind

BATCH = 2000
MOST_LISTED = 20


@dataclass
class Report:
    """What was looked at, and what is wrong; sentences with ids only."""

    wraps: int = 0
    complaints: list[str] = field(default_factory=list)


def verify(
    *, batch: int = BATCH, asked: Asked = never, progress: Callable[[int, int], None] = lambda done, total: None
) -> Report:
    """Look at every key and open every wrap; nothing is written. This process must hold the store keys. Raises Stopped."""
    report = Report(complaints=[*key_complaints()])
    total, after, broken = DataKey.objects.count(), UUID(int=0), 0
    while rows := list(DataKey.objects.filter(id__gt=after).order_by("id")[:batch]):
        if asked():
            raise Stopped
        for row in rows:
            try:
                datakeys.open_row(row)
            except CryptoError as error:
                broken += 1
                if broken <= MOST_LISTED:
                    report.complaints.append(f"data key {row.id} (store key {row.store_key_id}): {error}")
        report.wraps += len(rows)
        after = rows[-1].id
        progress(report.wraps, total)
    if broken > MOST_LISTED:
        report.complaints.append(f"… and {broken - MOST_LISTED} more data keys that do not open.")
    return report


def key_complaints() -> Iterator[str]:
    """Yield what is wrong between this process's key files and the rows of the database."""
    ring = keyring.current()
    for row in StoreKey.objects.order_by("id"):
        held = ring.secrets.get(Kind.STORE, {}).get(str(row.id))
        known = keyring.fingerprint(Kind.STORE, held) if held else ring.prints.get(str(row.id))
        if known is None:
            yield f"{row}: no file; {uses.count(row)} wraps need it."
        elif known != row.fingerprint:
            yield f"{row}: the file is another key than the database knows."
    yield from (str(alarm) for alarm in intake_alarms())


@dataclass(frozen=True)
class Alarm:
    """Something about an intake pair that nobody of ours has done; `reason` is a short code for the log."""

    key_id: str
    reason: str
    sentence: str

    def __str__(self) -> str:
        return f"intake key {self.key_id}: {self.sentence}"


def intake_alarms() -> Iterator[Alarm]:
    """Yield what is wrong with the intake pairs: rows that somebody altered or slipped in, and boxes that we cannot open."""
    ring = keyring.current()
    private = ring.secrets.get(Kind.INTAKE, {})
    for pair in IntakeKey.objects.order_by("created_on", "id"):
        if hpke.fingerprint(bytes(pair.public_key)) != pair.fingerprint:
            yield Alarm(pair.id, "row_altered", "the row's public half is not the one of its fingerprint; somebody wrote it.")
        if pair.id in ring.pinned and ring.pinned[pair.id].fingerprint != pair.fingerprint:
            yield Alarm(pair.id, "fingerprint_differs", "pinned here with another fingerprint than the database has.")
        elif pair.id not in ring.pinned and pair.retired_on is None:
            yield Alarm(pair.id, "not_pinned", "counts in the database and is pinned nowhere here.")
        if private and pair.id not in private and (boxes := uses.count(pair)):
            yield Alarm(pair.id, "unknown_key", f"{boxes} boxes need its private half, which is not here.")
