"""Translations are compiled without gettext, and checked."""

from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from rainbowrail.devtools.catalogues import (
    catalogues,
    code_of,
    compiled,
    gaps,
    missing,
    number_of_plurals,
    out_of_date,
    plural_rule,
    problems,
)
from rainbowrail.devtools.extraction import SOURCES, Key, Sentence, keys_in, sentences

ROOT = Path(__file__).resolve().parents[2]
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "django.po"
    path.write_text(f'{HEADER}msgid "You have %(count)s days."\nmsgstr "Il vous reste %(count)s jours."\n')
    return path


def test_a_compiled_catalogue_has_no_problem(catalogue: Path) -> None:
    catalogue.with_suffix(".mo").write_bytes(compiled(catalogue))
    assert list(problems(catalogue)) == []


def test_a_catalogue_that_was_changed_after_compiling_is_told(catalogue: Path) -> None:
    catalogue.with_suffix(".mo").write_bytes(compiled(catalogue))
    catalogue.write_text(catalogue.read_text().replace("reste", "demeure"))
    assert list(problems(catalogue)) == [f"{catalogue.with_suffix('.mo')} is not what django.po says."]


def test_a_placeholder_lost_in_translation_is_told(catalogue: Path) -> None:
    catalogue.write_text(f'{HEADER}msgid "You have %(count)s days."\nmsgstr "Il vous reste %(nombre)s jours."\n')
    catalogue.with_suffix(".mo").write_bytes(compiled(catalogue))
    told = list(problems(catalogue))
    assert any("%(nombre)s is not in the original" in line for line in told)
    assert any("%(count)s got lost" in line for line in told)


def test_every_catalogue_of_ours_is_compiled_and_whole() -> None:
    assert [problem for catalogue in catalogues() for problem in problems(catalogue)] == []


def test_sentences_are_found_in_python() -> None:
    source = 'a = _("One " "whole")\n'
    source += 'b = ngettext_lazy("%(n)d file", "%(n)d files", "n")\n'
    source += 'c = pgettext("verb", "Answer")\nd = _(name)\n'
    assert list(keys_in(source)) == [Key("One whole"), Key("%(n)d file", "%(n)d files"), Key("Answer", context="verb")]


def test_sentences_are_found_in_templates_however_they_are_indented() -> None:
    source = """
      <p>{% translate "Go on" %}</p>
    {% include "x.html" with title=_("A title") only %}
        {% blocktranslate trimmed count n=files %}
          {{ n }} file
        {% plural %}
          {{ n }} files
        {% endblocktranslate %}
    """
    assert list(keys_in(source, is_template=True)) == [Key("Go on"), Key("A title"), Key("%(n)s file", "%(n)s files")]


def test_what_applicants_can_read_is_told_from_what_staff_read() -> None:
    assert Sentence(Key("x"), ["cases/forms.py", "templates/intake/start.html"]).is_public
    assert not Sentence(Key("x"), ["intake/staff_actions.py", "templates/components/staff_menu.html"]).is_public


def test_a_sentence_stands_in_one_catalogue_only() -> None:
    keys = [sentence.key for found in sentences().values() for sentence in found]
    assert len(keys) == len(set(keys)) > 1000


def test_the_rules_for_numbers_are_those_of_unicode() -> None:
    assert number_of_plurals("ar") == 6 and "nplurals=6" in plural_rule("ar")
    assert number_of_plurals("fr") == 2 and "n > 1" in plural_rule("fr")


def test_catalogues_have_the_sentences_of_the_source() -> None:
    assert list(out_of_date()) == []


def test_no_reader_meets_a_sentence_in_another_language() -> None:
    assert list(gaps()) == []


def test_every_template_stands_in_one_catalogue() -> None:
    held = [path for patterns in SOURCES.values() for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()]
    templates = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.is_file())
    assert sorted(path for path in held if path.is_relative_to(ROOT / "templates")) == templates


def without(words: str, language: str, root: Path) -> None:
    """Copy the catalogues of a language into a folder, where one sentence is not translated."""
    for path in catalogues():
        if code_of(path) == language:
            copy = root / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True)
            catalogue = polib.pofile(str(path))
            for entry in catalogue:
                entry.msgstr = "" if entry.msgid == words else entry.msgstr
            catalogue.save(str(copy))


def test_a_sentence_of_staff_that_lacks_french_is_missed_and_one_of_no_staff_language_is_not(tmp_path: Path) -> None:
    words = "You have no role yet"
    without(words, "fr", tmp_path)
    assert missing("fr", tmp_path) == [words]
    assert missing("es") == []


def test_the_check_of_one_language_looks_at_that_one_only(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("translations", "check", "fr")
    assert capsys.readouterr().out.startswith("4 catalogues ")
    with pytest.raises(CommandError, match="extract lg"):
        call_command("translations", "check", "lg")


def test_a_missing_form_for_some_number_is_missed(tmp_path: Path) -> None:
    folder = tmp_path / "intake" / "locale" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    whole = next(
        entry for entry in polib.pofile(str(ROOT / "rainbowrail/locale/ar/LC_MESSAGES/django.po")) if entry.msgid_plural
    )
    whole.msgstr_plural[3] = ""
    catalogue = polib.POFile()
    catalogue.append(whole)
    catalogue.save(str(folder / "django.po"))
    assert whole.msgid in missing("ar", tmp_path)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_language_offered_has_a_name_and_a_direction(language: str) -> None:
    from django.utils.translation import get_language_info

    assert get_language_info(language)["name_local"]
    assert (language in settings.LANGUAGES_BIDI) == get_language_info(language)["bidi"]
