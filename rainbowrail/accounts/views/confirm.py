"""Shows once more that it is you: by passkey, code of the app or recovery code. No form of another page passes through here."""

from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from rainbowrail.accounts import factors
from rainbowrail.accounts.forms.factors import ConfirmByCode, ConfirmByPasskey
from rainbowrail.accounts.queries import staff_of
from rainbowrail.web.doors import staff_page


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    person, then = staff_of(request), _next(request)
    owned = factors.kinds_of(person)
    by_code: Any = ConfirmByCode(user=person)
    by_passkey: Any = ConfirmByPasskey(user=person)
    if request.method == "POST":
        posted: Any = ConfirmByCode if "code" in request.POST else ConfirmByPasskey
        form = posted(user=person, data=request.POST)
        if form.is_valid():
            form.save()
            return HttpResponseRedirect(then)
        by_code, by_passkey = (form, by_passkey) if posted is ConfirmByCode else (by_code, form)
    context = {
        "by_code": by_code,
        "by_passkey": by_passkey,
        "owned": owned,
        "next": then,
        "options": webauthn.begin_authentication(person) if owned.passkeys else None,
    }
    return render(request, "accounts/confirm.html", context)


def _next(request: HttpRequest) -> str:
    """Return where to go afterwards: an address of this door, or the first page."""
    then = request.POST.get("next") or request.GET.get("next") or ""
    return then if url_has_allowed_host_and_scheme(then, allowed_hosts=None) else resolve_url("account_home")
