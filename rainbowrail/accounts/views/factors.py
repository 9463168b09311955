"""My second factors: enrol, see, add, remove; recovery codes. Whoever has none sees the enrolment and nothing else."""

from typing import Any

from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as passkeys
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rainbowrail.accounts import factors, standing
from rainbowrail.accounts.forms.factors import AddPasskey
from rainbowrail.accounts.models import User
from rainbowrail.accounts.queries import staff_of
from rainbowrail.accounts.whose_factor import is_theirs
from rainbowrail.web.doors import staff_page
from rainbowrail.web.recent import needs_recent_sign_in


@staff_page()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What I have, or, for whoever has nothing yet, the choice of a first one."""
    person = staff_of(request)
    owned = factors.kinds_of(person)
    if owned.any:
        return render(request, "mfa/index.html", {"owned": owned})
    return render(request, "mfa/enrol.html", {"may_use_app": person.has_usable_password()})


@staff_page()
@needs_recent_sign_in(enrolment=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey. It signs in alone, so it lives in the device or key and asks for finger, face or PIN there."""
    person = staff_of(request)
    form: Any = AddPasskey(data=request.POST if request.method == "POST" else None, user=person, initial={"name": ""})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        _added, codes = passkeys.add_authenticator(request, name=told["name"], credential=told["credential"])
        standing.raise_to_both(request, person)
        messages.success(request, _("The passkey is added."))
        return redirect("mfa_view_recovery_codes" if codes else "mfa_index")
    context = {"form": form, "options": webauthn.begin_registration(person, True)}
    return render(request, "mfa/add_passkey.html", context, status=422 if form.is_bound else 200)


class AddAppView(ActivateTOTPView):  # type: ignore[misc]  # allauth is not typed
    """allauth's page, after which the session of somebody who enrolled stands where both factors lead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead whoever has an app to the page that says so; allauth would lead to a page of its own, which is not routed."""
        if factors.kinds_of(staff_of(request)).app:
            return redirect("mfa_index")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        standing.raise_to_both(self.request, staff_of(self.request))
        return response


add_app = needs_recent_sign_in(enrolment=True)(AddAppView.as_view())


@staff_page()
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Remove a passkey or the app, unless it is the last: somebody without a second factor could do nothing."""
    person = staff_of(request)
    kinds = (factors.PASSKEY, factors.APP)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two removals at once: one factor stays
        factor = get_object_or_404(Authenticator, pk=factor_id, user_id=person.pk, type__in=kinds)
        is_last = factors.kinds_of(person).is_last
        if request.method == "POST" and not is_last:
            delete_and_cleanup(request, factor)
            messages.success(request, _("It is removed. Your other sessions have ended."))
            return redirect("mfa_index")
    context = {"factor": factor.wrap(), "is_passkey": factor.type == factors.PASSKEY, "is_last": is_last}
    return render(request, "mfa/remove.html", context, status=409 if request.method == "POST" else 200)


@staff_page()
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """How many codes are left; the button shows them, once after they were made.

    By a button, because a browser that looks ahead, or asks for the head alone, would use up the one time.
    """
    row = Authenticator.objects.filter(user_id=staff_of(request).pk, type=factors.CODES).first()
    if row is None or not is_theirs(row):
        return render(request, "mfa/recovery_codes.html", {"codes": [], "left": 0, "may_show": False})
    made = row.wrap()
    left, may_show = made.get_unused_codes(), not made.did_view
    shows = may_show and request.method == "POST"
    if shows:
        made.mark_as_viewed()
    context = {"codes": left if shows else [], "left": len(left), "may_show": may_show and not shows}
    return render(request, "mfa/recovery_codes.html", context)


@staff_page()
@needs_recent_sign_in(form="mfa_view_recovery_codes")
@require_POST
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new codes; the old ones stop working."""
    recovery.generate_recovery_codes(request)
    return redirect("mfa_view_recovery_codes")
