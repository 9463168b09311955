"""The arrows between packages, as pyproject.toml states them, hold; and the public door imports nothing of the staff side."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = "One way: referrals, cases, intake, then the shared kernel"


def lint(config: Path = ROOT / "pyproject.toml") -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache", "--config", config], cwd=ROOT, text=True, capture_output=True, check=False)


def test_the_arrows_point_one_way() -> None:
    told = lint()
    assert told.returncode == 0, told.stdout


def test_an_arrow_the_wrong_way_would_be_found(tmp_path: Path) -> None:
    """The contracts turned upside down must fail, or they watch nothing."""
    config = tmp_path / "upside_down.toml"
    config.write_text(
        (ROOT / "pyproject.toml")
        .read_text()
        .replace('"referrals", "cases", "intake",\n', '"intake", "cases", "referrals",\n', 1)
    )
    assert lint(config).returncode != 0


def test_every_package_of_the_kernel_has_its_place_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["name"] == LAYERS]
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    packages = {f"rainbowrail.{path.parent.name}" for path in (ROOT / "rainbowrail").glob("*/__init__.py")}
    # Composition and tools stand beside the layers: settings name everybody by string, devtools serves nobody, formats is data.
    assert packages - {"rainbowrail.settings", "rainbowrail.devtools", "rainbowrail.formats"} <= placed
