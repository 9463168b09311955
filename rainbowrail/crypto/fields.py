"""Encrypted columns: `text = EncryptedTextField(seal_id="note.text.v1", compartment=Compartment.CASEWORK, max_chars=4000)`.

The model has a uuid4 primary key made in Python, as its first field, and `def seal_subject(self, compartment) -> UUID`, which
says whose data key closes it.

- Saving seals, under the newest key of that subject and compartment: from the scope (so a fresh key works in the public
  process), else from the store. What was not changed keeps its sealed bytes; what was assigned, or changed in place, is
  sealed anew.
- Reading the attribute opens, at the first read, with the key that the value names; the owner of that key must be the row's
  subject and the column's compartment. Any failure raises; a sealed column is never NULL, so "not stated" is a sealed value
  as well.
- `.values()` and `raw()` give the sealed bytes. Filters, `update()` and `bulk_update()` are refused: use a blind index to
  find, save to change.
- Instances with sealed attributes are not pickled, dumped or put into model forms.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from django.core import checks, validators
from django.db import models

from rainbowrail.crypto import datakeys, envelope
from rainbowrail.crypto.attributes import SealedAttribute, refresh_without_opening
from rainbowrail.crypto.cells import UNOPENED, Cell
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.encoding import encode
from rainbowrail.crypto.errors import NotForCopies, OpenFailed, SealedFieldLookup
from rainbowrail.crypto.sealed import Sealed

# Besides "is it NULL", what append-only triggers ask (pgtrigger's "is distinct from"): whether the sealed bytes changed.
LOOKUPS = frozenset({"isnull", "df", "ndf"})

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class SealedField(_Field):
    """What the three kinds share. A kind says how its values become bytes and back."""

    descriptor_class = SealedAttribute
    empty_strings_allowed = False

    def __init__(self, *args: Any, seal_id: str, compartment: Compartment, **kwargs: Any) -> None:
        """Take a seal id that is written in `seal_ids.txt` and never changes. Raises ValueError for one of another shape."""
        self.seal_id = envelope.check_seal_id(seal_id)
        self.compartment = Compartment(compartment)
        self.has_index = bool(kwargs.get("db_index"))
        super().__init__(*args, **kwargs)

    # --- what a kind says ---

    def to_plaintext(self, value: Any) -> bytes:
        """Return the bytes to seal. Raises TypeError or ValueError, which never repeat the value."""
        raise NotImplementedError

    def from_plaintext(self, plaintext: bytes) -> Any:
        """Return the value. Raises OpenFailed for bytes this kind does not write."""
        raise NotImplementedError

    # --- sealing and opening ---

    def sealed_bytes(self, instance: models.Model) -> Sealed:
        """Return what the column holds or will hold, sealing now what is new. Raises KeyMissing, KeyNotHeld, TypeError,
        ValueError."""
        cell = self._cell(instance)
        row_id = _row_id(instance)
        if cell.value is UNOPENED and cell.row_id != row_id:
            self.open_cell(instance, cell)  # a copy under another id: its old bytes would not open there
        if cell.value is UNOPENED and cell.sealed is not None:
            return cell.sealed
        plaintext = self.to_plaintext(cell.value)
        if cell.sealed is not None and (cell.row_id, cell.plaintext) == (row_id, plaintext):
            return cell.sealed
        key = datakeys.open_key(self._subject(instance), self.compartment)
        sealed = Sealed(envelope.seal(key.material, plaintext, seal_id=self.seal_id, row_id=row_id, data_key_id=key.id))
        instance.__dict__[self.attname] = Cell(value=cell.value, sealed=sealed, plaintext=plaintext, row_id=row_id)
        return sealed

    def open_cell(self, instance: models.Model, cell: Cell) -> None:
        """Open what a query returned. Raises OpenFailed, UnknownVersion, KeyMissing, KeyNotHeld."""
        if cell.sealed is None:
            raise OpenFailed(f"{self.seal_id} holds nothing to open.")
        key = datakeys.open_by_id(envelope.data_key_id_of(cell.sealed))
        if (key.subject_id, key.compartment) != (self._subject(instance), self.compartment):
            raise OpenFailed(f"{self.seal_id} is closed by the key of another subject or compartment.")
        row_id = cell.row_id or _row_id(instance)
        plaintext = envelope.open_sealed(key.material, cell.sealed, seal_id=self.seal_id, row_id=row_id, data_key_id=key.id)
        cell.value, cell.plaintext, cell.row_id = self.from_plaintext(plaintext), plaintext, row_id

    def _cell(self, instance: models.Model) -> Cell:
        if self.attname not in instance.__dict__:
            self.descriptor_class(self).load(instance)
        cell = instance.__dict__[self.attname]
        if not isinstance(cell, Cell):
            raise OpenFailed(f"{self.seal_id} was put into the instance behind the field's back.")
        return cell

    def _subject(self, instance: models.Model) -> UUID:
        subject = instance.seal_subject(self.compartment)  # type: ignore[attr-defined]  # demanded by check()
        if not isinstance(subject, UUID):
            raise TypeError(f"{type(instance).__name__}.seal_subject() must return a UUID, not {type(subject).__name__}.")
        return subject

    # --- Django's side ---

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        refresh_without_opening(cls)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def db_check(self, connection: Any) -> str:
        """Let the database refuse what is not in our format: plain text written past this field."""
        column = connection.ops.quote_name(self.column)
        return f"octet_length({column}) >= {envelope.SHORTEST} AND get_byte({column}, 0) = {envelope.VERSION}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        return self.sealed_bytes(model_instance)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, Sealed):
            raise SealedFieldLookup(
                f"{self.seal_id} is sealed by saving an instance; update(), bulk_update() and values in queries cannot."
            )
        return connection.Database.Binary(bytes(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name in LOOKUPS:
            return super().get_lookup(lookup_name)
        raise self._refused()

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise self._refused()

    def _refused(self) -> SealedFieldLookup:
        return SealedFieldLookup(
            f"{self.seal_id} is sealed: the database cannot compare it. Find rows through rainbowrail.crypto.blind_index, "
            "which keeps keyed fingerprints, and open what it returns."
        )

    def value_from_object(self, obj: models.Model) -> NoReturn:
        raise NotForCopies(
            f"{self.seal_id} is not serialised and not put into model forms; read the attribute where it is shown."
        )

    def value_to_string(self, obj: models.Model) -> NoReturn:
        self.value_from_object(obj)

    def formfield(self, **kwargs: Any) -> None:  # model forms pass over sealed columns
        return None

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "seal_id": self.seal_id, "compartment": self.compartment.value}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_shape()]

    def _check_shape(self) -> Iterable[checks.CheckMessage]:
        if self.null or self.primary_key or self.unique or self.has_index:
            yield checks.Error("A sealed column is never NULL, unique, indexed or a primary key.", obj=self, id="crypto.E101")
        if not isinstance(self.model._meta.pk, models.UUIDField) or not self.model._meta.pk.has_default():
            yield checks.Error(
                "A model with sealed columns has a UUIDField(primary_key=True, default=uuid4).", obj=self, id="crypto.E102"
            )
        if not callable(getattr(self.model, "seal_subject", None)):
            yield checks.Error(
                "The model needs seal_subject(compartment) -> UUID: whose key closes it.", obj=self, id="crypto.E103"
            )


class EncryptedTextField(SealedField):
    """Text; "" is a value like any other. `max_chars` is refused by `full_clean`, in characters."""

    empty_strings_allowed = True
    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def __init__(self, *args: Any, max_chars: int | None = None, **kwargs: Any) -> None:
        self.max_chars = max_chars
        super().__init__(*args, **kwargs)
        if max_chars is not None:
            self.validators.append(validators.MaxLengthValidator(max_chars))

    def to_plaintext(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f'{self.seal_id} takes text, "" for not stated, and not {type(value).__name__}.')
        return _utf8(value, self.seal_id)

    def from_plaintext(self, plaintext: bytes) -> str:
        return _text(plaintext, self.seal_id)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs if self.max_chars is None else {**kwargs, "max_chars": self.max_chars}


class EncryptedJSONField(SealedField):
    """Anything JSON can say; None is sealed as `null`. Changing the object in place and saving seals it anew."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def to_plaintext(self, value: Any) -> bytes:
        return _utf8(_json(value, self.seal_id), self.seal_id)

    def from_plaintext(self, plaintext: bytes) -> Any:
        with suppress(ValueError):
            return json.loads(_text(plaintext, self.seal_id))
        raise OpenFailed(f"{self.seal_id} opened, but does not hold JSON.")


class EncryptedDateField(SealedField):
    """A day, or None for not stated; both come out at one size."""

    _pyi_private_set_type: datetime.date | None
    _pyi_private_get_type: datetime.date | None

    def to_plaintext(self, value: Any) -> bytes:
        if value is None:
            return b""
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise TypeError(f"{self.seal_id} takes a day or None, not {type(value).__name__}.")
        return value.isoformat().encode()

    def from_plaintext(self, plaintext: bytes) -> datetime.date | None:
        with suppress(ValueError):
            return datetime.date.fromisoformat(plaintext.decode("ascii")) if plaintext else None
        raise OpenFailed(f"{self.seal_id} opened, but does not hold a day.")


def raw(instance: models.Model, name: str) -> bytes:
    """Return the sealed bytes of one attribute, sealing first what was not saved yet. Raises TypeError for a column that is
    not sealed."""
    field = instance._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{name} of {type(instance).__name__} is not a sealed column.")
    return field.sealed_bytes(instance)


def digest(instance: models.Model, names: Iterable[str]) -> bytes:
    """Return the SHA-256 over the sealed bytes of these attributes, each with its seal id and length, in the order of seal
    ids."""
    pieces: list[tuple[str, bytes]] = []
    for name in names:
        sealed = raw(instance, name)
        pieces.append((instance._meta.get_field(name).seal_id, sealed))  # type: ignore[union-attr]  # raw() refuses others
    return hashlib.sha256(
        encode("rainbowrail sealed fields", _row_id(instance), *(part for piece in sorted(pieces) for part in piece))
    ).digest()


def _row_id(instance: models.Model) -> UUID:
    if not isinstance(instance.pk, UUID):
        raise TypeError(f"{type(instance).__name__} needs its UUID primary key before anything in it is sealed.")
    return instance.pk


# The library's errors carry the whole text (`UnicodeError.object`, `JSONDecodeError.doc`). So ours are raised after those are
# gone and not as their consequence, or a reporter that follows `__context__` would find it.


def _utf8(text: str, seal_id: str) -> bytes:
    with suppress(UnicodeEncodeError):
        return text.encode()
    raise ValueError(f"{seal_id} got text with a lone surrogate, which is no character.")


def _text(plaintext: bytes, seal_id: str) -> str:
    with suppress(UnicodeDecodeError):
        return plaintext.decode()
    raise OpenFailed(f"{seal_id} opened, but does not hold UTF-8.")


def _json(value: Any, seal_id: str) -> str:
    with suppress(TypeError, ValueError, RecursionError):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    raise TypeError(f"{seal_id} takes what JSON can say: text, numbers, true, false, null, lists and objects with text keys.")
