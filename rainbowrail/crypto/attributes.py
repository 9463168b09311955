"""How a sealed attribute behaves on a model instance: opens at the first read, loads and refreshes without opening."""

import functools
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from rainbowrail.crypto.cells import UNOPENED, Cell
from rainbowrail.crypto.sealed import Sealed

if TYPE_CHECKING:
    from rainbowrail.crypto.fields import SealedField

# The instance that is being refreshed, while it is: its twin, freshly loaded, hands over sealed bytes.
_refreshing: ContextVar[models.Model | None] = ContextVar("rainbowrail_refreshing", default=None)


class SealedAttribute(DeferredAttribute):
    """The descriptor of one sealed column."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        cell = self.load(instance)
        if cell.value is UNOPENED:
            refreshed = _refreshing.get()
            if refreshed is not None and refreshed is not instance and type(refreshed) is type(instance):
                return cell.sealed
            self.field.open_cell(instance, cell)
        return cell.value

    def __set__(self, instance: models.Model, value: Any) -> None:
        attname = self.field.attname
        known = instance.__dict__.get(attname)
        if isinstance(value, Sealed):
            pk = instance._meta.pk
            instance.__dict__[attname] = Cell(sealed=value, row_id=instance.__dict__.get(pk.attname) if pk else None)
        elif not isinstance(known, Cell) or known.value is not value:
            instance.__dict__[attname] = Cell(value=value)

    def load(self, instance: models.Model) -> Cell:
        """Return the cell, with one query if the column was deferred. Opens nothing."""
        super().__get__(instance, type(instance))
        cell: Cell = instance.__dict__[self.field.attname]
        return cell

    def fetch_one(self, instance: models.Model) -> None:
        self.fetch_many([instance])  # Django's own would refresh through an opened twin


def refresh_without_opening(cls: type[models.Model]) -> None:
    """Make `refresh_from_db` of a model with sealed columns carry sealed bytes over, as they are."""
    original = cls.refresh_from_db
    if getattr(original, "_carries_sealed", False):
        return

    @functools.wraps(original)
    def refresh_from_db(self: models.Model, *args: Any, **kwargs: Any) -> None:
        token = _refreshing.set(self)
        try:
            original(self, *args, **kwargs)
        finally:
            _refreshing.reset(token)

    refresh_from_db._carries_sealed = True  # type: ignore[attr-defined]
    cls.refresh_from_db = refresh_from_db  # type: ignore[method-assign]
