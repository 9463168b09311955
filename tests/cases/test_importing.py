"""A partner's file: every error of every row in words, nothing kept of a check, each good row once, in whatever encoding."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cases import actions
from cases.importing import mending, reading
from cases.importing.columns import CheckedRow, check_rows
from cases.importing.reading import UnreadableFile, rows_of
from cases.models import Case, CaseOrigin, ImportedRow, PartnerOrganisation, Suspicion
from intake.drain import drain
from intake.models import Delivery, HelpRequest
from rainbowrail.accounts.models import User
from rainbowrail.audit.kinds import Kind, kind_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.roles import Role
from rainbowrail.web import exports
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff

TODAY = timezone.localdate()
DAY = (TODAY - timedelta(days=2)).isoformat()
HEAD = "external_id,consent_given_on,consent_how"


def csv_of(*rows: dict[str, str], names: tuple[str, ...] = ()) -> bytes:
    names = names or tuple(dict.fromkeys(name for row in rows for name in row))
    return "\r\n".join([",".join(names), *(",".join(f'"{row.get(name, "")}"' for name in names) for row in rows)]).encode()


def row(number: int = 1, **told: str) -> dict[str, str]:
    return {"external_id": f"HH-{number}", "consent_given_on": DAY, "consent_how": "spoken", **told}


def checked(*rows: dict[str, str]) -> list[CheckedRow]:
    return check_rows(rows_of(csv_of(*rows)), today=TODAY)


def errors_of(**told: str) -> dict[str, str]:
    [one] = checked(row(1, **told))
    return {error.name: error.words for error in one.errors}


# --- reading ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_encoding_and_separator_is_read(encoding: str, separator: str) -> None:
    text = f"{HEAD},call_you\r\nHH-1,{DAY},spoken,آدا\r\n".replace(",", separator)
    [one] = check_rows(rows_of(text.encode(encoding)), today=TODAY)
    assert one.errors == []
    assert one.answers["call_you"] == "آدا"


def test_a_spreadsheets_own_line_about_its_separator_is_passed_over() -> None:
    [(number, one)] = rows_of(f"sep=;\r\n{HEAD.replace(',', ';')}\r\nHH-1;{DAY};spoken".encode())
    assert (number, one["external_id"]) == (3, "HH-1")


def test_json_is_read_as_a_list_or_under_requests() -> None:
    told = [row(dated_event="deportation:5")]
    for shape in (told, {"requests": told}):
        [one] = check_rows(rows_of(json.dumps(shape).encode()), today=TODAY)
        assert one.is_good
    [one] = check_rows(rows_of(json.dumps([row() | {"dated_event": {"type": "trial", "in_days": 3}}]).encode()), today=TODAY)
    assert one.answers["dated_event"] == [{"type": "trial", "on": (TODAY + timedelta(days=3)).isoformat()}]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"  \n", b"\xff\xfe", b"\x00", b"caf\xe9,b\n1,2", b"[1,2]", b"{}", b"[" * 100_000, b'[{"a":', HEAD.encode(),
        b"a,a\n1,2", b'a\n"' + b"x" * 200_000, b"a\n" * 5_002, b",".join(b"c%d" % n for n in range(300)) + b"\nb",
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_said_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        rows_of(raw)
    assert str(refusal.value)


def test_a_file_that_is_too_large_is_said_so() -> None:
    with pytest.raises(UnreadableFile, match="5 MB"):
        rows_of(b"a" * (reading.MOST_BYTES + 1))


# --- rows ---


def test_a_good_row_becomes_answers_with_days_as_dates() -> None:
    [one] = checked(row(
        call_you="Ade", nationality="uga", age_band="18_24", disability="yes", pregnant="0", self_rated_danger="٣",
        shelter_nights_left="5", last_harm="beating", last_harm_days_ago="10", money_days="365", help_asked="shelter, legal",
        dated_event="deportation:5|trial", medical="unknown", own_words="My words.", collected_on=DAY,
    ))  # fmt: skip
    assert one.errors == []
    told = timezone.localdate() - timedelta(days=2)
    expected = {
        "submitter": "partner", "consent_read": True, "contact_channel": "none", "nationality": "UGA", "disability": True,
        "pregnant": False, "self_rated_danger": 3, "help_asked": ["shelter", "legal"],
        "shelter_until": (told + timedelta(days=5)).isoformat(), "last_harm_on": (told - timedelta(days=10)).isoformat(),
        "dated_event": [
            {"type": "deportation", "on": (told + timedelta(days=5)).isoformat()}, {"type": "trial", "on": None},
        ],
    }  # fmt: skip
    assert {key: one.answers[key] for key in expected} == expected
    assert "medical" not in one.answers
    assert one.consent == {"given_on": DAY, "how": "spoken", "given_by": "partner"}


def test_every_error_of_a_row_is_told_at_once() -> None:
    assert set(errors_of(age_band="old", nationality="Uganda", self_rated_danger="9", language="xx", call_you="x" * 101)) == {
        "age_band", "nationality", "self_rated_danger", "language", "call_you",
    }  # fmt: skip


def test_without_number_or_consent_nothing_is_taken() -> None:
    told = {
        error.name
        for error in checked({"external_id": "", "consent_given_on": "", "consent_how": "", "call_you": "A"})[0].errors
    }
    assert told == {"external_id", "consent_given_on", "consent_how"}
    assert "future" in errors_of(consent_given_on=(TODAY + timedelta(days=1)).isoformat())["consent_given_on"]
    assert "such as" in errors_of(consent_given_on="31.12.2025")["consent_given_on"]
    assert "spoken" in errors_of(consent_how="maybe")["consent_how"]


@pytest.mark.parametrize("bad", ["a\x00b", "a\u202eb", "a\ud800b"])
def test_signs_that_cannot_be_seen_are_an_error_of_their_row(bad: str) -> None:
    rows = rows_of(json.dumps([row(own_words=bad), row(2), row(3) | {"dated_event": {"type": bad}}]).encode())
    first, second, third = check_rows(rows, today=TODAY)
    assert [error.name for error in first.errors] == ["own_words"]
    assert second.is_good
    assert not third.is_good


@pytest.mark.parametrize("value", [7, ["x"], {"a": 1}, True, 10**400, 1.5, "x" * 9_000])
def test_a_value_of_another_kind_is_an_error_and_no_fault(value: Any) -> None:
    told: dict[str, Any] = {**row(), "own_words": value, "age_band": value, "dated_event": value, "consent_given_on": value}
    [one] = check_rows([(1, told)], today=TODAY)
    assert {"own_words", "age_band", "consent_given_on"} <= {error.name for error in one.errors}


def test_the_second_row_of_one_number_is_an_error() -> None:
    first, second = checked(row(), row())
    assert first.is_good
    assert [error.name for error in second.errors] == ["external_id"]


def test_unknown_columns_warn_and_do_no_harm() -> None:
    [one] = checked(row(shoe_size="43"))
    assert one.is_good
    assert one.unknown == ["shoe_size"]
    assert "shoe_size" not in one.answers


def test_no_error_repeats_what_a_person_told() -> None:
    assert not any("Kampala" in words for words in errors_of(age_band="Kampala", dated_event="Kampala:1").values())


# --- files that leave ---


def test_rows_to_mend_hold_no_formula_and_come_back_as_they_were() -> None:
    given = '=HYPERLINK("http://x")'
    rows = check_rows([(1, {**row(call_you=given, contact_person_address="+256 700", age_band="old")})], today=TODAY)
    text = mending.to_mend(rows)
    assert "'=HYPERLINK" in text
    assert "'+256" in text
    [(_line, again)] = rows_of(text.encode())
    assert again["call_you"] == given
    assert again["contact_person_address"] == "+256 700"
    [back] = check_rows([(1, again | {"age_band": "18_24"})], today=TODAY)
    assert back.is_good
    assert back.unknown == []


def test_the_template_is_a_file_that_we_read() -> None:
    with pytest.raises(UnreadableFile, match="no rows"):
        rows_of(mending.template().encode())


# --- bringing in ---


@pytest.fixture
def harbour(hana: User) -> PartnerOrganisation:
    return actions.add_partner(name="Harbour House", contact="", notes="", by=hana.actor)


@pytest.mark.django_db
def test_good_rows_become_cases_like_every_other_and_bad_ones_do_not(harbour: PartnerOrganisation, dana: User) -> None:
    words = (
        "Somebody wrote this down for me, word by word, in the office by the harbour, and I agreed to every line of it. " * 2
    )
    rows = checked(row(1, own_words=words, nationality="UGA"), row(2, own_words=words), row(3, age_band="old"))
    assert actions.import_rows(harbour, rows, by=dana.actor) == actions.importing.Imported(2, 0, 0)
    assert Delivery.objects.count() == 2
    drain()
    assert Case.objects.count() == 2
    assert not Suspicion.objects.exists()  # the same words of a partner are no sign of a machine
    with datakeys.scope():
        request = HelpRequest.objects.order_by("id")[0]
        assert request.answers["submitter"] == "partner"
        assert request.consent["given_on"] == DAY
        assert request.consent["how"] == "spoken"
        origin = CaseOrigin.objects.get(case=request.case)
        assert origin.told == {"partner": str(harbour.pk), "how": "file"}
    harbour.refresh_from_db()
    assert harbour.filed == 2


@pytest.mark.django_db
def test_the_same_file_twice_makes_no_request_twice(harbour: PartnerOrganisation, dana: User, hana: User) -> None:
    actions.import_rows(harbour, checked(row(1), row(2)), by=dana.actor)
    told = actions.import_rows(harbour, checked(row(1), row(2), row(3)), by=dana.actor)
    assert (told.made, told.before, told.left) == (1, 2, 0)
    other = actions.add_partner(name="Other", contact="", notes="", by=hana.actor)
    assert actions.import_rows(other, checked(row(1)), by=dana.actor).made == 1


@pytest.mark.django_db
def test_when_the_time_is_over_the_next_press_goes_on(harbour: PartnerOrganisation, dana: User) -> None:
    rows = checked(*(row(number) for number in range(4)))
    told = actions.import_rows(harbour, rows, by=dana.actor, seconds=0)
    assert (told.made, told.left) == (1, 3)
    assert actions.import_rows(harbour, rows, by=dana.actor).made == 3


@pytest.mark.django_db
def test_a_turned_index_key_still_knows_the_rows(harbour: PartnerOrganisation, dana: User) -> None:
    actions.import_rows(harbour, checked(row(1), row(2)), by=dana.actor)
    drain()
    names = set(ImportedRow.objects.values_list("fingerprint", flat=True))
    ImportedRow.objects.update(key=0)
    assert list(actions.rename_rows(1)) == [1, 1]
    assert set(ImportedRow.objects.values_list("fingerprint", flat=True)) == names


@pytest.mark.django_db
def test_only_a_lead_imports(harbour: PartnerOrganisation, cleo: User, hana: User) -> None:
    for who in (cleo, hana):
        with pytest.raises(NotAllowed):
            actions.import_rows(harbour, checked(row()), by=who.actor)


@pytest.mark.django_db
def test_the_staff_role_may_do_it(harbour: PartnerOrganisation, dana: User, as_staff_role: Callable[[], Any]) -> None:
    with as_staff_role():
        assert actions.import_rows(harbour, checked(row()), by=dana.actor).made == 1


@pytest.mark.django_db
def test_nothing_of_a_row_stands_in_the_database(harbour: PartnerOrganisation, dana: User) -> None:
    actions.import_rows(harbour, checked(row(7, own_words="zebrafish", call_you="quokka")), by=dana.actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        found = ""
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            found += "\n".join(text for (text,) in cursor.fetchall())
    assert "HH-7" not in found
    assert "zebrafish" not in found
    assert "quokka" not in found


# --- the page ---


def post(client: CarefulClient, partner: PartnerOrganisation, raw: bytes | None, *, to: str = "", **data: str) -> Any:
    file = {} if raw is None else {"file": SimpleUploadedFile("list.csv", raw)}
    return client.post(f"/partners/{partner.pk}/import/{to}", {**data, **file})


MEND = "rows-to-mend/"


def proof_on(page: Any) -> str:
    return str(page.context["looked"].proof)


@pytest.mark.django_db
def test_check_then_import_then_mend(staff_client: CarefulClient, dana: User, harbour: PartnerOrganisation) -> None:
    staff_client.force_login(dana)
    raw = csv_of(row(1, age_band=""), row(2, age_band="old"), row(3, age_band="18_24"))
    page = post(staff_client, harbour, raw, what="check")
    assert "age_band" in page.content.decode()
    assert (page.context["looked"].good, page.context["looked"].bad) == (2, 1)
    assert Delivery.objects.count() == 0
    page = post(staff_client, harbour, raw, what="import", proof=proof_on(page))
    assert "2 requests came in" in page.content.decode()
    assert Delivery.objects.count() == 2
    assert f'formaction="/partners/{harbour.pk}/import/{MEND}"' in page.content.decode()
    mend = post(staff_client, harbour, raw, to=MEND)
    assert mend["Content-Disposition"].startswith("attachment")
    assert mend["Cache-Control"].count("no-store") == 1
    assert "HH-2" in mend.content.decode()
    assert "HH-3" not in mend.content.decode()
    assert {"cases.import_checked", "cases.imported"} <= set(AuditEvent.objects.values_list("verb", flat=True))
    taken = AuditEvent.objects.get(verb="cases.rows_exported")
    assert (taken.actor_id, taken.thing_id, taken.detail) == (dana.pk, str(harbour.pk), {"count": 1, "format": "csv"})
    assert kind_of(taken.verb) is Kind.OUT


@pytest.mark.django_db
def test_the_rows_to_mend_stay_here_while_the_panic_plan_is_in_force(
    staff_client: CarefulClient, dana: User, harbour: PartnerOrganisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def frozen() -> None:
        raise NotPossible("Nothing leaves now.")

    monkeypatch.setattr(exports, "_guards", [frozen])
    staff_client.force_login(dana)
    raw = csv_of(row(2, age_band="old"))
    assert post(staff_client, harbour, raw, to=MEND).status_code == 409
    assert post(staff_client, harbour, raw, what="check").status_code == 200
    assert not AuditEvent.objects.filter(verb="cases.rows_exported").exists()


@pytest.mark.django_db
def test_another_file_than_the_checked_one_is_not_imported(
    staff_client: CarefulClient, dana: User, harbour: PartnerOrganisation
) -> None:
    staff_client.force_login(dana)
    proof = proof_on(post(staff_client, harbour, csv_of(row(1)), what="check"))
    for given in (proof, "", "x:y:z"):
        page = post(staff_client, harbour, csv_of(row(2)), what="import", proof=given)
        assert "not the file that was checked" in page.content.decode()
    assert Delivery.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("raw", [None, b"", b"\xff\xfe\x00", b"x" * 6_000_000, b"\x00" * 50, b"[{}]", b"nonsense"])
def test_whatever_is_chosen_the_page_answers(
    staff_client: CarefulClient, dana: User, harbour: PartnerOrganisation, raw: bytes | None
) -> None:
    staff_client.force_login(dana)
    for what in ("check", "import", "nonsense"):
        assert post(staff_client, harbour, raw, what=what).status_code == 200
    assert post(staff_client, harbour, raw, to=MEND).status_code == 200


@pytest.mark.django_db
def test_of_several_files_the_first_is_held_and_the_others_are_passed_over(
    staff_client: CarefulClient, dana: User, harbour: PartnerOrganisation
) -> None:
    staff_client.force_login(dana)
    files = {"file": SimpleUploadedFile("a.csv", csv_of(row(1))), "more": SimpleUploadedFile("b.csv", csv_of(row(2)))}
    page = staff_client.post(f"/partners/{harbour.pk}/import/", {"what": "check", **files})
    assert set(page.wsgi_request.FILES) == {"file"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.ADMINISTRATOR, Role.MANAGER, Role.AUDITOR])
def test_others_have_no_such_page(role: Role, staff_client: CarefulClient, harbour: PartnerOrganisation) -> None:
    staff_client.force_login(make_staff(role))
    assert staff_client.get(f"/partners/{harbour.pk}/import/").status_code in (403, 404)
    assert staff_client.get("/partners/template.csv").status_code in (403, 404)


@pytest.mark.django_db
def test_the_template_can_be_had(staff_client: CarefulClient, dana: User, harbour: PartnerOrganisation) -> None:
    staff_client.force_login(dana)
    assert "template.csv" in staff_client.get(f"/partners/{harbour.pk}/import/").content.decode()
    assert staff_client.get("/partners/template.csv").content.decode().startswith("\ufeffexternal_id,")


# --- the command ---


@pytest.mark.django_db
def test_the_command_checks_imports_and_gives_back(
    harbour: PartnerOrganisation, dana: User, cleo: User, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def run(email: str, *more: str) -> None:
        raw = csv_of(row(1, age_band=""), row(2, age_band="old"))
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("import_requests", "--partner", "Harbour House", "--as", email, *more)

    run("dana@example.org", "--dry-run")
    assert Delivery.objects.count() == 0
    assert "HH-2" in capsys.readouterr().out
    assert AuditEvent.objects.filter(verb="cases.rows_exported", actor_id=dana.pk).count() == 1
    run("dana@example.org")
    assert Delivery.objects.count() == 1
    assert "1 came in" in capsys.readouterr().err
    for email in ("cleo@example.org", "nobody@example.org"):
        with pytest.raises(CommandError):
            run(email)
