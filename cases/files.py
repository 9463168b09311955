"""A person's files as staff see them on the case page: what it is, how far the clean copy is, and why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from intake.models import Evidence
from intake.states import CopyState
from rainbowrail.crypto.clean import Reason
from rainbowrail.crypto.file_kinds import PICTURES, FileKind

KINDS: dict[FileKind, str | Promise] = {
    **dict.fromkeys(PICTURES, _("Picture")),
    FileKind.PDF: _("PDF"),
    FileKind.DOCX: _("Letter (DOCX)"),
    FileKind.ODT: _("Letter (ODT)"),
    FileKind.TEXT: _("Text"),
    FileKind.SOUND: _("Sound"),
    FileKind.FILM: _("Film"),
}
WHY_NO_COPY: dict[Reason, str | Promise] = {
    Reason.LOCKED: _("Locked with a password, which only the person knows. Ask them for a file without one."),
    Reason.TOO_LARGE: _("Too large for a clean copy."),
    Reason.TOO_MANY_PIXELS: _("The picture says that it is larger than any camera makes it. It was not opened."),
    Reason.TOO_SLOW: _("Opening it took too long and was stopped."),
    Reason.BOMB: _("It would unpack to far more than it is. It was not opened."),
    Reason.TWO_KINDS: _("It is two kinds of file at once, which is a known trick. It was not opened."),
    Reason.WRONG_NAME: _("Its name says another kind of file than it is. It was not opened."),
    Reason.PROGRAM_INSIDE: _("There is a program inside. It was not opened."),
    Reason.FILE_INSIDE: _("There is another file inside, which a clean copy would lose."),
    Reason.BROKEN: _("It is damaged, or made in a way that cannot be read."),
    Reason.NOT_A_KIND: _("Sound and film stay as they were sent, closed."),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of the list. `copy_kind` is empty as long as there is no clean copy; `can_be_shown` only for pictures."""

    id: UUID
    name: str
    kind: str | Promise
    length: int
    row: Evidence
    copy_kind: FileKind | None
    why_no_copy: str | Promise

    @property
    def can_be_shown(self) -> bool:
        return self.copy_kind in PICTURES

    @property
    def is_given_up(self) -> bool:
        return self.row.copy == CopyState.GIVEN_UP


def whole_files_of(case: Case) -> list[Evidence]:
    """Return the case's files that arrived whole, in order of arrival, with their copies. One query; opens nothing."""
    rows = Evidence.objects.filter(help_request_id=case.help_request_id, whole_hour__isnull=False)
    return list(rows.select_related("clean_copy").order_by("whole_hour", "id"))


def lines_of(rows: list[Evidence]) -> Iterator[FileLine]:
    """Yield the lines. Opens EVIDENCE: names and kinds."""
    for row in rows:
        yield line_of(row)


def line_of(row: Evidence) -> FileLine:
    """Return one line. Opens EVIDENCE."""
    row.hold_key()
    about = row.about
    copy = getattr(row, "clean_copy", None)
    if copy is not None:
        copy.hold_key()
    return FileLine(
        id=row.id,
        name=about["name"] or str(_("without a name")),
        kind=KINDS[FileKind(about["kind"])],
        length=about["length"],
        row=row,
        copy_kind=FileKind(copy.about["kind"]) if copy is not None else None,
        why_no_copy=WHY_NO_COPY[Reason(about["no_copy"])] if about.get("no_copy") else "",
    )
