"""What every format is: a name, a neutral file name, and one function from a packet to bytes. Nothing here touches a disk."""

from dataclasses import dataclass
from typing import Protocol

from referrals.errors import CannotBuild
from referrals.packet import Packet

__all__ = ["CannotBuild", "ExportedFile", "Exporter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file of a packet, in memory. Its name tells neither the person nor us."""

    name: str
    media_type: str
    data: bytes


class Exporter(Protocol):
    """A format. `export` raises CannotBuild when the packet cannot be written in it."""

    format: str

    def export(self, packet: Packet) -> ExportedFile: ...
