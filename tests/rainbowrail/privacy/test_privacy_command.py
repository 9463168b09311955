"""manage.py privacy: every column with class, compartment, time kept and who opens it; page and README agree with it."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as project
from django.core.management import CommandError, call_command

from rainbowrail.privacy import keeping, promise
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.privacy.inventory import rows, stored_models
from rainbowrail.privacy.keeping import Ends, Life
from rainbowrail.privacy.management.commands.privacy import complaints_about
from rainbowrail.privacy.retention import Kept

ROWS = rows()


def printed(*args: str) -> str:
    out = StringIO()
    call_command("privacy", *args, stdout=out)
    return out.getvalue()


def line_of(table: str, column: str) -> str:
    return next(line for line in printed().splitlines() if line.split()[:2] == [table, column])


def test_every_column_of_every_table_is_listed_with_all_that_is_known_of_it() -> None:
    lines = printed().splitlines()
    for row in ROWS:
        assert any(line.split()[:3] == [row.table, row.column, row.privacy.value] for line in lines), row
    note = line_of("cases_note", "text")
    assert "casework" in note
    assert "case: 24 months / declined: 12 months / information: 90 days" in note
    assert "notes and what staff wrote only as identity; each look on record" in note
    assert "public (own row), staff" in line_of("intake_message", "sent_on")
    assert "the person alone" in line_of("intake_draft", "sealed")


def test_nothing_is_left_unsaid() -> None:
    assert list(complaints_about(ROWS)) == []


@pytest.mark.parametrize("model", stored_models(), ids=lambda model: model._meta.label)
def test_every_table_says_how_its_rows_end(model: type) -> None:
    assert keeping.life_of(model._meta.label) is not None  # type: ignore[attr-defined]


def test_the_page_and_the_readme_are_what_the_models_say() -> None:
    call_command("privacy", "--check")


def test_a_page_that_drifted_is_refused_and_written_anew(tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("README.md", "docs/privacy.md"):
        (tmp_path / name).write_text((Path(project.BASE_DIR) / name).read_text())
    settings.BASE_DIR = tmp_path
    call_command("privacy", "--check")
    page = tmp_path / "docs" / "privacy.md"
    page.write_text(page.read_text().replace("24 months", "99 months"))
    with pytest.raises(CommandError, match=r"privacy\.md is out of date"):
        call_command("privacy", "--check")
    readme = tmp_path / "README.md"
    call_command("privacy", "--write")
    readme.write_text(readme.read_text().replace("; country", ""))
    with pytest.raises(CommandError, match=r"README\.md is out of date"):
        call_command("privacy", "--check")
    call_command("privacy", "--write")
    call_command("privacy", "--check")


# --- the promise ---


def test_a_readable_column_that_the_promise_does_not_mention_is_told() -> None:
    new = replace(ROWS[0], table="cases_case", column="city", privacy=PrivacyClass.CLEAR)
    assert [one for one in complaints_about([*ROWS, new]) if one.startswith("cases_case.city")]
    sealed = replace(new, privacy=PrivacyClass.SEALED)
    assert promise.uncovered([sealed]) == []


def test_words_without_a_column_behind_them_are_told() -> None:
    without = [row for row in ROWS if row.column != "language"]
    assert promise.unfounded(without) == ["language"]


def test_the_readme_names_what_a_thief_learns_and_says_what_not() -> None:
    row = promise.first_row(ROWS)
    assert row in (Path(project.BASE_DIR) / "README.md").read_text()
    for words in ("hour and order of arrival", "country", "band", "officials' names", "padded sizes", promise.NEVER):
        assert words in row


# --- lives ---


def test_a_life_without_a_span_says_why() -> None:
    with pytest.raises(ValueError, match="why it has none"):
        Life(Ends.GOES)
    assert str(Life(Ends.GOES, (Kept.DRAFT,))) == "draft: 7 days"
