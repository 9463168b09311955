"""Translations are compiled without gettext, and checked."""

from pathlib import Path

import pytest

from rainbowrail.devtools.catalogues import catalogues, compiled, problems

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
