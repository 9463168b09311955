"""Partner organisations: who sends people to us, with which codes, and how many came."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.models import Case, CaseOrigin, PartnerCode, PartnerOrganisation
from cases.models.partner import CONTACT_MAX, NAME_MAX, NOTES_MAX
from cases.permissions import IMPORTERS, PARTNER_KEEPERS
from cases.states import CameBy
from cases.views.finding import staff_of
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role
from rainbowrail.web.doors import staff_page
from rainbowrail.web.forms import PageForm
from rainbowrail.web.pagination import Keyset

ROLES: tuple[Role, ...] = tuple(sorted(PARTNER_KEEPERS))
# Statistics show counts of 5 or more only (domain.md): a smaller one may point at a person.
FEWEST_TOLD = 5
# The sum that the list adds to each row.
BY_CODE = "by_code"


class PartnerForm(PageForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_MAX, widget=forms.TextInput(attrs={"dir": "auto"}))
    contact = forms.CharField(
        label=gettext_lazy("How we reach them"),
        max_length=CONTACT_MAX,
        required=False,
        help_text=gettext_lazy("A role or an office rather than a person’s own number."),
    )
    notes = forms.CharField(
        label=gettext_lazy("Notes"),
        max_length=NOTES_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("About the organisation only. Never about somebody whom they sent."),
    )


class ChangePartnerForm(PartnerForm):
    is_active = forms.BooleanField(label=gettext_lazy("We work with them now"), required=False)


class CodeForm(PageForm):
    expires_on = forms.DateField(
        label=gettext_lazy("Last day of the code"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave it empty for a code without an end."),
    )


@dataclass(frozen=True, slots=True)
class Count:
    """How many requests came; nothing exact below FEWEST_TOLD."""

    exact: int

    @property
    def told(self) -> int | None:
        return self.exact if self.exact >= FEWEST_TOLD else None

    @property
    def is_none(self) -> bool:
        return self.exact == 0


@staff_page(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: HttpRequest) -> HttpResponse:
    """The list, and adding one."""
    by = staff_of(request).actor
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_partner(**form.cleaned_data, by=by)
        except NotPossible as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Added. Now make a code that they can hand out."))
            return redirect("cases:partner", made.pk)
    rows = PartnerOrganisation.objects.annotate(**{BY_CODE: Sum("codes__uses")})
    page = Keyset(rows, order=("name", "id"), after=request.GET.get("after"))
    lines = [(row, Count(row.filed + (getattr(row, BY_CODE) or 0))) for row in page.rows]
    return render(request, "cases/partners.html", {"lines": lines, "page": page, "form": form, "fewest": FEWEST_TOLD})


@staff_page(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, partner_id: str) -> HttpResponse:
    """One organisation: change it, its codes."""
    found, by = get_object_or_404(PartnerOrganisation, pk=partner_id), staff_of(request).actor
    told = {name: getattr(found, name) for name in ("name", "contact", "notes", "is_active")}
    form = ChangePartnerForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_partner(found, **form.cleaned_data, by=by)
        except NotPossible as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("cases:partner", found.pk)
    return _shown(request, found, form, CodeForm())


@staff_page(*ROLES)
@require_POST
def make_partner_code(request: HttpRequest, partner_id: str) -> HttpResponse:
    found, by = get_object_or_404(PartnerOrganisation, pk=partner_id), staff_of(request).actor
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            made = actions.make_partner_code(found, expires_on=form.cleaned_data["expires_on"], by=by)
        except NotPossible as refusal:
            form.add_error("expires_on", str(refusal))
        else:
            messages.success(request, _("The new code is %(code)s.") % {"code": made.code})
            return redirect("cases:partner", found.pk)
    told = {name: getattr(found, name) for name in ("name", "contact", "notes", "is_active")}
    return _shown(request, found, ChangePartnerForm(initial=told), form)


@staff_page(*ROLES)
@require_POST
def revoke_partner_code(request: HttpRequest, code_id: str) -> HttpResponse:
    code = get_object_or_404(PartnerCode, pk=code_id)
    actions.revoke_partner_code(code, by=staff_of(request).actor)
    messages.success(request, _("The code has ended. A request that still names it is accepted and marked."))
    return redirect("cases:partner", code.partner_id)


def origin_of(case: Case) -> str:
    """Return in words through whom the case came, or nothing. Two queries; opens CASEWORK."""
    origin = CaseOrigin.objects.filter(case=case).first()
    return words_of([origin])[case.pk] if origin else ""


def words_of(origins: list[CaseOrigin]) -> dict[object, str]:
    """Return case id -> through whom it came, in words. One query. Opens CASEWORK, whose keys the caller fetched."""
    told = {origin.case_id: origin.told for origin in origins}
    names = dict(
        PartnerOrganisation.objects.filter(pk__in={one["partner"] for one in told.values() if one["partner"]}).values_list(
            "pk", "name"
        )
    )
    by_id = {str(key): name for key, name in names.items()}
    return {
        case_id: ", ".join(filter(None, [by_id.get(one["partner"], ""), str(CameBy(one["how"]).label)]))
        for case_id, one in told.items()
    }


def _shown(request: HttpRequest, found: PartnerOrganisation, form: PageForm, code_form: PageForm) -> HttpResponse:
    page = Keyset(found.codes.all(), order=("-made_on", "id"), after=request.GET.get("after"))
    for code in page.rows:
        code.partner = found
    context = {
        "partner": found,
        "form": form,
        "code_form": code_form,
        "page": page,
        "lines": [(code, Count(code.uses)) for code in page.rows],
        "filed": Count(found.filed),
        "fewest": FEWEST_TOLD,
        "today": timezone.localdate(),
        "may_import": bool(staff_of(request).actor.roles & IMPORTERS) and found.is_active,
    }
    return render(request, "cases/partner.html", context)
