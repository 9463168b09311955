"""Hand over all that somebody leaves behind: how much it is, who takes it, and one button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions, leaving
from cases.forms import HeirsForm
from cases.permissions import LEADERS
from cases.views.acting import given
from cases.views.finding import staff_of
from rainbowrail.accounts.models import User
from rainbowrail.errors import NotPossible
from rainbowrail.web.doors import staff_page
from rainbowrail.web.pagination import Keyset
from rainbowrail.web.recent import needs_recent_sign_in

PAGE_SIZE = 25
MOST_CLOSED = 50


@staff_page(*sorted(LEADERS))
@require_safe
def leavers(request: HttpRequest) -> HttpResponse:
    """Everybody of staff, to choose who leaves; and first the closed accounts that still hold something."""
    page = Keyset(User.objects.filter(is_active=True), ("name", "id"), after=request.GET.get("after"), size=PAGE_SIZE)
    left = leaving.closed_with_something_left(staff_of(request).actor)
    shown = list(left[:MOST_CLOSED])
    more = left.count() - MOST_CLOSED if len(shown) == MOST_CLOSED else 0
    return render(request, "cases/leavers.html", {"page": page, "left": shown, "more_left": more})


@staff_page(*sorted(LEADERS))
@needs_recent_sign_in(carries=("heirs",))
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, person_id: int) -> HttpResponse:
    leaver, by = get_object_or_404(User, pk=person_id), staff_of(request).actor
    lines = [(estate, number) for estate in leaving.estates() if (number := estate.holding.count(leaver.pk, by))]
    # Whoever was asked for a factor on the way finds the people chosen again.
    chosen = [heir for heir in request.GET.getlist("heirs") if heir.isdecimal() and len(heir) < 18]
    form = HeirsForm(given(request), leaver=leaver, initial={"heirs": chosen})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = 409
            try:
                given_away = actions.hand_over_everything(leaver, heirs=list(form.cleaned_data["heirs"]), by=by)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                number = sum(given_away.values())
                messages.success(request, _("Handed over: %(number)s. Nothing is left with them.") % {"number": number})
                return redirect("cases:hand_over", leaver.pk)
    context = {
        "leaver": leaver,
        "lines": lines,
        "form": form,
        "alone": leaving.seen_by_nobody_else(leaver.pk, by),
        "needs_heirs": any(estate.heirs for estate, _number in lines),
    }
    return render(request, "cases/hand_over.html", context, status=status)
