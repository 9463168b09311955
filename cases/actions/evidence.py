"""Hearing of a person's files, looking at them, handing out the original, erasing one. Each is on record with who did it."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from cases.audit_verbs import CaseVerb
from cases.files import FileLine, line_of, lines_of, whole_files_of
from cases.models import Case
from cases.notifications import ANSWER_CAME
from cases.permissions import check_erase_file, check_open_files
from intake import evidence
from intake.models import Evidence
from rainbowrail.actors import APPLICANT, Actor
from rainbowrail.audit.record import record, record_view
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.errors import NotPossible
from rainbowrail.notifications import outbox


def list_files(case: Case, *, by: Actor) -> list[FileLine]:
    """Return what the person sent, by name. Raises NotAllowed. On record when there is something to see."""
    check_open_files(by, case)
    rows = whole_files_of(case)
    if rows:
        record_view(case, compartment=Compartment.EVIDENCE, by=by, case_id=case.pk)
    return list(lines_of(rows))


def hear_file(row: Evidence) -> None:
    """A file arrived whole: note it on the case, and tell its owner. Without a case yet, the list will show it there."""
    with transaction.atomic():
        case = Case.objects.filter(help_request_id=row.help_request_id).first()
        if case is not None:
            record(CaseVerb.FILE_CAME, by=APPLICANT, on=row, case_id=case.pk)
            outbox.queue(ANSWER_CAME, case.pk)


def show_copy(case: Case, row: Evidence, *, by: Actor) -> tuple[FileLine, Iterator[bytes]]:
    """Return the clean copy of a picture, for the page: its line, and its bytes part by part.

    Raises NotAllowed; NotPossible without a copy, and for what is no picture: that is taken away, by `take_copy`.
    """
    check_open_files(by, case)
    line = _copied(row)
    if not line.can_be_shown:
        raise NotPossible(_("Only pictures are shown. Download the clean copy with the button on the page of the file."))
    pieces = evidence.read(row.clean_copy)
    record(CaseVerb.FILE_SHOWN, by=by, on=row, case_id=case.pk, detail={"compartment": Compartment.EVIDENCE.value})
    return line, pieces


def take_copy(case: Case, row: Evidence, *, by: Actor) -> tuple[FileLine, Iterator[bytes]]:
    """Return the clean copy, to be kept outside: its line, and its bytes part by part. Raises NotAllowed, NotPossible."""
    check_open_files(by, case)
    line = _copied(row)
    pieces = evidence.read(row.clean_copy)
    record(CaseVerb.COPY_DOWNLOADED, by=by, on=row, case_id=case.pk)
    return line, pieces


def download_original(case: Case, row: Evidence, *, by: Actor) -> tuple[FileLine, Iterator[bytes]]:
    """Return the file as it was sent, with all that it may tell or do. Raises NotAllowed."""
    check_open_files(by, case)
    line = line_of(row)
    pieces = evidence.read(row)
    record(CaseVerb.FILE_DOWNLOADED, by=by, on=row, case_id=case.pk)
    return line, pieces


def clean_again(case: Case, row: Evidence, *, by: Actor) -> None:
    """Put a file whose clean copy was given up back into line. Raises NotAllowed, NotPossible."""
    check_open_files(by, case)
    with transaction.atomic():
        if not evidence.begin_again(row):
            raise NotPossible(_("The clean copy of this file was not given up."))
        record(CaseVerb.FILE_TRIED_AGAIN, by=by, on=row, case_id=case.pk)


def erase_file(case: Case, row: Evidence, *, by: Actor) -> None:
    """Destroy the key of one file, with its parts and its clean copy; the other files stay. Raises NotAllowed."""
    check_erase_file(by, case)
    with transaction.atomic():
        record(CaseVerb.FILE_ERASED, by=by, on=row, case_id=case.pk)
        evidence.forget(row)


def _copied(row: Evidence) -> FileLine:
    line = line_of(row)
    if line.copy_kind is None:
        raise NotPossible(_("There is no clean copy of this file."))
    return line
