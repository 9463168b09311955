from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms import NoteForm
from cases.permissions import check_work_on
from cases.views.acting import Page, act, given
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.web.doors import staff_page

NOTE = Page(gettext_lazy("Write a note"), gettext_lazy("Keep the note"))


@staff_page(*READER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, reference: str) -> HttpResponse:
    case, by = case_of(request, reference), staff_of(request).actor
    check_work_on(by, case)

    def write(told: dict[str, Any]) -> str:
        actions.write_note(case, text=told["text"], once=told["once"], by=by)
        return _("The note is kept.")

    return act(request, case, NOTE, NoteForm(given(request)), write)
