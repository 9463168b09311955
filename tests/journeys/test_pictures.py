"""The pictures of the README can be taken again at any time, and are small."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from rainbowrail.devtools.pictures import take_readme_pictures
from rainbowrail.devtools.world import ROOT
from tests.worlds import Running

MOST_BYTES = 150_000


def test_one_picture_of_each_side_can_be_taken(running: Running, browser: Browser, tmp_path: Path) -> None:
    taken = take_readme_pictures(browser, running.world, tmp_path)
    committed = sorted(path.name for path in (ROOT / "docs" / "pictures").iterdir())
    assert sorted(path.name for path in taken) == committed
    for path in taken:
        with Image.open(path) as picture:
            assert picture.width >= 750


def test_the_readme_shows_each_committed_picture_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text()
    section = readme.split("<!-- pictures:begin -->")[1].split("<!-- pictures:end -->")[0]
    for path in (ROOT / "docs" / "pictures").iterdir():
        assert path.stat().st_size < MOST_BYTES
        assert f'src="docs/pictures/{path.name}"' in section
    assert section.count("<img ") == len(list((ROOT / "docs" / "pictures").iterdir()))
    assert section.count('alt="') == section.count("<img ")
