"""Finding a person again: what is written into the index, what comes back, and who may look."""

from pathlib import Path
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from intake import finding
from intake.finding import Known
from intake.models import CommonNumber, HelpRequest, IndexEntry
from rainbowrail.crypto import blind_index, datakeys, keyring
from rainbowrail.crypto.errors import KeyNotHeld
from tests.factories.cases import make_help_request
from tests.factories.intake import ade, received
from tests.rainbowrail.crypto.folders import a_folder_of
from tests.roles import AsRole

pytestmark = pytest.mark.django_db

FATIMAS = ("Fátima Al-Sayed", "fatima elsayed", "فاطمة السيد")


def person(name: str = "", *, channel: str = "none", address: str = "", **answers: str) -> HelpRequest:
    contact = {"channel": channel, "address": address} if address else {"channel": channel}
    return make_help_request(dict(answers), identity={"call_you": name, "contact": contact})


def proposed(wanted: Known) -> list[UUID]:
    return [row.person_id for row in finding.candidates(wanted, most=50)]


@pytest.mark.parametrize("asked", FATIMAS)
def test_three_spellings_of_one_name_find_each_other(asked: str) -> None:
    """Numbers have few bits, so a stranger may be proposed too, by chance: behind all who share the name, and hardly ever."""
    people = {person(name).person_id for name in FATIMAS}
    strangers = {person(name).person_id for name in ("Selam Tesfaye", "Ruslan Umarov", "Kwame Boateng", "Mireille Ngo")}
    found = proposed(Known(names={asked}))
    assert set(found[: len(people)]) == people
    assert len(strangers & set(found)) <= 1


def test_an_address_finds_its_person_however_it_is_written() -> None:
    ade_, bo = (
        person(channel="email", address="Ade.B@Example.org"),
        person(channel="text", address="0700 123 456", current_country="UGA"),
    )
    assert proposed(Known(emails={"ade.b@example.org"})) == [ade_.person_id]
    assert proposed(Known(phones={"+256700123456"})) == [bo.person_id]


def test_the_same_digits_as_a_phone_number_and_as_a_partner_code_are_two_things() -> None:
    person(partner="256700123456")
    assert proposed(Known(phones={"+256700123456"})) == []
    assert len(proposed(Known(partners={"256700123456"}))) == 1


def test_the_drain_writes_the_row_of_a_new_request() -> None:
    request = received(ade(call_you="Selam Tesfaye"))
    assert proposed(Known(names={"ሰላም ተስፋዬ"})) == [request.person_id]


def test_a_correction_replaces_the_row_and_rolls_back_with_its_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    request = person("Selam Tesfaye")
    corrected = Known(names={"Abebe Bikila"})
    monkeypatch.setattr(finding, "sources", [lambda people: dict.fromkeys(people, corrected)])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        finding.reindex_person(request.person_id)
        1 / 0  # noqa: B018
    assert proposed(Known(names={"አበበ ቢቂላ"})) == []
    finding.reindex_person(request.person_id)
    assert proposed(Known(names={"አበበ ቢቂላ"})) == [request.person_id]
    assert IndexEntry.objects.count() == 1


def test_an_erased_person_has_no_row_and_stops_no_rebuild() -> None:
    gone, stays = person("Selam Tesfaye"), person("Abebe Bikila")
    datakeys.destroy(gone.person_id)
    finding.reindex_person(gone.person_id)
    assert IndexEntry.objects.count() == 1
    IndexEntry.objects.all().delete()
    assert sum(finding.rebuild(10)) == 1
    assert proposed(Known(names={"Abebe Bikila"})) == [stays.person_id]
    assert finding.forget_person(stays.person_id) == 1
    assert not IndexEntry.objects.exists()


def test_no_row_holds_a_word_or_names_its_person() -> None:
    request = person("Canary Vogelsang", channel="email", address="canary@example.org", partner="CANARY77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_indexentry::text FROM intake_indexentry")
        ((row,),) = cursor.fetchall()
    for word in ("canary", "vogelsang", "knr", str(request.person_id), str(request.pk)):
        assert word not in row.lower()
    entry = IndexEntry.objects.get()
    assert len(entry.names) % finding.NAMES_STEP == len(entry.exact) % finding.EXACT_STEP == 0
    assert entry.names == sorted(entry.names) and max(entry.names) < 2**16
    assert entry.exact == sorted(entry.exact) and max(entry.exact) < 2**20


def test_a_row_written_twice_is_the_same_row() -> None:
    request = person("Selam Tesfaye")
    before = IndexEntry.objects.values_list().get()
    finding.reindex_person(request.person_id)
    assert IndexEntry.objects.values_list().get() == before


def test_what_too_many_share_is_kept_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind_index, "FEWEST_SHARED", 2)
    for name in ("Fatima Khalid", "Fatima Rahimi", "Fatima Golnar"):
        person(name)
    assert len(proposed(Known(names={"Fatima"}))) == 3
    assert finding.thin() > 0
    assert proposed(Known(names={"Fatima"})) == []
    assert finding.kept(Known(names={"Fatima"})).names == 0
    later = person("Fatima Rahimi")
    assert proposed(Known(names={"Fatima"})) == []
    assert later.person_id in proposed(Known(names={"فاطمه رحیمی"}))
    assert finding.kept(Known(names={"فاطمه رحیمی"})).names > 0


def test_a_rebuild_brings_everybody_under_the_newest_key_and_goes_on_after_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [person("Selam Tesfaye"), person("Abebe Bikila"), person("Golnar Pejman")]
    CommonNumber.objects.create(key=1, of="names", number=7)
    secret = keyring.secret
    monkeypatch.setattr(blind_index, "keys_held", lambda: [2, 1])
    monkeypatch.setattr(keyring, "secret", lambda kind, key_id: secret(kind, 1)[::-1] if key_id == 2 else secret(kind, key_id))
    assert next(finding.rebuild(1)) == 1
    assert set(IndexEntry.objects.values_list("key", flat=True)) == {1, 2}
    for request, name in zip(people, ("Selam Tesfaye", "Abebe Bikila", "Golnar Pejman"), strict=True):
        assert proposed(Known(names={name})) == [request.person_id], "found under both keys while it lasts"
    assert sum(blind_index.rebuilders["people"](1)) == 2
    assert list(IndexEntry.objects.values_list("key", flat=True)) == [2, 2, 2]
    assert not CommonNumber.objects.exists()
    late = people[0].person_id  # written by somebody who has not heard of the new key
    IndexEntry.objects.create(alias=blind_index.alias(late, key=1), key=1, exact=[1, 2], names=[])
    assert sum(finding.rebuild(1)) == 1
    assert list(IndexEntry.objects.values_list("key", flat=True)) == [2, 2, 2]
    assert sum(finding.rebuild(1)) == 0


def test_the_public_role_can_neither_read_nor_write_the_index(as_public: AsRole) -> None:
    person("Selam Tesfaye")
    statements = (
        "SELECT 1 FROM intake_indexentry",
        "INSERT INTO intake_indexentry VALUES (gen_random_uuid(), 1, '{}', '{}')",
        "UPDATE intake_indexentry SET names = '{}'",
        "DELETE FROM intake_indexentry",
        "SELECT 1 FROM intake_commonnumber",
        "INSERT INTO intake_commonnumber (key, of, number) VALUES (1, 'names', 1)",
        "DELETE FROM intake_commonnumber",
    )
    with as_public():
        for statement in statements:
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_a_process_without_the_index_key_finds_nothing_and_says_why(tmp_path: Path) -> None:
    with keyring.using(a_folder_of("public", tmp_path)), pytest.raises(KeyNotHeld):
        finding.candidates(Known(names={"Fatima Al-Sayed"}), most=5)
