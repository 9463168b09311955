"""What the trail can be narrowed to. Everything combines."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from rainbowrail.actors import ActorKind
from rainbowrail.audit import references
from rainbowrail.audit.kinds import Kind, verbs_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.audit.queries import AuditEventQuerySet
from rainbowrail.web.forms import PageForm

ANYTHING = [("", _("Anything"))]
ANYBODY = [
    ("", _("Anybody")),
    (ActorKind.STAFF.value, _("Staff")),
    (ActorKind.APPLICANT.value, _("Applicants")),
    (ActorKind.SYSTEM.value, _("The system")),
]


class TrailForm(PageForm):
    """What a `reader` asks of the trail. What is hidden from them is not in it, nor what they themselves were refused: from the
    two together they could tell a case that is hidden from one that was never there."""

    case = forms.CharField(label=_("Case"), required=False, max_length=40, help_text=_("Its reference, such as RR-K7MT-4QWD."))
    person: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("Member of staff"), required=False, queryset=None, empty_label=_("Everybody")
    )
    who = forms.ChoiceField(label=_("Who"), required=False, choices=ANYBODY)
    what = forms.ChoiceField(label=_("What"), required=False, choices=[*ANYTHING, *Kind.choices])
    day = forms.DateField(label=_("Day, UTC"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}), help_text=_("For more than one day.")
    )

    def __init__(self, *args: Any, reader: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        people: Any = self.fields["person"]
        people.queryset = get_user_model()._default_manager.order_by("name", "pk")

    def clean_case(self) -> UUID | None:
        typed = self.cleaned_data["case"]
        if not typed:
            return None
        found = references.find_for(self.reader, typed)
        if found is None:
            raise forms.ValidationError(_("No case has this reference. Look for letters that sound alike."))
        return found

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        day, until = wanted.get("day"), wanted.get("until")
        if until and not day:
            self.add_error("day", _("Say from which day on."))
        elif until and until < day:
            self.add_error("until", _("This is before the first day."))
        return wanted

    @property
    def wanted(self) -> dict[str, Any]:
        """What to narrow to; empty where nothing was asked, or it was not understood."""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}

    def narrowed(self) -> AuditEventQuerySet:
        """Return the lines asked for, in no order; none where the form has errors."""
        events: AuditEventQuerySet = AuditEvent.objects.exclude(case_id__in=references.all_hidden(self.reader))
        events = events.exclude(actor_id=self.reader, verb__in=verbs_of(Kind.REFUSED))
        if self.is_bound and not self.is_valid():
            return events.none()
        wanted = self.wanted
        if wanted.get("case"):
            events = events.of_case(wanted["case"])
        if wanted.get("person"):
            events = events.of_person(wanted["person"].pk)
        if wanted.get("who"):
            events = events.filter(actor_kind=wanted["who"])
        if wanted.get("what"):
            events = events.filter(verb__in=verbs_of(Kind(wanted["what"])))
        if wanted.get("day"):
            events = events.on_days(wanted["day"], wanted.get("until") or wanted["day"])
        return events

    @property
    def order(self) -> tuple[str, ...]:
        """Newest first, by the index that serves what was asked."""
        wanted = self.wanted
        by_day = wanted.get("day") and not wanted.get("case") and not wanted.get("person")
        return ("-at", "-id") if by_day else ("-id",)

    def about(self) -> dict[str, str | int]:
        """Return what was asked for as details of the line that says who read the trail: ids and codes."""
        wanted = self.wanted
        told: dict[str, str | int] = {}
        if wanted.get("person"):
            told["person"] = wanted["person"].pk
        if wanted.get("what"):
            told["kind"] = wanted["what"]
        for key, name in (("day", "left"), ("until", "entered")):
            if isinstance(wanted.get(key), date):
                told[name] = wanted[key].isoformat()
        return told
