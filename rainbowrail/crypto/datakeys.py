"""The data keys in use: made, opened, wrapped for the store, destroyed.

An opened key lives in a scope: one web request or one task. The scope is a context variable, so that requests on other
threads do not see it, and it forgets its keys when it ends; outside any scope a key is opened anew for each use and kept by
nobody. Wiping memory is not claimed.
"""

import hmac
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import product
from typing import NoReturn
from uuid import UUID

from django.db.models import QuerySet

from rainbowrail.crypto import aead, keyring, late_writers, wraps
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyConflict, KeyMissing, NoScope, NotForCopies
from rainbowrail.crypto.models import DataKey, StoreKey
from rainbowrail.crypto.sources.files import Kind

FIRST_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class OpenKey:
    """A data key in the clear, in memory. Prints without its material, is not compared and not pickled."""

    id: UUID
    subject_id: UUID
    compartment: Compartment
    version: int
    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.material) != aead.KEY_BYTES:
            raise ValueError(f"A data key has {aead.KEY_BYTES} bytes.")

    def is_same_as(self, other: "OpenKey") -> bool:
        """Say whether both are one key with one owner, in constant time over the material."""
        owners = (self.id, self.subject_id, self.compartment, self.version) == (
            other.id,
            other.subject_id,
            other.compartment,
            other.version,
        )
        return hmac.compare_digest(self.material, other.material) and owners

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise NotForCopies("An opened data key is not pickled.")


class _Scope:
    """What one request or task has opened."""

    def __init__(self) -> None:
        self.by_id: dict[UUID, OpenKey] = {}
        self.newest: dict[tuple[UUID, Compartment], OpenKey] = {}

    def add(self, key: OpenKey, *, may_write: bool = True) -> OpenKey:
        """Remember a key. One found by its id alone may be an old version, so that nothing new is sealed under it
        (`may_write`)."""
        known = self.by_id.get(key.id, key)
        if not known.is_same_as(key):
            raise KeyConflict(f"Another key is already held under the id {key.id}.")
        if may_write:
            owner = (key.subject_id, key.compartment)
            rival = self.newest.get(owner, known)
            if rival.version == key.version and rival.id != key.id:
                raise KeyConflict(f"Another {key.compartment} key of version {key.version} is already held for this subject.")
            self.newest[owner] = max(rival, known, key=lambda held: held.version)
        self.by_id[key.id] = known
        return known

    def forget(self, subject_id: UUID, compartment: Compartment | None) -> None:
        gone = [key for key in self.by_id.values() if key.subject_id == subject_id and compartment in (None, key.compartment)]
        for key in gone:
            del self.by_id[key.id]
            self.newest.pop((key.subject_id, key.compartment), None)

    def clear(self) -> None:
        self.by_id.clear()
        self.newest.clear()


_scope: ContextVar[_Scope | None] = ContextVar("rainbowrail_open_keys", default=None)


@contextmanager
def scope() -> Iterator[None]:
    """Remember what is opened inside, and forget all of it at the end. A scope inside a scope starts empty."""
    opened = _Scope()
    token = _scope.set(opened)
    try:
        yield
    finally:
        opened.clear()
        _scope.reset(token)


def generate(subject_id: UUID, compartment: Compartment) -> OpenKey:
    """Make a fresh key and hold it in the scope; nothing is stored. Raises NoScope, or KeyConflict when the scope holds one
    already."""
    if _scope.get() is None:
        raise NoScope("Make fresh keys inside datakeys.scope(), or nobody remembers them.")
    key = OpenKey(uuid.uuid4(), subject_id, Compartment(compartment), FIRST_VERSION, aead.new_key())
    hold(key)
    return key


def hold(open_key: OpenKey) -> None:
    """Put a key that came from elsewhere (a delivery, a return code) into the scope. Raises NoScope, KeyConflict."""
    current = _scope.get()
    if current is None:
        raise NoScope("Hold keys inside datakeys.scope(), so that they are forgotten at its end.")
    current.add(open_key)


def held(subject_id: UUID, compartment: Compartment) -> OpenKey:
    """Return the newest key of this owner in the scope; never asks the database. Raises KeyMissing."""
    key = _held(subject_id, compartment)
    if key is None:
        raise KeyMissing(f"No {compartment} key of this subject is held here.")
    return key


def create(subject_id: UUID, compartment: Compartment) -> OpenKey:
    """Make a fresh key and store its wrap. Raises KeyNotHeld without a store key, KeyConflict when the owner has one
    already."""
    key = OpenKey(uuid.uuid4(), subject_id, Compartment(compartment), FIRST_VERSION, aead.new_key())
    wrap_for_store([key])
    if _scope.get() is not None:
        hold(key)
    return key


def renew(subject_id: UUID, compartment: Compartment) -> OpenKey:
    """Make the next version of an owner's key, or its first, and store its wrap: what is sealed from now on takes it, what was
    sealed before keeps opening with the older one.

    Raises KeyNotHeld without a store key, KeyConflict for two who renew at the same moment.
    """
    owned = DataKey.objects.filter(subject_id=subject_id, compartment=Compartment(compartment).value)
    newest = owned.order_by("-version").values_list("version", flat=True).first()
    version = FIRST_VERSION if newest is None else newest + 1
    key = OpenKey(uuid.uuid4(), subject_id, Compartment(compartment), version, aead.new_key())
    wrap_for_store([key])
    if _scope.get() is not None:
        hold(key)
    return key


def wrap_for_store(keys: Iterable[OpenKey]) -> None:
    """Store each key under the current store key: one insert and one check for all of them.

    Safe to run twice: a key that is stored already is left as it is. Raises KeyConflict when another key stands under the
    same id, or for the same subject, compartment and version, and then stores none; KeyNotHeld or KeyMissing without a usable
    store key. When the store key is destroyed at this moment, the database refuses the wraps and they are made again under the
    one that counts now.
    """
    wanted = {key.id: key for key in keys}
    if not wanted:
        return
    _must_hold_store_keys()
    late_writers.close_and_write(lambda: _write_wraps(wanted))


def _write_wraps(wanted: Mapping[UUID, OpenKey]) -> None:
    store_key_id, store_key = current_store_key()
    rows = [wrap_row(key, store_key_id, store_key) for key in wanted.values()]
    DataKey.objects.bulk_create(rows, ignore_conflicts=True)
    stored = {row.id: _unwrap(row) for row in DataKey.objects.filter(id__in=wanted)}
    if any(key.id not in stored or not stored[key.id].is_same_as(key) for key in wanted.values()):
        raise KeyConflict("Another key already stands for one of these subjects, compartments and versions.")


def wrap_row(key: OpenKey, store_key_id: int, store_key: bytes) -> DataKey:
    """Return the row that holds this key closed under a store key; nothing is written."""
    return DataKey(
        id=key.id,
        subject_id=key.subject_id,
        compartment=key.compartment.value,
        version=key.version,
        store_key_id=store_key_id,
        wrapped=wraps.wrap(
            store_key,
            key.material,
            store_key_id=store_key_id,
            data_key_id=key.id,
            subject_id=key.subject_id,
            compartment=key.compartment,
            version=key.version,
        ),
    )


def open_key(subject_id: UUID, compartment: Compartment) -> OpenKey:
    """Return the newest key of this owner: from the scope, else by one query. Raises KeyMissing, KeyNotHeld, OpenFailed."""
    key = _held(subject_id, compartment)
    if key is not None:
        return key
    _must_hold_store_keys()
    opened = _open_first(DataKey.objects.filter(subject_id=subject_id, compartment=compartment.value).order_by("-version"))
    if opened is None:
        raise KeyMissing(f"No {compartment} key of this subject exists: never made, or destroyed.")
    return _remember(opened)


def open_by_id(data_key_id: UUID) -> OpenKey:
    """Return the key that closes a sealed value: from the scope, else by one query. Raises KeyMissing, KeyNotHeld,
    OpenFailed."""
    current = _scope.get()
    if current is not None and data_key_id in current.by_id:
        return current.by_id[data_key_id]
    _must_hold_store_keys()
    opened = _open_first(DataKey.objects.filter(id=data_key_id))
    if opened is None:
        raise KeyMissing(f"The data key {data_key_id} does not exist any more, or never did.")
    return _remember(opened, may_write=False)


def open_many(subject_ids: Iterable[UUID], *compartments: Compartment) -> None:
    """Open the keys of many owners into the scope with one query, for lists. Owners without a key are passed over: reading
    them raises.

    Raises NoScope, KeyNotHeld, OpenFailed.
    """
    if _scope.get() is None:
        raise NoScope("Open many keys inside datakeys.scope(), or nobody remembers them.")
    _must_hold_store_keys()
    pairs = product(set(subject_ids), compartments)
    wanted = {(subject_id, one.value) for subject_id, one in pairs if _held(subject_id, one) is None}
    if wanted:
        subjects, names = {subject_id for subject_id, _ in wanted}, {name for _, name in wanted}
        for row in DataKey.objects.filter(subject_id__in=subjects, compartment__in=names):
            if (row.subject_id, row.compartment) not in wanted:
                continue
            opened = _unwrap_or_read_again(row)
            if opened is not None:
                _remember(opened)


def open_row(row: DataKey) -> OpenKey:
    """Return the key of a row that was read already, without remembering it. Raises KeyMissing, KeyNotHeld, OpenFailed."""
    return _unwrap(row)


def destroy(subject_id: UUID, compartment: Compartment | None = None) -> int:
    """Delete the keys of one compartment, or of all: what they closed is erased. Returns how many keys were deleted."""
    rows = DataKey.objects.filter(subject_id=subject_id)
    if compartment is not None:
        rows = rows.filter(compartment=compartment.value)
    count, _ = rows.delete()
    current = _scope.get()
    if current is not None:
        current.forget(subject_id, compartment)
    return count


def _held(subject_id: UUID, compartment: Compartment) -> OpenKey | None:
    current = _scope.get()
    return current.newest.get((subject_id, compartment)) if current else None


def _remember(key: OpenKey, *, may_write: bool = True) -> OpenKey:
    current = _scope.get()
    return current.add(key, may_write=may_write) if current is not None else key


def _must_hold_store_keys() -> None:
    """Refuse before the query: the public process is not even allowed to look."""
    keyring.current().ids(Kind.STORE)


def _open_first(rows: QuerySet[DataKey]) -> OpenKey | None:
    row = rows.first()
    return None if row is None else _unwrap_or_read_again(row)


def _unwrap_or_read_again(row: DataKey) -> OpenKey | None:
    """Open a wrap; when its store key is gone, a rotation may have wrapped it anew since it was read, so read it once more.

    None when the row is gone by then: erased. Raises KeyMissing when it still names a key that is not here.
    """
    try:
        return _unwrap(row)
    except KeyMissing:
        again = DataKey.objects.filter(id=row.id).first()
        return None if again is None else _unwrap(again)


def _unwrap(row: DataKey) -> OpenKey:
    material = wraps.unwrap(
        keyring.secret(Kind.STORE, row.store_key_id),
        bytes(row.wrapped),
        store_key_id=row.store_key_id,
        data_key_id=row.id,
        subject_id=row.subject_id,
        compartment=Compartment(row.compartment),
        version=row.version,
    )
    return OpenKey(row.id, row.subject_id, Compartment(row.compartment), row.version, material)


def current_store_key() -> tuple[int, bytes]:
    """Return number and key of the newest store key that we hold, that is registered under its own fingerprint and not
    retired. One query."""
    _must_hold_store_keys()
    for number, known in StoreKey.objects.filter(retired_on=None).order_by("-id").values_list("id", "fingerprint"):
        try:
            held = keyring.secret(Kind.STORE, number)
        except KeyMissing:
            continue  # registered, and not yet copied to this process: an older key that still counts will do
        return number, _compared(number, held, known)
    raise KeyMissing("No store key of this process is registered and unretired; run `manage.py keys register`.")


def registered_store_key(number: int) -> bytes:
    """Return one store key, compared with its registered fingerprint. One query. Raises KeyNotHeld, KeyMissing."""
    known = StoreKey.objects.filter(id=number).values_list("fingerprint", flat=True).first() or ""
    return _compared(number, keyring.secret(Kind.STORE, number), known)


def _compared(number: int, held: bytes, known: str) -> bytes:
    if not hmac.compare_digest(keyring.fingerprint(Kind.STORE, held), known):
        raise KeyMissing(f"The store key {number} in this process's folder is not the one that the database knows.")
    return held
