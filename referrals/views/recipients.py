"""Officials and their keys: add one, check a key with them over another channel, retire one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rainbowrail.errors import NotPossible
from rainbowrail.web.doors import staff_page
from rainbowrail.web.recent import needs_recent_sign_in
from referrals import actions, permissions
from referrals.forms import RecipientForm
from referrals.models import Recipient
from referrals.programmes import PROGRAMMES
from referrals.views.finding import KEY_ROLES, staff_of


@staff_page(*KEY_ROLES)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def recipients(request: HttpRequest) -> HttpResponse:
    by = staff_of(request).actor
    form = RecipientForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_recipient(**form.cleaned_data, by=by)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Added. A second person must now check the key with the official."))
            return redirect("referrals:recipient", added.pk)
    rows = Recipient.objects.select_related("added_by", "key_checked_by").order_by("retired_on", "programme", "name", "id")
    may_add = bool(by.roles & permissions.KEY_KEEPERS)
    context = {"rows": rows, "form": form, "may_add": may_add, "programmes": PROGRAMMES}
    return render(request, "referrals/recipients.html", context, status=status)


@staff_page(*KEY_ROLES)
@needs_recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def recipient(request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """One official: the fingerprint to read to each other, and the two things that can be done."""
    by = staff_of(request).actor
    found = get_object_or_404(Recipient.objects.select_related("added_by", "key_checked_by"), pk=recipient_id)
    if request.method == "POST":
        if request.POST.get("do") == "retire":
            actions.retire_recipient(found, by=by)
            messages.success(request, _("Nothing is sent to this official any more."))
        else:
            actions.confirm_key(found, by=by)
            messages.success(request, _("The key is checked; files can be made for this official."))
        return redirect("referrals:recipient", found.pk)
    context = {
        "recipient": found,
        "programme": PROGRAMMES[found.programme],
        "may_check": found.is_active and not found.is_checked and permissions.allows(permissions.check_confirm_key, by, found),
        "may_retire": found.is_active and bool(by.roles & permissions.KEY_KEEPERS),
    }
    return render(request, "referrals/recipient.html", context)
