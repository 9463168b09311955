"""Each door asks for its styles once, and they are small (decision 0030)."""

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from rainbowrail.web.stylesheets import join

BACKEND = {"staticfiles": {"BACKEND": "rainbowrail.web.stylesheets.DoorStyles"}}
SHEETS = Path(__file__).parents[3] / "static" / "css"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collected")
    with override_settings(STATIC_ROOT=str(folder), STORAGES=BACKEND):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def served(collected: Path, pattern: str) -> str:
    """Return the text of the one collected file with a hash in its name."""
    found = [path for path in collected.glob(pattern) if re.search(r"\.[0-9a-f]{12}\.", path.name)]
    newest = sorted(found, key=lambda path: path.stat().st_mtime_ns)
    assert newest, pattern
    return newest[-1].read_text()


@pytest.mark.parametrize("door", ["public", "staff"])
def test_a_door_gets_its_styles_in_one_piece(collected: Path, door: str) -> None:
    css = served(collected, f"css/{door}.*.css")

    assert "@import" not in css
    assert "/*" not in css
    assert "--accent:" in css
    assert "@media print" in css


@pytest.mark.parametrize("door", ["public", "staff"])
def test_pages_for_errors_get_the_same_piece_under_its_plain_name(collected: Path, door: str) -> None:
    plain = collected / "css" / f"{door}.css"

    assert plain.read_text() == served(collected, f"css/{door}.*.css")
    assert brotli.decompress(plain.with_name(f"{door}.css.br").read_bytes()).decode() == plain.read_text()


def test_the_public_styles_are_under_six_kilobytes(collected: Path) -> None:
    css = served(collected, "css/public.*.css")

    assert len(brotli.compress(css.encode())) < 6000


def test_the_public_door_carries_no_staff_styles(collected: Path) -> None:
    assert ".band--emergency" not in served(collected, "css/public.*.css")
    assert ".band--emergency" in served(collected, "css/staff.*.css")


def test_behaviours_are_loaded_under_their_hashed_names(collected: Path) -> None:
    script = served(collected, "js/start.*.js")

    assert re.search(r'import\("\./leave-now\.[0-9a-f]{12}\.js"\)', script)


def test_a_stylesheet_that_imports_a_missing_file_names_it() -> None:
    class Storage:
        def open(self, _path: str) -> Any:
            return (Path(finders.find("css/public.css") or "")).open("rb")

    paths: Any = {"css/public.css": (Storage(), "css/public.css")}

    with pytest.raises(KeyError, match=r"css/tokens\.css"):
        join(paths, "css/public.css")


def test_colours_exist_only_as_tokens() -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", re.IGNORECASE)
    strays = [
        f"{path.name}: {line.strip()}"
        for path in SHEETS.glob("*.css")
        if path.name not in {"tokens.css", "print.css"}  # paper is black on white
        for line in path.read_text().splitlines()
        if colour.search(line)
    ]

    assert strays == []


def test_sides_are_logical_so_that_pages_turn_round_in_arabic() -> None:
    physical = re.compile(
        r"(?<![-\w])(margin|padding|border|inset)-(left|right)|(text-align|float):\s*(left|right)|(?<![-\w])(left|right):"
    )
    strays = [
        f"{path.name}: {line.strip()}"
        for path in SHEETS.glob("*.css")
        for line in path.read_text().splitlines()
        if physical.search(line)
    ]

    assert strays == []
