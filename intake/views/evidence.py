"""Adding files to a request that was sent. What was added is counted, and never named, shown or taken back here."""

from __future__ import annotations

import secrets
from urllib.parse import unquote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from intake import file_actions
from intake.forms.evidence import SENTENCES, FileForm
from intake.opened import OpenVisit
from intake.upload import MOST_BYTES, NAME_MOST, Upload, read_piece, takes_files, upload_of
from intake.views.sessions import visit_page
from rainbowrail.crypto.files import PART_BYTES
from rainbowrail.web.doors import applicant_page


@takes_files
@applicant_page
@require_http_methods(["GET", "POST"])
@visit_page
def add(request: HttpRequest, visit: OpenVisit) -> HttpResponseBase:
    """Send one file. Without script one file a form; with script several, in pieces that survive a lost connection."""
    data = request.POST if request.method == "POST" else None
    form = FileForm(data, initial={"once": secrets.token_urlsafe(16)}, upload=upload_of(request))
    if data is not None and form.is_valid():
        file_actions.send_file(visit, form.cleaned_data["file"], token=form.cleaned_data["once"])
        return redirect("intake:files")
    if data is not None:
        # The browser shows an empty field again, so the next file is another one.
        form.data = {"once": secrets.token_urlsafe(16)}
    context = {
        "form": form,
        "sent_today": file_actions.files_sent_today(visit),
        "piece_bytes": PART_BYTES,
        "most_bytes": MOST_BYTES,
    }
    return render(request, "intake/files.html", context)


@applicant_page
@require_POST
def piece(request: HttpRequest) -> HttpResponseBase:
    """Take one piece of a file from the script: the raw body, told apart by headers, since addresses stay in histories.

    Answers JSON: {} when it is kept, {"refused": sentence} when the file is not taken; 400 for what no script of ours sends.
    """
    try:
        file_id, number = UUID(request.headers["X-File"]), int(request.headers["X-Piece"])
        is_last = request.headers["X-Last"] == "1"
        upload = read_piece(request, file_id=file_id, number=number, is_last=is_last)
    except (KeyError, ValueError):
        return HttpResponseBadRequest()
    if upload is None:
        return JsonResponse({}, status=403)
    if upload.refusal is not None:
        return JsonResponse({"refused": str(SENTENCES[upload.refusal])}, status=422)
    upload.name = unquote(request.headers.get("X-Name", ""))[-NAME_MOST:]
    upload.declared = request.headers.get("X-Declared", "")[:100]
    return _send_piece(request, upload)


@visit_page
def _send_piece(request: HttpRequest, visit: OpenVisit, upload: Upload) -> HttpResponse:
    file_actions.send_file(visit, upload, token=f"{upload.file_id}/{upload.parts[0].number}")
    return JsonResponse({})
