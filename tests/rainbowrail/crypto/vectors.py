"""Reads the frozen vectors. They are never made anew: stored values depend on them, so a test that fails here is right."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("vectors")


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return found
