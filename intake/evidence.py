"""Worker and staff side: reading a file, making its clean copy, forgetting it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from intake.models import CleanCopy, Delivery, Evidence, EvidencePart
from intake.models.evidence import SealedFile
from intake.part_store import store
from intake.states import CopyState
from rainbowrail.crypto import clean, datakeys
from rainbowrail.crypto.clean import NotCleaned, Reason
from rainbowrail.crypto.file_kinds import CLEANED, FileKind
from rainbowrail.crypto.files import KeepPart, Sealer, open_file

MOST_TRIES = 3
# A piece may wait for the next one this long; then the sender gave up, or lost the connection for good.
ARRIVING_DAYS = 7
# Parts that no delivery ever named: an upload that broke off, or one that was refused half-way.
UNCLAIMED_DAYS = 2
# For so long a delivery that did not open keeps the parts that it may name; whoever leaves it lying longer loses them.
UNOPENED_DAYS = 30


def read(sealed: SealedFile) -> Iterator[bytes]:
    """Return the bytes of a file or a clean copy, part by part. Opens EVIDENCE.

    List, order, count and last part are verified, and keys opened, before this returns; so the pieces may be read after the
    scope has ended. Raises OpenFailed, KeyMissing.
    """
    sealed.hold_key()
    return open_file(sealed.list_of_parts, store().read, file_id=sealed.id, length=int(sealed.about["length"]))


def make_clean(evidence_id: UUID) -> None:
    """Make the clean copy of a whole file, or note why there is none. Safe to run twice, and beside itself.

    Tries are counted before each, so that a file which brings the worker down is given up after MOST_TRIES.
    """
    rows = Evidence.objects.filter(id=evidence_id, whole_hour__isnull=False, copy=CopyState.WAITING)
    if rows.filter(copy_tries__gte=MOST_TRIES).update(copy=CopyState.GIVEN_UP):
        return
    if not rows.update(copy_tries=F("copy_tries") + 1):
        return
    with datakeys.scope():
        evidence = rows.get()
        evidence.hold_key()
        copy = CleanCopy(evidence=evidence, person_id=evidence.person_id)
        copy.give_key()
        try:
            sealer, kind = _seal_copy(evidence, copy)
        except NotCleaned as no:
            store().forget_files([copy.id])
            _finish(evidence, None, no_copy=no.reason)
        except BaseException:
            store().forget_files([copy.id])
            raise
        else:
            copy.about = {"kind": kind.value, "length": sealer.length}
            copy.list_of_parts = sealer.parts
            _finish(evidence, copy)


def begin_again(evidence: Evidence) -> bool:
    """Put a file whose copy was given up back into line; False when it was not."""
    rows = Evidence.objects.filter(id=evidence.id, copy=CopyState.GIVEN_UP)
    return bool(rows.update(copy=CopyState.WAITING, copy_tries=0))


def waiting_for_copies() -> list[UUID]:
    """Return the files whose clean copy somebody has to make, oldest first."""
    rows = Evidence.objects.filter(copy=CopyState.WAITING, whole_hour__isnull=False).order_by("whole_hour", "id")
    return list(rows.values_list("id", flat=True)[:200])


def forget(evidence: Evidence) -> None:
    """Erase a file: its key, its copy, its parts. What a backup still holds of it does not open without the key."""
    with transaction.atomic():
        copies = CleanCopy.objects.filter(evidence=evidence)
        store().forget_files([evidence.id, *copies.values_list("id", flat=True)])
        Evidence.objects.filter(id=evidence.id).delete()


def forget_files_of(person_id: UUID) -> int:
    """Erase all files of a person; return how many there were. Destroying the evidence key is the caller's."""
    rows = list(Evidence.objects.filter(person_id=person_id))
    for evidence in rows:
        forget(evidence)
    return len(rows)


def expire() -> int:
    """Forget files that never got their last part, and parts that belong to no file; return how many rows went."""
    now = timezone.now()
    late = Evidence.objects.filter(whole_hour=None, received_hour__lt=now - timedelta(days=ARRIVING_DAYS))
    gone = 0
    for evidence in late:
        forget(evidence)
        gone += 1
    # What nobody could open yet may name parts that came since: a worker stood still, or a person has to look.
    unopened = Delivery.objects.unopened().filter(received_hour__gt=now - timedelta(days=UNOPENED_DAYS))
    oldest = unopened.aggregate(oldest=Min("received_hour"))["oldest"] or now
    unclaimed = (
        EvidencePart.objects.filter(received_hour__lt=min(now, oldest + timedelta(days=1)) - timedelta(days=UNCLAIMED_DAYS))
        .exclude(file_id__in=Evidence.objects.values("id"))
        .exclude(file_id__in=CleanCopy.objects.values("id"))
    )
    return gone + unclaimed.delete()[0]


def _seal_copy(evidence: Evidence, copy: CleanCopy) -> tuple[Sealer, FileKind]:
    kind, length = FileKind(evidence.about["kind"]), int(evidence.about["length"])
    if kind not in CLEANED:
        raise NotCleaned(Reason.NOT_A_KIND)
    if length > clean.MOST_BYTES:
        raise NotCleaned(Reason.TOO_LARGE)
    sealer = Sealer(copy.id, _keep_for(copy.id))
    with clean.make(read(evidence), kind=kind, name=evidence.about["name"], length=length) as made:
        for piece in made.pieces:
            sealer.write(piece)
    sealer.finish()
    return sealer, made.kind


def _keep_for(file_id: UUID) -> KeepPart:
    def keep(part_id: UUID, number: int, sealed: bytes) -> None:
        store().keep(file_id, part_id, number, sealed)

    return keep


def _finish(evidence: Evidence, copy: CleanCopy | None, *, no_copy: Reason | None = None) -> None:
    """Write the outcome, unless another run was faster; then ours is thrown away."""
    with transaction.atomic():
        locked = Evidence.objects.select_for_update().filter(id=evidence.id, copy=CopyState.WAITING).first()
        if locked is None:
            if copy is not None:
                store().forget_files([copy.id])
            return
        if copy is not None:
            copy.save(force_insert=True)
        if no_copy is not None:
            locked.about = locked.about | {"no_copy": no_copy.value}
        locked.copy = CopyState.DONE
        locked.save(update_fields=["copy", "about"])
