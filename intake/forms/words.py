"""Stage 1: the person's own words, how they found us, and what we may do with all of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from intake.answers import Answers
from intake.consent import FILER_TEXT_VERSION, TEXT_VERSION
from intake.forms.base import StepForm
from intake.forms.fields import Tick, Words
from intake.models.help_request import OWN_WORDS_MAX


class OwnWordsForm(StepForm):
    own_words = Words(
        _("What else should we know?"),
        most=OWN_WORDS_MAX,
        long=True,
        why=_(
            "In your own words and your own language, as much or as little as you like. Please leave out other people's names."
        ),
    )


class HeardForm(StepForm):
    heard = Words(_("How did you hear of us?"), most=200)
    partner = Words(_("If an organisation gave you a code, write it here"), most=60, dir="ltr")


class ConsentForm(StepForm):
    """The one step that cannot be skipped: without a yes to the first tick nothing can be sent."""

    consent_read = Tick(
        _("You may keep what I wrote and read it to see how you can help"),
        required=True,
        error=_("Tick this if you want us to read it. Without it we cannot help; nothing was sent."),
    )
    consent_partners = Tick(_("You may ask a partner organisation near me for help, without saying who I am"))
    consent_statistics = Tick(_("You may count my answers in statistics in which nobody can be recognised"))

    def prepare(self) -> None:
        if self.is_for_another():  # nobody permits in somebody else's name: the person is asked later, with their own code
            del self.fields["consent_partners"], self.fields["consent_statistics"]

    def to_answers(self) -> Answers:
        given = {"consent_partners": None, "consent_statistics": None} | super().to_answers()
        return given | {"consent_text_version": FILER_TEXT_VERSION if self.is_for_another() else TEXT_VERSION}

    def owned_keys(self) -> list[str]:
        return ["consent_read", "consent_partners", "consent_statistics", "consent_text_version"]
