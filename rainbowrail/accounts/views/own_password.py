"""My password: set a new one. Every other session of mine ends with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from rainbowrail.accounts import own_password
from rainbowrail.accounts.forms.password import OwnPasswordForm
from rainbowrail.accounts.queries import staff_of
from rainbowrail.web.doors import staff_page
from rainbowrail.web.recent import needs_recent_sign_in


@staff_page()
@needs_recent_sign_in()
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    person = staff_of(request)
    had_one = person.has_usable_password()
    form = OwnPasswordForm(request.POST if request.method == "POST" else None, has_password=had_one)
    if request.method == "POST" and form.is_valid() and _changed(request, form, form.cleaned_data):
        messages.success(request, _("The new password is set. All your other sessions have ended."))
        return redirect("account_sessions")
    return render(request, "accounts/password.html", {"form": form, "had_one": had_one}, status=422 if form.is_bound else 200)


@sensitive_variables()
def _changed(request: HttpRequest, form: OwnPasswordForm, told: dict[str, Any]) -> bool:
    """Set it, and go on in this browser under a new key; or say at the field what is wrong."""
    person = staff_of(request)
    try:
        if "former" in told:
            own_password.check_former(person, told["former"])
        own_password.change(person, to=told["password"])
    except own_password.WrongPassword:
        form.add_error("former", _("This is not your password."))
        return False
    except ValidationError as error:
        form.add_error("password", error)
        return False
    update_session_auth_hash(request, person)
    return True
