"""Answering a question of ours."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.models.answer import ANSWER_MAX
from rainbowrail.web.forms import PageForm


class AnswerForm(PageForm):
    """`once` is a random mark of the page: the same page sent twice is one answer."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=ANSWER_MAX,
        widget=forms.Textarea(attrs={"rows": "8", "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Write your answer first; nothing was sent.")},
    )
    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())
