"""The demo door: sign in as any of the invented cast with one click. It exists in the demo only (decision 0028)."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rainbowrail.accounts import standing
from rainbowrail.accounts.models import User
from rainbowrail.demo.cast import STAFF
from rainbowrail.roles import SENTENCES, Role
from rainbowrail.web.doors import public_page

ADDRESSES = tuple(f"{key}@example.org" for key, _name, _roles in STAFF)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Show the cast with their roles; a POST names one of them, who is then signed in as after both factors."""
    if not settings.DEMO:
        raise Http404
    cast = User.objects.filter(email__in=ADDRESSES, is_active=True)
    if request.method != "POST":
        people = sorted(cast, key=lambda person: ADDRESSES.index(person.email))
        context = {"people": [(person, _what(person)) for person in people], "next": request.GET.get("next", "")}
        return render(request, "demo/door.html", context)
    person = get_object_or_404(cast, email=request.POST.get("who", ""))
    logout(request)
    login(request, person, backend=BACKEND)
    record_authentication(request, person, "demo", reauthenticated=True)
    standing.mark(request, person)
    then = request.POST.get("next", "")
    return redirect(then if url_has_allowed_host_and_scheme(then, allowed_hosts=None) else "account_home")


def _what(person: User) -> list[tuple[str, str]]:
    """Return each role with its sentence."""
    known = [(str(Role(role).label), str(SENTENCES[Role(role)])) for role in person.roles]
    return known or [(_("No role"), _("May sign in, and opens nothing."))]
