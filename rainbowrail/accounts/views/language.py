"""The language of the staff door: kept with whoever is signed in, in a cookie of the session for everybody else."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rainbowrail.accounts import languages, standing
from rainbowrail.accounts.forms.language import LanguageForm
from rainbowrail.accounts.queries import staff_of
from rainbowrail.web import errors
from rainbowrail.web.doors import public_page
from rainbowrail.web.language import remember


@public_page
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Take `language`, empty for what the browser asks for, and go back to `next`, a path of this door."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return errors.bad_request(request)
    code = form.cleaned_data["language"]
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if is_ours else "/")
    if code:
        remember(response, code)
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Strict")
    if standing.has_both_factors(request):
        languages.choose(staff_of(request), code)
        with translation.override(code or translation.get_language()):
            messages.success(request, _("The language is set, for pages and for mails to you."))
    return response
