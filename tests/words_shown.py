"""What of a page was not said by the catalogues of its language: every sentence of theirs is marked, and the rest is read.

A sentence that has no words in the language stays unmarked, as does one that never asked for any; so does what people wrote,
which the caller lets pass.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.utils import translation
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import trans_real

OPEN, CLOSE = "⟦", "⟧"
WORDS = re.compile(r"[^\W\d_]{2,}")
# Attributes that are read out or shown; and what a script may put on the page.
READ = {"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"}
PRESSED = {"submit", "button", "reset"}
UNREAD = {"script", "style"}
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMES = {"data-behaviour"}  # of scripts, one or several


@contextmanager
def marked() -> Iterator[None]:
    """Let every sentence that the catalogues of the language translate come in brackets."""
    really = {name: getattr(trans_real, name) for name in ("gettext", "ngettext", "pgettext", "npgettext")}

    def gettext(message: str) -> str:
        return _in_brackets(really["gettext"](message), message, message)

    def pgettext(context: str, message: str) -> str:
        return _in_brackets(really["pgettext"](context, message), f"{context}\x04{message}", message)

    def ngettext(one: str, many: str, number: float) -> str:
        return _in_brackets(really["ngettext"](one, many, number), (one, 0), one)

    def npgettext(context: str, one: str, many: str, number: float) -> str:
        return _in_brackets(really["npgettext"](context, one, many, number), (f"{context}\x04{one}", 0), one)

    with ExitStack() as stack:
        for name, replaced in {"gettext": gettext, "pgettext": pgettext, "ngettext": ngettext, "npgettext": npgettext}.items():
            stack.enter_context(patch.object(translation._trans, name, replaced, create=True))  # type: ignore[attr-defined]
        yield


def _in_brackets(said: str, key: Any, message: str) -> str:
    known = trans_real.catalog()._catalog  # type: ignore[attr-defined]
    if not message or known.get(key) is None:
        return said
    words = f"{OPEN}{said}{CLOSE}"
    return mark_safe(words) if isinstance(message, SafeData) else words  # noqa: S308  what was safe stays so


class _Reader(HTMLParser):
    """Reads a page; what an element says to be in another language is let pass."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.unsaid: list[str] = []
        self.depth = 0
        self.inside: list[tuple[str, bool]] = []  # each open element, and whether what is in it counts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        counts = tag not in UNREAD and self.counts if given.get("lang") is None else given["lang"] == self.language
        if tag not in EMPTY:
            self.inside.append((tag, counts))
        if not counts:
            return
        for name, value in given.items():
            is_pressed = tag == "input" and name == "value" and given.get("type") in PRESSED
            # A word alone in a data attribute is the name of something; two are a sentence.
            is_said_by_script = name.startswith("data-") and name not in NAMES and " " in (value or "").strip()
            if value and (name in READ or is_pressed or is_said_by_script):
                self.unsaid += _outside(value, 0)[0]

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop()[0] != tag:
            pass  # an element that is never closed, as a list item may be

    @property
    def counts(self) -> bool:
        return not self.inside or self.inside[-1][1]

    def handle_data(self, data: str) -> None:
        if self.counts:
            found, self.depth = _outside(data, self.depth)
            self.unsaid += found


def _outside(text: str, depth: int) -> tuple[list[str], int]:
    """Return the pieces of a text that stand outside brackets and hold words, and how deep in brackets it ends."""
    pieces = [""]
    for sign in text:
        if sign == OPEN:
            depth += 1
        elif sign == CLOSE:
            depth = max(0, depth - 1)
            pieces.append("")
        elif depth == 0:
            pieces[-1] += sign
    return [" ".join(piece.split()) for piece in pieces if WORDS.search(piece)], depth


def unsaid(html: str, language: str) -> list[str]:
    """Return what is shown or read out on a page and came from no catalogue of its language, each piece once."""
    reader = _Reader(language)
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(reader.unsaid))
