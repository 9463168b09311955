"""manage.py privacy."""

from io import StringIO

from django.core.management import call_command

from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.privacy.inventory import rows


def printed(*args: str) -> str:
    out = StringIO()
    call_command("privacy", *args, stdout=out)
    return out.getvalue()


def test_every_column_of_every_table_is_listed_with_its_class() -> None:
    lines = [line.split()[:3] for line in printed().splitlines()]
    assert ["audit_auditevent", "verb", "clear"] in lines
    assert ["accounts_user", "email", "staff"] in lines


def test_a_sealed_column_names_its_compartment() -> None:
    sealed = [row for row in rows() if row.privacy is PrivacyClass.SEALED and row.compartment]
    assert sealed
    for row in sealed:
        assert any(line.split() == [row.table, row.column, "sealed", row.compartment] for line in printed().splitlines())


def test_the_markdown_names_what_stays_readable_and_nothing_else() -> None:
    table = printed("--markdown")
    assert "| `accounts_user` | id, last_login, email, name, roles, is_active, joined_on |" in table
    for row in rows():
        if row.privacy in {PrivacyClass.SEALED, PrivacyClass.KEY, PrivacyClass.LOOKUP}:
            line = next((line for line in table.splitlines() if line.startswith(f"| `{row.table}` |")), "")
            assert row.column not in [word.strip() for word in line.split("|")[2].split(",")] if line else True
