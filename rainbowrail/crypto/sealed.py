"""The bytes of a sealed column as a query returns them: a value that goes back to the database and nowhere else."""

from typing import NoReturn

from rainbowrail.crypto.errors import NotForCopies


class Sealed(bytes):
    """Sealed bytes. They refuse to become text, so that no page, log or export shows them by mistake for an answer."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<sealed, {len(self)} bytes>"

    def __str__(self) -> NoReturn:
        raise NotForCopies("A sealed value is not text; read the attribute of the model to open it.")

    def __format__(self, specification: str) -> NoReturn:
        raise NotForCopies("A sealed value is not text; read the attribute of the model to open it.")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise NotForCopies("A sealed value is not pickled.")
