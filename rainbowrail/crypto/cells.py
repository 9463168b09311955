"""What a model instance holds for one sealed attribute: sealed bytes, or an opened value, or both.

It stands in the instance's `__dict__`, where Django would keep a plain value, and refuses to be pickled or printed: an
instance with an opened story never reaches a cache, a queue or a log by way of its attributes.
"""

import copy
from typing import Any, NoReturn, Self
from uuid import UUID

from rainbowrail.crypto.errors import NotForCopies
from rainbowrail.crypto.sealed import Sealed

UNOPENED: Any = object()


class Cell:
    """`value` is UNOPENED until somebody reads it. `plaintext` is what `sealed` holds, known once opened or sealed here."""

    __slots__ = ("plaintext", "row_id", "sealed", "value")

    def __init__(
        self, *, value: Any = UNOPENED, sealed: Sealed | None = None, plaintext: bytes | None = None, row_id: UUID | None = None
    ) -> None:
        self.value = value
        self.sealed = sealed
        self.plaintext = plaintext
        self.row_id = row_id

    def __repr__(self) -> str:
        return "<sealed attribute>"

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        value = self.value if self.value is UNOPENED else copy.deepcopy(self.value, memo)
        return type(self)(value=value, sealed=self.sealed, plaintext=self.plaintext, row_id=self.row_id)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise NotForCopies("An instance with a sealed attribute is not pickled: load the row again where it is needed.")
