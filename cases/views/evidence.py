"""A person's file: its clean copy, blurred until somebody asks to see it; the original as a download; erasing it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, care, permissions
from cases.files import FileLine, line_of
from cases.models import Case, SecondReading
from cases.permissions import check_erase_file, check_open_files
from cases.views.finding import READER_ROLES, case_of, staff_of
from intake.models import Evidence
from rainbowrail.accounts.models import Cover
from rainbowrail.audit.record import record_view
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.file_kinds import FileKind
from rainbowrail.web.doors import staff_page
from rainbowrail.web.exports import export
from rainbowrail.web.recent import needs_recent_sign_in

# Whatever a file is, a browser that opens it runs nothing, loads nothing and submits nothing.
CLOSED: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}
CONTENT_TYPES = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.TEXT: "text/plain; charset=utf-8",
}
ENDINGS = {FileKind.JPEG: "jpg", FileKind.TEXT: "txt"}


@staff_page(*READER_ROLES)
@require_safe
def file(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponse:
    """One file. A picture is blurred, and what a colleague marked is covered; `?clear=1`, a link, shows it as it is."""
    case, by = case_of(request, reference), staff_of(request).actor
    check_open_files(by, case)
    line = line_of(_row_of(case, file_id))
    record_view(line.row, compartment=Compartment.EVIDENCE, by=by, case_id=case.pk)
    wish, asked = staff_of(request).cover, request.GET.get("clear") == "1"
    cover = care.Covered.of(line.id, warnings=[], marks=care.marks_in(case), wish=wish, shown=[str(line.id)] if asked else [])
    is_clear = asked or (wish == Cover.WARN and not cover.is_covered)
    if line.copy_kind and (is_clear if line.can_be_shown else cover.is_open_and_hard):
        kind = care.Kind.PICTURE if line.can_be_shown else care.Kind.FILE
        actions.note_hard_opened(line.row, case=case, kind=kind, by=by)
    context = {
        "case": case,
        "file": line,
        "cover": cover,
        "is_clear": is_clear,
        "reading": SecondReading.objects.open().filter(case=case, file_id=line.id).select_related("passed_to").first(),
        "may_erase": permissions.allows(check_erase_file, by, case),
    }
    return render(request, "cases/file.html", context)


@staff_page(*READER_ROLES)
@export()
@require_safe
@csp_override(CLOSED)
def file_copy(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponseBase:
    """The clean copy of a picture, for the page."""
    case = case_of(request, reference)
    line, pieces = actions.show_copy(case, _row_of(case, file_id), by=staff_of(request).actor)
    return hand_out_copy(case, line, pieces, inline=True)


@staff_page(*READER_ROLES)
@export(form="cases:file")
@require_POST
@csp_override(CLOSED)
def file_copy_download(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponseBase:
    """The clean copy of a letter or a paper, which leaves the building with whoever takes it."""
    case = case_of(request, reference)
    line, pieces = actions.take_copy(case, _row_of(case, file_id), by=staff_of(request).actor)
    return hand_out_copy(case, line, pieces, inline=False)


@staff_page(*READER_ROLES)
@export(form="cases:file")
@require_POST
@csp_override(CLOSED)
def file_original(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponseBase:
    """The file as it was sent: never opened by a browser, under a name that tells nothing."""
    case = case_of(request, reference)
    line, pieces = actions.download_original(case, _row_of(case, file_id), by=staff_of(request).actor)
    return hand_out(
        pieces, content_type="application/octet-stream", name=f"{case.reference}-{line.id.hex[:8]}.bin", inline=False
    )


@staff_page(*READER_ROLES)
@require_POST
def file_clean_again(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponse:
    """Try the clean copy once more."""
    case = case_of(request, reference)
    actions.clean_again(case, _row_of(case, file_id), by=staff_of(request).actor)
    messages.success(request, _("The clean copy is tried again."))
    return redirect("cases:file", case.reference, file_id)


@staff_page(*READER_ROLES)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def file_erase(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponse:
    """Erase one file: for what nobody should have sent, or the person wants back."""
    case, by = case_of(request, reference), staff_of(request).actor
    check_erase_file(by, case)
    row = _row_of(case, file_id)
    if request.method != "POST":
        return render(request, "cases/file_erase.html", {"case": case, "file_id": row.id})
    actions.erase_file(case, row, by=by)
    messages.success(request, _("The file is erased."))
    return redirect(case)


def _row_of(case: Case, file_id: UUID) -> Evidence:
    rows = Evidence.objects.filter(help_request_id=case.help_request_id, whole_hour__isnull=False)
    return get_object_or_404(rows.select_related("clean_copy"), id=file_id)


def copy_name(case: Case, line: FileLine) -> str:
    """Return the name of a clean copy on somebody's disk: it tells the case and nothing of the person."""
    kind = line.copy_kind or FileKind.TEXT
    return f"{case.reference}-{line.id.hex[:8]}-clean.{ENDINGS.get(kind, kind.value)}"


def hand_out_copy(case: Case, line: FileLine, pieces: Iterator[bytes], *, inline: bool) -> HttpResponseBase:
    """Stream a clean copy that is there."""
    kind = FileKind(line.copy_kind or FileKind.TEXT)
    return hand_out(pieces, content_type=CONTENT_TYPES[kind], name=copy_name(case, line), inline=inline)


def hand_out(pieces: Iterator[bytes], *, content_type: str, name: str, inline: bool) -> HttpResponseBase:
    """Stream part by part; keys are opened already, and each part is verified before its bytes leave."""
    headers = {
        "Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)
