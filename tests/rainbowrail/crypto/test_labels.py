"""Labels keep purposes apart: each stands in one module, and docs/crypto.md lists them all."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LABEL = re.compile(
    r'(?:encode|derive|derive_key)\([^"]*"(rainbowrail [a-z ]+)"|^LABEL(?:, CONTEXT)? = "((?:rainbowrail|staff) [a-z ]+)"',
    re.MULTILINE,
)


def labels() -> dict[str, set[str]]:
    found = defaultdict(set)
    for path in (ROOT / "rainbowrail").rglob("*.py"):
        for match in LABEL.finditer(path.read_text(encoding="utf-8")):
            found[match[1] or match[2]].add(path.name)
    return found


def test_no_two_modules_share_a_label() -> None:
    found = labels()

    assert len(found) > 15
    assert {label: where for label, where in found.items() if len(where) > 1} == {}


def test_the_list_of_labels_is_whole() -> None:
    text = " ".join((ROOT / "docs" / "crypto.md").read_text(encoding="utf-8").split())
    (listed,) = re.findall(r"Labels of HKDF and of associated data, no two alike: (.*?)\. A test", text)

    assert set(re.findall(r"`((?:rainbowrail|staff) [a-z ]+)`", listed)) == set(labels())
