"""Every sentence of ours that wants a translation, found without gettext, and where each was found.

Python is read by Babel, templates by Django's own `templatize`, the urgency policy by its `sentences()`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]

# What each catalogue holds. A sentence used in several is kept once, in the first: the others read it from there.
SOURCES: dict[str, tuple[str, ...]] = {
    "rainbowrail": (
        "rainbowrail/**/*.py",
        *(f"templates/{folder}/**/*.*" for folder in (
            "account", "accounts", "audit", "components", "demo", "django", "emails/accounts", "emails/panic", "errors",
            "exports", "layouts", "mfa", "notifications", "panic", "rainbowrail",
        )),
    ),
    "intake": ("intake/**/*.py", "templates/intake/**/*.*", "templates/emails/intake/**/*.*"),
    "cases": ("cases/**/*.py", "templates/cases/**/*.*", "templates/emails/cases/**/*.*"),
    "referrals": ("referrals/**/*.py", "templates/referrals/**/*.*", "templates/emails/referrals/**/*.*"),
}  # fmt: skip
POLICY = "cases/urgency/policy.toml"

# What a person who asks for help can come to read: whole in every language that is offered.
PUBLIC = (
    "intake/*.py", "templates/intake/*", "templates/emails/intake/*", "templates/errors/*", "templates/django/*",
    "templates/layouts/base.html", "templates/layouts/public.html", "templates/layouts/error.html", "templates/rainbowrail/*",
    "templates/components/*", "rainbowrail/errors.py", "rainbowrail/crypto/*.py", "rainbowrail/countries/*.py",
    "rainbowrail/web/*.py",
)  # fmt: skip
# Beside them in the same folders, read by staff or at a command line only.
NOT_PUBLIC = (
    "intake/staff_*.py", "intake/audit_verbs.py", "intake/drain.py", "*/management/*", "rainbowrail/web/gallery.py",
    "rainbowrail/web/navigation.py", "templates/components/gallery.html", "templates/components/staff_*",
    "templates/components/band.html", "templates/components/bar_chart.html", "templates/components/factors.html",
    "templates/components/reasons.html", "templates/components/score.html", "templates/components/timeline.html",
    "templates/components/pagination.html", "templates/components/filters.html",
)  # fmt: skip

# What the arguments of each function are, in their order.
ARGUMENTS = {
    "_": ("one",),
    **{f"gettext{ending}": ("one",) for ending in ("", "_lazy", "_noop")},
    **{f"ngettext{ending}": ("one", "many") for ending in ("", "_lazy")},
    **{f"pgettext{ending}": ("context", "one") for ending in ("", "_lazy")},
    **{f"npgettext{ending}": ("context", "one", "many") for ending in ("", "_lazy")},
}


@dataclass(frozen=True)
class Key:
    """What a sentence is found by: its words, those for many, and the context that tells it from a twin."""

    one: str
    many: str = ""
    context: str = ""


@dataclass
class Sentence:
    """One sentence, and the files it stands in, relative to the repository."""

    key: Key
    files: list[str] = field(default_factory=list)

    @property
    def is_public(self) -> bool:
        """Whether a person who asks for help can come to read it."""
        return any(matches(file, PUBLIC) and not matches(file, NOT_PUBLIC) for file in self.files)


def matches(file: str, patterns: Iterable[str]) -> bool:
    """Say whether a path fits one of the patterns; a star reaches into folders."""
    return any(fnmatch(file, pattern) for pattern in patterns)


def sentences(root: Path = ROOT) -> dict[str, list[Sentence]]:
    """Return the sentences of each catalogue, by its app, in the order of the files."""
    found: dict[str, list[Sentence]] = {}
    seen: dict[Key, Sentence] = {}
    for app, patterns in SOURCES.items():
        own: list[Sentence] = []
        for file, key in _keys(app, patterns, root):
            if key not in seen:
                seen[key] = Sentence(key)
                own.append(seen[key])
            if file not in seen[key].files:
                seen[key].files.append(file)
        found[app] = own
    return found


def _keys(app: str, patterns: Iterable[str], root: Path) -> Iterator[tuple[str, Key]]:
    files = sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})
    for path in files:
        name = path.relative_to(root).as_posix()
        if path.suffix in {".py", ".html", ".txt"}:
            for key in keys_in(path.read_text(encoding="utf-8"), is_template=path.suffix != ".py"):
                yield name, key
    if app == "cases" and root == ROOT:
        from cases.urgency.policy import load

        for text in load().sentences():
            yield POLICY, Key(text)


def keys_in(source: str, *, is_template: bool = False) -> Iterator[Key]:
    """Yield what one file asks to have translated, in its order. What is put together while it runs is not found."""
    # What is not a call is blanked by templatize, but keeps an indentation that Python would refuse.
    text = "\n".join(line.lstrip() for line in templatize(source).splitlines()) if is_template else source
    for _line, function, message, _comments in extract_python(BytesIO(text.encode()), dict.fromkeys(ARGUMENTS), [], {}):
        parts: tuple[Any, ...] = message if isinstance(message, tuple) else (message,)
        roles = ARGUMENTS[str(function)]
        given = dict(zip(roles, parts, strict=False))
        if len(given) == len(roles) and all(given.values()):
            yield Key(**given)
