"""What the trail can be narrowed to."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from rainbowrail.audit import references
from rainbowrail.web.forms import PageForm


class TrailForm(PageForm):
    case = forms.CharField(label=_("Case"), required=False, max_length=40, help_text=_("Its reference, such as RR-K7MT-4QWD."))
    person: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("Member of staff"), required=False, queryset=None, empty_label=_("Everybody")
    )
    day = forms.DateField(label=_("Day, UTC"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["person"]
        people.queryset = get_user_model()._default_manager.order_by("name", "pk")

    def clean_case(self) -> UUID | None:
        typed = self.cleaned_data["case"]
        if not typed:
            return None
        found = references.find(typed)
        if found is None:
            raise forms.ValidationError(_("No case has this reference. Look for letters that sound alike."))
        return found
