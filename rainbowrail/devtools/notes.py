"""What a folder's servers must remember between starts: ports and passwords, in one file that only we can read."""

import json
from pathlib import Path

from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.ports import free_port, is_free


class Notes:
    """A small 0600 file of names and values, replaced whole at each change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> dict[str, int | str]:
        return dict(json.loads(self.path.read_text())) if self.path.exists() else {}

    def write(self, **more: int | str) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self.all() | more))
        fresh.replace(self.path)

    def port(self, name: str, demanded: int | None) -> int:
        """Return and keep the port to listen on: the one demanded, else the last one while it is free, else any free one.

        Raises CannotRun when the one demanded is taken.
        """
        kept = self.all().get(name)
        if demanded is not None and not is_free(demanded):
            raise CannotRun(f"Port {demanded} on 127.0.0.1 is taken; choose another or stop what uses it.")
        port = demanded or (kept if isinstance(kept, int) and is_free(kept) else free_port())
        self.write(**{name: port})
        return port
