"""Requests that a partner collected, brought in by staff: each enters as every request does (docs/decisions/0094)."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cases.audit_verbs import CaseVerb
from cases.importing.columns import CheckedRow
from cases.models import ImportedRow, PartnerOrganisation
from cases.permissions import check_import
from intake.request_rows import write_request
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.crypto import blind_index, datakeys, return_code
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing

# Of one press of the button: a web process must answer before its proxy gives up. The next press takes the next ones.
MOST_SECONDS = 15.0
# Where the words of a row stand that its fingerprint is made of, sealed with the story.
PARTNER_KEY, ROW_KEY = "import_partner", "import_row"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows became requests now, were there before, and wait for the next press."""

    made: int
    before: int
    left: int


def note_check(partner: PartnerOrganisation, rows: Sequence[CheckedRow], *, by: Actor) -> None:
    """Put on record that somebody looked at a file. Raises NotAllowed."""
    check_import(by)
    record(CaseVerb.IMPORT_CHECKED, by=by, on=partner, detail={"count": len(rows)})


def note_mending(partner: PartnerOrganisation, rows: Sequence[CheckedRow], *, by: Actor) -> None:
    """Put on record that somebody took the rows with errors out as a file. Raises NotAllowed."""
    check_import(by)
    record(CaseVerb.ROWS_EXPORTED, by=by, on=partner, detail={"count": sum(not row.is_good for row in rows), "format": "csv"})


def known_rows(partner: PartnerOrganisation, rows: Sequence[CheckedRow]) -> set[str]:
    """Return the numbers of those rows that were brought in before. One query. Raises KeyNotHeld."""
    names = {
        blind_index.row_name(str(partner.pk), row.external_id, key=key): row.external_id
        for key in blind_index.keys_held()
        for row in rows
        if row.external_id
    }
    return {names[found] for found in ImportedRow.objects.filter(fingerprint__in=names).values_list("fingerprint", flat=True)}


def import_rows(
    partner: PartnerOrganisation, rows: Sequence[CheckedRow], *, by: Actor, seconds: float = MOST_SECONDS
) -> Imported:
    """Send the good rows, each in a transaction of its own, until the time is over. A row that was brought in before is passed
    over, so that pressing again goes on. Raises NotAllowed, and KeyNotHeld without a public intake key."""
    check_import(by)
    good = [row for row in rows if row.is_good]
    before = known_rows(partner, good)
    until, made, seen = time.monotonic() + seconds, 0, 0
    for row in good:
        if row.external_id in before:
            continue
        if made and time.monotonic() > until:
            break
        seen += 1
        made += _send(partner, row)
    record(CaseVerb.IMPORTED, by=by, on=partner, detail={"count": made})
    return Imported(made, len(before) + seen - made, len(good) - len(before) - seen)


def rename_rows(batch: int) -> Iterator[int]:
    """Bring the fingerprints under the newest index key; yield after each batch how many were written. Those of people who were
    erased go: nobody can make them anew. Raises KeyNotHeld."""
    key = blind_index.newest_key()
    while old := list(ImportedRow.objects.exclude(key=key).select_related("help_request").order_by("fingerprint")[:batch]):
        with transaction.atomic(), datakeys.scope():
            datakeys.open_many([row.help_request.person_id for row in old], Compartment.STORY)
            new = [name for row in old if (name := _name_again(row, key=key))]
            ImportedRow.objects.filter(pk__in=[row.pk for row in old]).delete()
            ImportedRow.objects.bulk_create(new)
        yield len(new)


def _name_again(row: ImportedRow, *, key: int) -> ImportedRow | None:
    try:
        answers = row.help_request.answers
    except KeyMissing:
        return None
    name = blind_index.row_name(answers[PARTNER_KEY], answers[ROW_KEY], key=key)
    return ImportedRow(fingerprint=name, key=key, help_request=row.help_request)


def _send(partner: PartnerOrganisation, row: CheckedRow) -> bool:
    """Send one row; False when another press of the button was faster."""
    key = blind_index.newest_key()
    name = blind_index.row_name(str(partner.pk), row.external_id, key=key)
    answers = row.answers | {PARTNER_KEY: str(partner.pk), ROW_KEY: row.external_id}
    try:
        with transaction.atomic(), datakeys.scope():
            opens = write_request(
                answers,
                language=row.language,
                code_keys=return_code.keys_of_nobody(),
                partner_id=partner.pk,
                consent=row.consent,
            )
            ImportedRow.objects.create(fingerprint=name, key=key, help_request_id=opens.help_request_id)
    except IntegrityError:
        if not ImportedRow.objects.filter(fingerprint=name).exists():
            raise
        return False
    return True
