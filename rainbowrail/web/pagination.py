"""Pages of a long list without counting or skipping rows: a page begins after the last row of the one before.

Every page costs two queries, the first page one, however deep: the rows after a given one are the union of a few ranges
(same band and due date but later; same band, later due date; next bands …), each of which is one scan of the index on `order`.
Directions may be mixed and columns may be NULL; NULL stands where PostgreSQL's own indexes put it: last, or first when
descending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core import signing
from django.db import models
from django.db.models import F, Q, QuerySet

PAGE_SIZE = 50
_SALT = "rainbowrail.web.pagination"


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    descending: bool
    nullable: bool

    @property
    def ordering(self) -> Any:
        """NULL last when ascending, first when descending: what PostgreSQL does unasked, so that its indexes fit."""
        return F(self.name).desc() if self.descending else F(self.name).asc()

    def turned(self) -> "_Column":
        return _Column(self.name, not self.descending, self.nullable)

    def equal_to(self, value: object) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: object) -> list[Q]:
        """The ranges of this column that lie after `value`; none when nothing can."""
        if value is None:
            return [Q(**{f"{self.name}__isnull": False})] if self.descending else []
        compared = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return [compared, Q(**{f"{self.name}__isnull": True})] if self.nullable and not self.descending else [compared]


class Keyset[T: models.Model]:
    """One page of `queryset` in the given order (`"-score"` is descending; the primary key is added when it is missing).

    `rows` is the list; `next_token` and `previous_token` are for links, None at the ends. A token is opaque and signed and
    holds the order columns of one row, so order only by clear columns. An old, foreign or altered token shows the first page.
    """

    def __init__(self, queryset: QuerySet[T], order: Sequence[str], *, after: str | None = None, size: int = PAGE_SIZE) -> None:
        self._queryset = queryset
        self._columns = _columns_of(queryset.model, order)
        self._size = size
        self._start = self._read(after) if after else None

    @property
    def rows(self) -> list[T]:
        return self._page[0]

    @property
    def next_token(self) -> str | None:
        return self._page[2]

    @property
    def previous_token(self) -> str | None:
        return self._page[1]

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def _page(self) -> tuple[list[T], str | None, str | None]:
        """The rows, the token to go back and the token to go on."""
        if self._start is None:
            found = list(self._queryset.order_by(*(c.ordering for c in self._columns))[: self._size + 1])
            return found[: self._size], None, self._token(found[: self._size], forwards=True, when=len(found) > self._size)
        forwards, values = self._start
        found = self._after(values, self._columns if forwards else [column.turned() for column in self._columns])
        more, found = len(found) > self._size, found[: self._size]
        if forwards:
            return found, self._token(found, forwards=False, when=True), self._token(found, forwards=True, when=more)
        found.reverse()
        return found, self._token(found, forwards=False, when=more), self._token(found, forwards=True, when=True)

    def _after(self, values: list[Any], columns: list[_Column]) -> list[T]:
        """Return up to size + 1 rows that come after `values` in the order of `columns`."""
        names = [column.name for column in columns]
        ordering = [column.ordering for column in columns]
        plain = self._queryset.order_by().select_related(None).prefetch_related(None)
        ranges, same = [], Q()
        for column, value in zip(columns, values, strict=True):
            ranges += [same & beyond for beyond in column.beyond(value)]
            same &= column.equal_to(value)
        parts = [plain.filter(part).order_by(*ordering).values_list(*names)[: self._size + 1] for part in ranges]
        if not parts:
            return []
        union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        keys = [row[names.index("pk")] for row in (union.order_by(*ordering)[: self._size + 1] if len(parts) > 1 else union)]
        return list(self._queryset.filter(pk__in=keys).order_by(*ordering))

    def _token(self, rows: list[T], *, forwards: bool, when: bool) -> str | None:
        if not rows or not when:
            return None
        row = rows[-1] if forwards else rows[0]
        values = [_plain(getattr(row, column.name)) for column in self._columns]
        return signing.dumps([self._order_name, forwards, values], salt=_SALT)

    def _read(self, token: str) -> tuple[bool, list[Any]] | None:
        try:
            order_name, forwards, values = signing.loads(token, salt=_SALT)
        except (signing.BadSignature, ValueError):
            return None
        if order_name != self._order_name:
            return None
        fields = [_field(self._queryset.model, column.name) for column in self._columns]
        return bool(forwards), [field.to_python(value) for field, value in zip(fields, values, strict=True)]

    @property
    def _order_name(self) -> str:
        columns = ",".join(("-" if column.descending else "") + column.name for column in self._columns)
        return f"{self._queryset.model._meta.label_lower}:{columns}"


def _columns_of(model: type[models.Model], order: Sequence[str]) -> list[_Column]:
    names = [name.removeprefix("-") for name in order]
    fields = [_field(model, name) for name in names]
    pk = {"pk", model._meta.pk.name if model._meta.pk else "pk"}
    columns = [
        _Column("pk" if name in pk else name, given.startswith("-"), field.null)
        for given, name, field in zip(order, names, fields, strict=True)
    ]
    return (
        columns
        if any(column.name == "pk" for column in columns)
        else [*columns, _Column("pk", descending=False, nullable=False)]
    )


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str) else str(value)
