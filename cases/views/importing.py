"""The file of a partner: check it, bring in its good rows, get the others back to mend. It is held in memory only."""

import hashlib
from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.importing import mending
from cases.importing.columns import CheckedRow, check_rows
from cases.importing.holding import takes_partner_file
from cases.importing.reading import UnreadableFile, rows_of
from cases.models import PartnerOrganisation
from cases.permissions import IMPORTERS, check_import
from cases.views.finding import staff_of
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.exports import export

ROLES: tuple[Role, ...] = tuple(sorted(IMPORTERS))
SHOWN = 100
# A check counts for the same file and partner, for so long.
CHECK_SECONDS = 60 * 60
SALT = "cases.partner_file"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a check found: counts, the first rows to mend, columns that we do not know, and the proof that it was done."""

    good: int
    bad: int
    before: int
    shown: list[CheckedRow]
    unknown: list[str]
    proof: str


@staff_page(*ROLES)
@takes_partner_file
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, partner_id: str) -> HttpResponse:
    partner, by = get_object_or_404(PartnerOrganisation, pk=partner_id), staff_of(request).actor
    check_import(by)
    if not partner.is_active:
        raise NotPossible(_("This organisation is not active. Make it active first."))
    if request.method != "POST":
        return _page(request, partner)
    file = request.FILES.get("file")
    raw = file.read() if file else b""
    try:
        rows = check_rows(rows_of(raw), today=timezone.localdate())
    except UnreadableFile as problem:
        return _page(request, partner, problem=str(problem) if file else _("Choose a file first."))
    match request.POST.get("what"):
        case "import" if _was_checked(request, partner, raw):
            imported = actions.import_rows(partner, rows, by=by)
            if imported.made:
                words = ngettext("%(count)s request came in.", "%(count)s requests came in.", imported.made)
                messages.success(request, words % {"count": imported.made})
            return _page(request, partner, looked=_look(partner, rows, raw), imported=imported)
        case "import":
            words = _("This is not the file that was checked. Check it first, then import the same file.")
            return _page(request, partner, problem=words)
    actions.note_check(partner, rows, by=by)
    return _page(request, partner, looked=_look(partner, rows, raw))


@staff_page(*ROLES)
@export(form="cases:import")
@takes_partner_file
@require_POST
def import_mend(request: HttpRequest, partner_id: str) -> HttpResponse:
    """Hand the rows with errors back, to be mended. Taking them is on record."""
    partner, by = get_object_or_404(PartnerOrganisation, pk=partner_id), staff_of(request).actor
    check_import(by)
    file = request.FILES.get("file")
    try:
        rows = check_rows(rows_of(file.read() if file else b""), today=timezone.localdate())
    except UnreadableFile as problem:
        return _page(request, partner, problem=str(problem) if file else _("Choose a file first."))
    actions.note_mending(partner, rows, by=by)
    return _file(mending.to_mend(rows), "rows-to-mend.csv")


@staff_page(*ROLES)
@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """The empty file to begin with."""
    return _file(mending.template(), "requests-template.csv")


def _look(partner: PartnerOrganisation, rows: list[CheckedRow], raw: bytes) -> Looked:
    good, bad = [row for row in rows if row.is_good], [row for row in rows if not row.is_good]
    before = len(actions.known_rows(partner, good))
    unknown = sorted({name for row in rows for name in row.unknown})[:20]
    proof = signing.dumps(_what_of(partner, raw), salt=SALT)
    return Looked(len(good) - before, len(bad), before, bad[:SHOWN], unknown, proof)


def _was_checked(request: HttpRequest, partner: PartnerOrganisation, raw: bytes) -> bool:
    try:
        told = signing.loads(request.POST.get("proof", ""), salt=SALT, max_age=CHECK_SECONDS)
    except signing.BadSignature:
        return False
    return bool(told == _what_of(partner, raw))


def _what_of(partner: PartnerOrganisation, raw: bytes) -> list[str]:
    return [str(partner.pk), hashlib.sha256(raw).hexdigest()]


def _page(request: HttpRequest, partner: PartnerOrganisation, **told: object) -> HttpResponse:
    nothing = {"problem": "", "looked": None, "imported": None, "shown_most": SHOWN}
    return render(request, "cases/import.html", nothing | told | {"partner": partner})


def _file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode(), content_type="text/csv; charset=utf-8", headers=headers)
