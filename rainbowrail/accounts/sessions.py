"""SessionStore: Django's sessions in rows of ours. A stolen row is no cookie, and what it holds is sealed (decision 0028).

A session ends half an hour after the last page, at the latest eight hours after it began, and at once when its row is deleted.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.serializers import JSONSerializer
from django.db import IntegrityError, transaction
from django.utils import timezone

from rainbowrail.accounts.models.session import REMEMBERED, StaffSession, StaffSessionQuerySet
from rainbowrail.crypto import keyring, small_seals
from rainbowrail.crypto.errors import KeyMissing, OpenFailed
from rainbowrail.crypto.sources.files import Kind
from rainbowrail.web import logs

LABEL, CONTEXT = "staff session", "session.data.v1"
# How often the last use is written; a page in between costs no writing.
EVERY = timedelta(minutes=1)


def hash_of(key: str) -> str:
    """Return what is stored of a session key."""
    return sha256(f"rainbowrail staff session {key}".encode()).hexdigest()


def sealed(data: dict[str, Any], row_id: UUID) -> str:
    key_id, key = keyring.newest(Kind.TOTP)
    closed = small_seals.seal(key, JSONSerializer().dumps(data), label=LABEL, context=CONTEXT, row_id=row_id)
    return f"{key_id}.{urlsafe_b64encode(closed).decode()}"


def opened(row: StaffSession) -> dict[str, Any]:
    """Return what a session holds. Raises KeyMissing and OpenFailed."""
    key_id, _, closed = row.data.partition(".")
    key = keyring.secret(Kind.TOTP, key_id)
    told: dict[str, Any] = JSONSerializer().loads(
        small_seals.open_sealed(key, urlsafe_b64decode(closed), label=LABEL, context=CONTEXT, row_id=row.pk)
    )
    return told


class SessionStore(SessionBase):
    def load(self) -> dict[str, Any]:
        """Return what the session holds, and note that it was used; nothing for one that ended or does not open."""
        now = timezone.now()
        row = StaffSession.objects.live(now).filter(key_hash=hash_of(self.session_key or "")).first()
        if row is None:
            self._session_key = None
            return {}
        try:
            told = opened(row)
        except (KeyMissing, OpenFailed) as error:
            logs.failure("session_does_not_open", error)
            self._session_key = None
            return {}
        if now - row.seen_at >= EVERY:
            StaffSession.objects.filter(pk=row.pk).update(seen_at=now)
        return told

    def exists(self, session_key: str) -> bool:
        return StaffSession.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the row. Raises UpdateError when somebody ended the session meanwhile: it does not come back."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        key_hash, person_id = hash_of(self.session_key), int(data.get(SESSION_KEY) or 0) or None
        if must_create:
            row = StaffSession(key_hash=key_hash, person_id=person_id)
            row.data = sealed(data, row.pk)
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:
                raise CreateError from None
            return None
        there = StaffSession.objects.filter(key_hash=key_hash)
        row_id = there.values_list("pk", flat=True).first()
        if row_id is None or not there.update(data=sealed(data, row_id), person_id=person_id):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            StaffSession.objects.filter(key_hash=hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what ran out so long ago that even a form from then is not kept any more."""
        StaffSession.objects.filter(seen_at__lte=timezone.now() - REMEMBERED).delete()


def end_all(*, but: str | None = None) -> int:
    """End every session of everybody, but the one with this key if given, and return how many ended."""
    return _end(StaffSession.objects.all(), but)


def end_all_of(person_id: int, *, but: str | None = None) -> int:
    """End every session of a person, but the one with this key if given, and return how many ended."""
    return _end(StaffSession.objects.of(person_id), but)


def _end(rows: StaffSessionQuerySet, but: str | None) -> int:
    ended, _by_model = (rows.exclude(key_hash=hash_of(but)) if but else rows).delete()
    return ended
