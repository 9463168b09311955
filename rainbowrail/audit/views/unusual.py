"""Unusual patterns: what an auditor asks about first. Each finding leads to its lines."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rainbowrail.audit import unusual as patterns
from rainbowrail.audit.record import record
from rainbowrail.audit.unusual import KIND_BEHIND, Finding, Pattern
from rainbowrail.audit.verbs import KernelVerb
from rainbowrail.roles import Role
from rainbowrail.web.doors import actor_of, me_of, staff_page
from rainbowrail.web.forms import PageForm


class UntilForm(PageForm):
    until = forms.DateField(
        label=_("The seven days up to"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Today, when empty."),
    )

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day is not None and not 2000 <= day.year <= 2999:
            raise forms.ValidationError(_("No line of the trail can be from that time."))
        return day


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as the page shows it, with the way to its lines."""

    finding: Finding
    who: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    pattern: Pattern
    rows: list[Row]


@staff_page(Role.AUDITOR)
@require_safe
def unusual(request: HttpRequest) -> HttpResponse:
    form = UntilForm(request.GET or None)
    zone = ZoneInfo(settings.ORGANISATION_TIME_ZONE)
    wanted = form.cleaned_data.get("until") if form.is_bound and form.is_valid() else None
    until = wanted or timezone.localtime(timezone=zone).date()
    # One's own refusals are for another auditor: see rainbowrail.audit.forms.TrailForm.
    me = me_of(request)
    findings = [one for one in patterns.found(until=until) if one.pattern is not Pattern.REFUSED or one.staff_id != me]
    names = get_user_model()._default_manager.in_bulk({finding.staff_id for finding in findings})
    rows = [Row(each, str(names.get(each.staff_id, _("Former staff"))), _lines_url(each)) for each in findings]
    record(KernelVerb.TRAIL_VIEWED, by=actor_of(request), detail={"page": "unusual", "left": until.isoformat()})
    groups = [
        Group(pattern, of_it) for pattern in Pattern if (of_it := [row for row in rows if row.finding.pattern is pattern])
    ]
    context = {
        "form": form,
        "groups": groups,
        "until": until,
        "since": until - timedelta(days=patterns.DAYS_SHOWN - 1),
        "zone": settings.ORGANISATION_TIME_ZONE,
    }
    return render(request, "audit/unusual.html", context)


def _lines_url(finding: Finding) -> str:
    """The lines behind a finding. The trail's days are UTC, the organisation's day may touch two of them."""
    day = finding.when.astimezone(ZoneInfo("UTC")).date()
    last = (finding.when + timedelta(days=1)).astimezone(ZoneInfo("UTC")).date() if finding.pattern is not Pattern.HOUR else day
    query: dict[str, str | int] = {"what": KIND_BEHIND[finding.pattern].value, "day": day.isoformat()}
    if finding.pattern is not Pattern.SIGN_IN:  # nobody was signed in, so that these lines name nobody who acted
        query = {"person": finding.staff_id, **query}
    if last != day:
        query["until"] = last.isoformat()
    return f"{reverse('audit:trail')}?{urlencode(query)}"
