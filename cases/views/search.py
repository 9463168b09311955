"""Looking for a person. Posted, because what is typed must stay out of addresses, histories and logs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases import actions
from cases.forms import SearchForm
from cases.permissions import check_search
from cases.views.finding import READER_ROLES, staff_of
from rainbowrail.web.doors import staff_page


@staff_page(*READER_ROLES)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    by = staff_of(request).actor
    check_search(by)
    form = SearchForm(request.POST, auto_id="search_%s")
    if not form.is_valid():
        return render(request, "cases/search.html", {"form": form, "findings": None}, status=422)
    return render(request, "cases/search.html", {"form": form, "findings": actions.search(form.cleaned_data["words"], by=by)})
