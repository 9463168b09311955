"""Sending a file that was sealed while it was read. Safe for the public process.

The delivery carries the key of the parts, their order, and what the file is called: after it, nobody on this side can open,
list, change or delete what was sent.
"""

from __future__ import annotations

from base64 import b64encode

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import codes
from intake.deliveries import send
from intake.opened import OpenVisit
from intake.states import DeliveryKind
from intake.upload import Upload
from rainbowrail.errors import NotPossible
from rainbowrail.web.forms import clean_text

# A session's: whoever has more comes back with the code, and no robot fills the store through one open door.
MOST_FILES = 40


def send_file(visit: OpenVisit, upload: Upload, *, token: str) -> None:
    """Send the file, or the piece of one, that this request brought.

    `token` is the form's or the piece's: the same one twice is one file. Raises NotPossible for a file that was not taken,
    for more than MOST_FILES in a session, and when the code was changed elsewhere meanwhile.
    """
    if upload.refusal is not None or not upload.parts:
        raise NotPossible(_("This file was not taken. Go back and choose another one."))
    if token in visit.used_tokens:
        return
    if files_sent_today(visit) >= MOST_FILES:
        raise NotPossible(_("Those were many files. Come back with your code to send more."))
    with transaction.atomic():
        codes.lock_codes(visit.help_request_id)
        if not codes.is_in_use(visit):
            raise NotPossible(_("Your code was changed in another browser. Use the newest one."))
        send(visit, DeliveryKind.FILE, _content(upload))
        if upload.parts[-1].ending == "last":
            today = timezone.localdate().isoformat()
            visit.files_on = {today: visit.files_on.get(today, 0) + 1}
        visit.use_token(token)
        visit.save()


def files_sent_today(visit: OpenVisit) -> int:
    """Return how many files this session sent today; what they are is known to nobody here any more."""
    return visit.files_on.get(timezone.localdate().isoformat(), 0)


def _content(upload: Upload) -> dict[str, object]:
    return {
        "file": str(upload.file_id),
        "name": clean_text(upload.name),
        "declared": upload.declared,
        "file_kind": upload.kind.value if upload.kind else "",
        "length": upload.length,
        "key": b64encode(upload.parts[0].key).decode(),
        "parts": [[str(part.id), part.number, part.ending] for part in upload.parts],
    }
