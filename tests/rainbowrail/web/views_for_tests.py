"""Small pages behind both doors' real middleware, for what the doors themselves must do."""

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from rainbowrail.crypto.errors import Busy
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import Role
from rainbowrail.urls.staff import handler400, handler403, handler404, handler500
from rainbowrail.urls.staff import urlpatterns as staff_urls
from rainbowrail.web.doors import applicant_page, public_page, staff_page
from rainbowrail.web.forms import PageForm

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
CANARY = "Adebayo Canary-7731"


class Words(PageForm):
    words = forms.CharField()


@public_page
@require_POST
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Words(request.POST).data["words"], content_type="text/plain")


@public_page
def breaks(request: HttpRequest) -> HttpResponse:
    local = CANARY
    raise RuntimeError(f"could not open {local}")


@public_page
def not_allowed(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("Only the owner of this case may do it.")


@public_page
def not_possible(request: HttpRequest) -> HttpResponse:
    raise NotPossible("This case is closed.")


@public_page
def full(request: HttpRequest) -> HttpResponse:
    raise Busy("full")


@public_page
def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(CANARY)


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never to be seen")


@staff_page()
def any_staff(request: HttpRequest) -> HttpResponse:
    return HttpResponse("staff", content_type="text/plain")


@staff_page(Role.TRIAGE_LEAD, Role.MANAGER)
def leads(request: HttpRequest) -> HttpResponse:
    return HttpResponse("leads", content_type="text/plain")


@applicant_page
def applicants(request: HttpRequest) -> HttpResponse:
    return HttpResponse("applicants", content_type="text/plain")


urlpatterns = [
    path("t/form/", form),
    path("t/breaks/", breaks),
    path("t/not-allowed/", not_allowed),
    path("t/not-possible/", not_possible),
    path("t/full/", full),
    path("t/suspicious/", suspicious),
    path("t/unmarked/", unmarked),
    path("t/any-staff/", any_staff),
    path("t/leads/", leads),
    path("t/applicants/", applicants),
    *staff_urls,
]
