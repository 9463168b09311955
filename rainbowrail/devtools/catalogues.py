"""Translation catalogues: compiled without gettext, and compared with what was compiled."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|%[sd]|\{[a-z_]*\}")


def catalogues(root: Path = ROOT) -> list[Path]:
    """Return every .po file of ours."""
    return sorted(path for path in root.glob("*/**/LC_MESSAGES/*.po") if ".venv" not in path.parts)


def compiled(catalogue: Path) -> bytes:
    """Return the bytes of the .mo file that belongs to this .po file. The same words give the same bytes."""
    return bytes(polib.pofile(str(catalogue)).to_binary())


def problems(catalogue: Path) -> Iterator[str]:
    """Yield a sentence for each way in which a catalogue would mislead somebody."""
    binary = catalogue.with_suffix(".mo")
    if not binary.exists():
        yield f"{catalogue} is not compiled."
    elif binary.read_bytes() != compiled(catalogue):
        yield f"{binary} is not what {catalogue.name} says."
    for entry in polib.pofile(str(catalogue)).translated_entries():
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for text in texts:
            if extra := set(PLACEHOLDER.findall(text)) - wanted:
                yield f"{catalogue}:{entry.linenum}: {', '.join(sorted(extra))} is not in the original {entry.msgid!r}."
            if not entry.msgid_plural and (lost := wanted - set(PLACEHOLDER.findall(text))):
                yield f"{catalogue}:{entry.linenum}: {', '.join(sorted(lost))} got lost in the translation of {entry.msgid!r}."
