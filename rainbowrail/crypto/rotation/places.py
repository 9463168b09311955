"""Which folders a key file lies in: those of a whole installation, or those that the worker alone may write to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.conf import settings

from rainbowrail.crypto import key_making
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.sources import files, services
from rainbowrail.crypto.sources.files import KeyFile, Kind


@dataclass(frozen=True)
class Places:
    """The folders of each kind of key."""

    folders: Mapping[Kind, tuple[Path, ...]]

    @classmethod
    def of_installation(cls, root: Path) -> Self:
        """Return the folders that `keys make` made beneath `root`. Raises KeyMissing when those of the processes are not all
        there."""
        missing = [name for name in key_making.FOLDERS if not (root / name).is_dir()]
        if missing:
            raise KeyMissing(f"{root} lacks the folders {', '.join(missing)}; give the folder that `keys make --into` filled.")
        found: dict[Kind, list[Path]] = {}
        for name, kinds in key_making.FOLDERS.items():
            for kind in kinds:
                found.setdefault(kind, []).append(root / name)
        if (root / key_making.PINS).is_dir():
            found[Kind.INTAKE_PUBLIC].append(root / key_making.PINS)
        if (root / key_making.TOGETHER).is_dir():
            for paths in found.values():
                paths.append(root / key_making.TOGETHER)
        return cls({kind: tuple(paths) for kind, paths in found.items()})

    @classmethod
    def of_worker(cls) -> Self:
        """Return where the worker puts a new intake pair: its own folder, and the pins that the public door reads."""
        own = (Path(settings.KEYS_DIR),)
        pins = (Path(settings.PINS_DIR),) if settings.PINS_DIR else ()
        return cls({Kind.INTAKE: own, Kind.INTAKE_PUBLIC: own + pins})

    def put(self, key: KeyFile) -> None:
        """Write a key into each of its folders; where it lies already it is left alone."""
        lacking = [folder for folder in self.folders[key.kind] if not (folder / key.name).exists()]
        if lacking:
            written = services.closed(key)
            for folder in lacking:
                files.write(folder, written)

    def all_of(self, kind: Kind) -> list[KeyFile]:
        """Return the keys of a kind in any of its folders, each once, opened, in the order of their numbers."""
        found = {key.id: key for folder in self.folders[kind] for key in services.read(folder) if key.kind is kind}
        return [found[key_id] for key_id in sorted(found, key=lambda key_id: (len(key_id), key_id))]

    def remove(self, kind: Kind, key_id: str) -> int:
        """Delete a key from each of its folders; returns how many files there were."""
        paths = [path for folder in self.folders[kind] if (path := folder / files.name_of(kind, key_id)).exists()]
        for path in paths:
            files.remove(path)
        return len(paths)
