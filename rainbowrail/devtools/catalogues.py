"""Translation catalogues: written from the source, compiled and checked, without gettext."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import polib
from babel import Locale
from babel.messages.plurals import get_plural
from django.conf import settings

from rainbowrail.devtools.extraction import SOURCES, Key, Sentence, sentences

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|%[sd]|\{[a-z_]*\}|</?[a-z]+")
SOURCE_LANGUAGE = "en"


def speaks_to_staff(language: str) -> bool:
    """Say whether staff pages are offered in a language, so that its catalogues hold their sentences, too."""
    return language in settings.STAFF_LANGUAGES


def catalogues(root: Path = ROOT) -> list[Path]:
    """Return every .po file of ours."""
    return sorted(path for path in root.glob("*/**/LC_MESSAGES/*.po") if ".venv" not in path.parts)


def compiled(catalogue: Path) -> bytes:
    """Return the bytes of the .mo file that belongs to this .po file. The same words give the same bytes."""
    return bytes(polib.pofile(str(catalogue)).to_binary())


def begun(root: Path = ROOT) -> list[str]:
    """Return the languages that are offered or have a catalogue already, but for the one that the source is written in."""
    offered = [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]
    found = [code_of(path) for path in catalogues(root)]
    return list(dict.fromkeys([*offered, *found]))


def code_of(catalogue: Path) -> str:
    """Return the code of the language, `fa-AF` for a folder `fa_AF`."""
    return catalogue.parent.parent.name.replace("_", "-")


def path_of(app: str, language: str, root: Path = ROOT) -> Path:
    """Return where the catalogue of an app in a language stands."""
    return root / app / "locale" / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def merged(language: str, root: Path = ROOT) -> dict[Path, polib.POFile]:
    """Return each catalogue of a language as it should be: what the source says, with the words that were translated before.

    A sentence that moved to another app keeps its translation; one that is gone is left out; nothing is guessed.
    """
    known = translations(language, root)
    wanted: dict[Path, polib.POFile] = {}
    for app, found in sentences().items():
        chosen = [one for one in found if one.is_public or speaks_to_staff(language)]
        if not chosen:
            continue
        catalogue = polib.POFile(wrapwidth=100)
        catalogue.metadata = {
            "Language": language.replace("-", "_"),
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": plural_rule(language),
        }
        catalogue.extend(_entry(one, known, language) for one in chosen)
        wanted[path_of(app, language, root)] = catalogue
    return wanted


def translations(language: str, root: Path = ROOT) -> dict[Key, polib.POEntry]:
    """Return what is translated into a language, by sentence."""
    paths = [path for app in SOURCES if (path := path_of(app, language, root)).exists()]
    return {key_of(entry): entry for path in paths for entry in polib.pofile(str(path))}


def key_of(entry: polib.POEntry) -> Key:
    return Key(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


@cache
def plural_rule(language: str) -> str:
    """Return the Plural-Forms header as Babel has it from the Unicode rules: `nplurals=2; plural=(n > 1);`."""
    return str(get_plural(Locale.parse(language, sep="-")).plural_forms)


def number_of_plurals(language: str) -> int:
    return int(get_plural(Locale.parse(language, sep="-")).num_plurals)


def _entry(sentence: Sentence, known: dict[Key, polib.POEntry], language: str) -> polib.POEntry:
    key = sentence.key
    entry = polib.POEntry(
        msgid=key.one,
        msgctxt=key.context or None,
        occurrences=[(file, "") for file in sentence.files],
        flags=["python-format"] if PLACEHOLDER.search(key.one.replace("<", "")) else [],
    )
    before = known.get(key)
    if key.many:
        forms = range(number_of_plurals(language))
        entry.msgid_plural = key.many
        entry.msgstr_plural = {form: before.msgstr_plural.get(form, "") if before else "" for form in forms}
    elif before:
        entry.msgstr = before.msgstr
    return entry


def written(catalogue: polib.POFile) -> str:
    """Return a catalogue as the text of its file. No dates and no line numbers: it changes when the words do."""
    return f"{str(catalogue).strip()}\n"


def extract(languages: Iterable[str], root: Path = ROOT) -> None:
    """Write the catalogues of these languages anew from the source, and compile them."""
    for language in languages:
        for path, catalogue in merged(language, root).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(catalogue), encoding="utf-8")
            path.with_suffix(".mo").write_bytes(compiled(path))


def out_of_date(root: Path = ROOT, languages: Iterable[str] | None = None) -> Iterator[str]:
    """Yield a sentence for each language, of those named or of all that were begun, whose catalogues together have other
    sentences than the source, or another rule for numbers. Which of them holds a sentence does not matter to a reader, so it
    does not matter here."""
    for language in begun(root) if languages is None else languages:
        wanted = merged(language, root)
        present = {path: polib.pofile(str(path)) for app in SOURCES if (path := path_of(app, language, root)).exists()}
        source = {key_of(entry) for catalogue in wanted.values() for entry in catalogue}
        held = {key_of(entry) for catalogue in present.values() for entry in catalogue}
        yield from sorted(f"{language} lacks {key.one!r}: run `manage.py translations extract`." for key in source - held)
        yield from sorted(f"{language} still has {key.one!r}: run `manage.py translations extract`." for key in held - source)
        for path, catalogue in present.items():
            if catalogue.metadata.get("Plural-Forms") != plural_rule(language):
                yield f"{path.relative_to(root)} has another rule for numbers than Babel: run `manage.py translations extract`."


def missing(language: str, root: Path = ROOT) -> list[str]:
    """Return the sentences that have no words in a language yet, or not for each number that it tells apart: those of the
    public door, and where staff may choose the language, theirs too."""
    known = translations(language, root)
    return [
        sentence.key.one
        for found in sentences().values()
        for sentence in found
        if (sentence.is_public or speaks_to_staff(language)) and not _is_whole(known.get(sentence.key), language)
    ]


def _is_whole(entry: polib.POEntry | None, language: str) -> bool:
    if entry is None or entry.fuzzy:
        return False
    if entry.msgid_plural:
        return all(entry.msgstr_plural.get(form) for form in range(number_of_plurals(language)))
    return bool(entry.msgstr)


def gaps(languages: Iterable[str] | None = None) -> Iterator[str]:
    """Yield a sentence for each one that a reader would meet in English: applicants in any language, staff in theirs."""
    offered = dict(settings.LANGUAGES)
    for code in offered if languages is None else languages:
        if code != SOURCE_LANGUAGE:
            yield from (f"{offered.get(code, code)} ({code}) lacks: {text!r}" for text in missing(code))


def problems(catalogue: Path) -> Iterator[str]:
    """Yield a sentence for each way in which a catalogue would mislead somebody."""
    binary = catalogue.with_suffix(".mo")
    if not binary.exists():
        yield f"{catalogue} is not compiled."
    elif binary.read_bytes() != compiled(catalogue):
        yield f"{binary} is not what {catalogue.name} says."
    for entry in polib.pofile(str(catalogue)):
        if entry.fuzzy or entry.obsolete:
            yield f"{catalogue}:{entry.linenum}: {entry.msgid!r} is a guess or a leftover; translate it or take it out."
        texts = [text for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]) if text]
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for text in texts:
            if extra := set(PLACEHOLDER.findall(text)) - wanted:
                yield f"{catalogue}:{entry.linenum}: {', '.join(sorted(extra))} is not in the original {entry.msgid!r}."
            if not entry.msgid_plural and (lost := wanted - set(PLACEHOLDER.findall(text))):
                yield f"{catalogue}:{entry.linenum}: {', '.join(sorted(lost))} got lost in the translation of {entry.msgid!r}."
