"""The page behind the link of an invitation. Looking at it uses nothing up: mail programs look at links too."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from rainbowrail.accounts import factors, inviting
from rainbowrail.accounts.forms.people import AcceptForm
from rainbowrail.errors import NotPossible
from rainbowrail.web.doors import public_page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public_page
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Name and password; then whoever has no second factor yet goes on to it, signed in for nothing else."""
    found = inviting.of_link(token)
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    form = AcceptForm(request.POST if request.method == "POST" else None, is_known=found.person_id is not None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            person = inviting.accept(token, name=told.get("name", ""), password=told["password"] or None)
        except ValidationError as error:
            form.add_error("password", error)
        except NotPossible:
            return render(request, "accounts/invitation_over.html", status=404)
        else:
            logout(request)
            if factors.kinds_of(person).any:
                messages.success(request, _("The new password is set. Sign in with it."))
                return redirect("account_login")
            login(request, person, backend=BACKEND)
            return redirect("mfa_index")
    return render(
        request, "accounts/invitation.html", {"form": form, "invitation": found}, status=422 if form.is_bound else 200
    )
