"""Files of a person, brought to any state through the real actions: sent, drained, with their clean copy."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction

from intake import evidence, file_actions
from intake.drain import drain
from intake.models import Evidence
from intake.upload import Upload, _Reader
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.grants import set_visitor
from tests.factories.intake import Sent, sent


def send_file(done: Sent, content: bytes, *, name: str = "IMG_0001.jpg") -> UUID:
    """Send a file as the page does, in this session; it waits for the worker."""
    visit = done.visit
    with datakeys.scope(), transaction.atomic():
        set_visitor(visit_hash=visit.row.visit_hash, locator_hash=visit.locator_hash)
        upload = Upload(uuid4(), name, "image/jpeg")
        reader = _Reader(upload, visit_hash=str(visit.row.visit_hash))
        reader.take(content)
        reader.end()
        set_visitor(visit_hash=visit.row.visit_hash, locator_hash=visit.locator_hash)
        file_actions.send_file(visit, upload, token=str(upload.file_id))
    return upload.file_id


def with_file(content: bytes, *, name: str = "IMG_0001.jpg", cleaned: bool = True, done: Sent | None = None) -> Evidence:
    """A file that arrived whole, of a person whose request was drained."""
    done = done or sent()
    drain()
    file_id = send_file(done, content, name=name)
    drain()
    if cleaned:
        evidence.make_clean(file_id)
    return Evidence.objects.get(id=file_id)
