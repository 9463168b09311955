"""Why the plan begins, what somebody looked at before vouching for the hosts, and why it ends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rainbowrail.panic.states import WhyBegun, WhyEnded
from rainbowrail.web.forms import PageForm


class BeginForm(PageForm):
    why = forms.ChoiceField(label=_("Why"), choices=WhyBegun, widget=forms.RadioSelect)


class HostsForm(PageForm):
    looked = forms.BooleanField(
        label=_("I spoke with whoever runs the hosts, over another way than this system."),
        error_messages={"required": _("Speak with them first. A new key on a host that is not ours helps whoever has it.")},
    )
    ours = forms.BooleanField(
        label=_("Nobody else has been at them, or they were set up anew."),
        error_messages={"required": _("Set the hosts up anew first, then come back.")},
    )


class AskEndForm(PageForm):
    why = forms.ChoiceField(label=_("Why"), choices=WhyEnded, widget=forms.RadioSelect)
