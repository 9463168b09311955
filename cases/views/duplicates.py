"""Whether two cases are one person's: a person says so, on the page of one of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import actions, need_to_know
from cases.models import PossibleDuplicate
from cases.need_to_know import Depth
from cases.states import Verdict
from cases.views.finding import READER_ROLES, case_of, staff_of
from rainbowrail.errors import NotPossible
from rainbowrail.web.doors import staff_page


@staff_page(*READER_ROLES)
@require_POST
def judge(request: HttpRequest, reference: str, other: str) -> HttpResponse:
    case, rival = case_of(request, reference), case_of(request, other)
    if need_to_know.depth_of(rival, staff_of(request).actor) < Depth.CARD:
        raise Http404
    pair = get_object_or_404(PossibleDuplicate.objects.of(case).of(rival))
    verdict = request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        raise NotPossible(_("Say that they are the same person, or that they are not."))
    actions.judge(pair, on=case, verdict=Verdict(verdict), by=staff_of(request).actor)
    messages.success(request, _("Kept: %(verdict)s.") % {"verdict": Verdict(verdict).label})
    return redirect(f"{case.get_absolute_url()}#duplicates")
