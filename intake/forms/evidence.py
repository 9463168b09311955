"""Adding a file. The form only says that there is one; its bytes were sealed before the form was read (`intake.upload`)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.upload import NotTaken, Upload
from rainbowrail.crypto.file_kinds import Refusal
from rainbowrail.web.forms import PageForm

AGAIN = _("This file again, the others are safe.")
SENTENCES: dict[Refusal | NotTaken, str | Promise] = {
    Refusal.PROGRAM: _("This is a program. We take pictures, PDF, letters, text, sound and film."),
    Refusal.WEB_PAGE: _("This is a web page. Make a picture of the screen instead; we take pictures, PDF, letters and text."),
    Refusal.ARCHIVE: _("This is a packed folder. Please send the files in it one by one."),
    Refusal.UNKNOWN: _("We do not know this kind of file. We take pictures, PDF, letters, text, sound and film."),
    Refusal.EMPTY: _("This file is empty. Please choose it again, or choose another one."),
    NotTaken.TOO_LARGE: _("This file is too large. A file may have 250 MB; a shorter film or a picture of it helps too."),
    NotTaken.SECOND_FILE: _("Please send one file at a time."),
    NotTaken.CUT: AGAIN,
    NotTaken.TOO_FAST: _("Many files arrive at this moment. Please wait a minute and send this one again."),
}


class FileForm(PageForm):
    """`once` is a random mark of the page: the same page sent twice is one file."""

    file = forms.FileField(label=_("File"), required=False, widget=forms.FileInput())
    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, upload: Upload | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upload = upload

    def clean_file(self) -> Upload:
        """Return what came in. The sentence for a refused one names its kind, never the file."""
        if self.upload is None:
            raise forms.ValidationError(_("Choose a file first; nothing was sent."))
        if self.upload.refusal is not None:
            raise forms.ValidationError(list(dict.fromkeys([SENTENCES[self.upload.refusal], AGAIN])))
        return self.upload
