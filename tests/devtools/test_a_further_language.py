"""A further language is one catalogue and one line of settings (docs/languages.md), tried with one that is not translated."""

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import override_settings

from rainbowrail.devtools.catalogues import catalogues, extract, missing
from tests.clients import PublicClient

CODE, NAME = "so", "Soomaali"
AROUND = "«{}»"  # stands for a translation: the same words, so that placeholders and tags stay


def translate_everything(root: Path) -> None:
    for path in catalogues(root):
        catalogue = polib.pofile(str(path))
        for entry in catalogue:
            entry.msgstr = "" if entry.msgid_plural else AROUND.format(entry.msgid)
            for form in entry.msgstr_plural:
                entry.msgstr_plural[form] = AROUND.format(entry.msgid_plural)
        catalogue.save(str(path))
        path.with_suffix(".mo").write_bytes(bytes(catalogue.to_binary()))


@pytest.fixture
def somali(tmp_path: Path) -> Iterator[Path]:
    """A catalogue in a folder of its own, and the line."""
    extract([CODE], tmp_path)
    translate_everything(tmp_path)
    folders = [tmp_path / app / "locale" for app in ("rainbowrail", "intake")]
    with override_settings(LANGUAGES=[*settings.LANGUAGES, (CODE, NAME)], LOCALE_PATHS=[*folders, *settings.LOCALE_PATHS]):
        yield tmp_path


def test_an_empty_catalogue_lacks_every_sentence_and_a_full_one_none(tmp_path: Path) -> None:
    extract([CODE], tmp_path)
    assert len(missing(CODE, tmp_path)) > 500
    translate_everything(tmp_path)
    assert missing(CODE, tmp_path) == []


@pytest.mark.django_db
def test_it_is_offered_in_its_own_name_and_spoken_on_every_page(somali: Path, public_client: PublicClient) -> None:
    assert f'hreflang="{CODE}" lang="{CODE}" dir="ltr">{NAME}</a>' in public_client.get("/").content.decode()
    assert public_client.get(f"/language/{CODE}").status_code == 302
    for path, words in {
        "/": "You can ask for help here",
        "/begin": "Before you begin",
        "/more": "More about safety",
        "/form/s05": "What shall we call you?",
        "/back": "Welcome back",
        "/nowhere": "There is no page here",
    }.items():
        page = public_client.get(path).content.decode()
        assert f'<html lang="{CODE}" dir="ltr">' in page, path
        assert AROUND.format(words) in page, path
    assert "page__foot" in public_client.get("/").content.decode(), "nobody has read it yet, and it says so"


@pytest.mark.django_db
def test_errors_and_the_words_that_scripts_show_are_translated_too(somali: Path, public_client: PublicClient) -> None:
    public_client.get(f"/language/{CODE}")
    told = public_client.post("/form/s13", {"revision": "", "nights": "many", "go": "1"}).content.decode()
    assert AROUND.format("Write a whole number, such as 3.") in told
    area = public_client.get("/form/s29").content.decode()
    assert f'data-left="{AROUND.format("Room left, in characters: %s")}"' in area
