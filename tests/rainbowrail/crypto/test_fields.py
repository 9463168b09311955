import copy
import datetime
import pickle
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldFetchBlocked, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.forms.models import model_to_dict, modelform_factory

from rainbowrail.crypto import datakeys, envelope, fields, keyring
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing, KeyNotHeld, NotForCopies, OpenFailed, SealedFieldLookup
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.crypto.sealed import Sealed
from tests.rainbowrail.crypto.diary import Entry
from tests.rainbowrail.crypto.folders import a_folder_of

CANARY = "kanarienvogel فاطمة"
BIRTH = datetime.date(1994, 3, 1)


@pytest.fixture
def entry(diary: type[Entry], ade: uuid.UUID) -> Entry:
    return Entry.objects.create(
        person_id=ade, title="one", words=CANARY, facts={"where": CANARY, "days": [1, 2]}, born_on=BIRTH
    )


def stored(entry: Entry, column: str = "words") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_entry WHERE id = %s", [entry.pk])  # noqa: S608 - our own column names
        return bytes(cursor.fetchone()[0])


def put(entry: Entry, sealed: bytes, column: str = "words") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE test_entry SET {column} = %s WHERE id = %s", [sealed, entry.pk])  # noqa: S608


def test_what_was_saved_is_read_back_in_a_later_request(entry: Entry) -> None:
    with datakeys.scope():
        again = Entry.objects.get(pk=entry.pk)

        assert (again.words, again.facts, again.born_on) == (CANARY, {"where": CANARY, "days": [1, 2]}, BIRTH)


def test_the_raw_row_holds_no_plain_text(entry: Entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT test_entry::text FROM test_entry")
        row = cursor.fetchone()[0]
    held = b"".join(stored(entry, column) for column in ("words", "facts", "born_on"))

    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        assert CANARY.encode(encoding) not in held
        assert CANARY.encode(encoding).hex() not in row
    assert b"1994" not in held


@pytest.mark.parametrize("nothing", [{"words": ""}, {"facts": None}, {"facts": {}}, {"born_on": None}])
def test_not_stated_is_sealed_like_a_value(diary: type[Entry], ade: uuid.UUID, nothing: dict[str, Any]) -> None:
    entry = Entry.objects.create(person_id=ade, **nothing)
    [(name, value)] = nothing.items()

    assert len(stored(entry, name)) == envelope.SHORTEST
    assert getattr(Entry.objects.get(pk=entry.pk), name) == value


def test_yes_no_and_nothing_have_one_size(diary: type[Entry], ade: uuid.UUID) -> None:
    sizes = {
        len(stored(Entry.objects.create(person_id=ade, words=words))) for words in ("", "no", "yes", "a name of some length")
    }

    assert len(sizes) == 1


def test_equal_values_look_different(diary: type[Entry], ade: uuid.UUID) -> None:
    first, second = (Entry.objects.create(person_id=ade, words=CANARY) for _ in range(2))

    assert stored(first) != stored(second)


def test_a_fresh_key_that_is_not_stored_seals_and_opens_within_its_scope(diary: type[Entry]) -> None:
    person = uuid.uuid4()
    for compartment in (Compartment.STORY, Compartment.IDENTITY):
        datakeys.generate(person, compartment)
    entry = Entry.objects.create(person_id=person, words=CANARY)

    assert Entry.objects.get(pk=entry.pk).words == CANARY
    with datakeys.scope(), pytest.raises(KeyMissing):
        _ = Entry.objects.get(pk=entry.pk).words


def test_nothing_is_saved_without_a_key(diary: type[Entry]) -> None:
    with pytest.raises(KeyMissing), transaction.atomic():
        Entry.objects.create(person_id=uuid.uuid4(), words=CANARY)

    assert not Entry.objects.exists()


def test_the_public_process_seals_a_request_and_cannot_read_it_back(diary: type[Entry], tmp_path: Path) -> None:
    person = uuid.uuid4()
    with keyring.using(a_folder_of("public", tmp_path)):
        with datakeys.scope():
            for compartment in (Compartment.STORY, Compartment.IDENTITY):
                datakeys.generate(person, compartment)
            entry = Entry.objects.create(person_id=person, words=CANARY)
        with datakeys.scope():
            later = Entry.objects.get(pk=entry.pk)
            for name in ("words", "facts", "born_on"):
                with pytest.raises(KeyNotHeld):
                    getattr(later, name)


# --- moved, altered, cut: each raises, none returns data ---


def test_a_value_does_not_open_in_another_row_of_the_same_person(diary: type[Entry], entry: Entry, ade: uuid.UUID) -> None:
    other = Entry.objects.create(person_id=ade, words="other")
    put(other, stored(entry))

    with pytest.raises(OpenFailed):
        _ = Entry.objects.get(pk=other.pk).words


def test_a_value_does_not_open_in_another_column_of_the_same_key(entry: Entry) -> None:
    put(entry, stored(entry, "facts"), "words")

    with pytest.raises(OpenFailed):
        _ = Entry.objects.get(pk=entry.pk).words


def test_a_row_given_to_another_person_does_not_open(entry: Entry, bo: uuid.UUID) -> None:
    Entry.objects.update(person_id=bo)

    with pytest.raises(OpenFailed, match="another subject"):
        _ = Entry.objects.get(pk=entry.pk).words


def test_a_value_sealed_under_the_key_of_another_compartment_does_not_open(entry: Entry, ade: uuid.UUID) -> None:
    key = datakeys.open_key(ade, Compartment.IDENTITY)
    put(entry, envelope.seal(key.material, b"x", seal_id="test_entry.words.v1", row_id=entry.pk, data_key_id=key.id))

    with pytest.raises(OpenFailed, match="compartment"):
        _ = Entry.objects.get(pk=entry.pk).words


def test_an_altered_value_does_not_open(entry: Entry) -> None:
    sealed = bytearray(stored(entry))
    sealed[-1] ^= 1
    put(entry, bytes(sealed))

    with pytest.raises(OpenFailed):
        _ = Entry.objects.get(pk=entry.pk).words


@pytest.mark.parametrize("bytes_", [b"plain text written by hand", b"\x02" + bytes(200), b""])
def test_the_database_refuses_bytes_that_are_not_in_our_format(entry: Entry, bytes_: bytes) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        put(entry, bytes_)


def test_the_database_refuses_null(entry: Entry) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE test_entry SET words = NULL")


def test_a_destroyed_key_closes_its_compartment_and_leaves_the_other(entry: Entry, ade: uuid.UUID) -> None:
    assert datakeys.destroy(ade, Compartment.STORY) == 1
    again = Entry.objects.get(pk=entry.pk)

    with pytest.raises(KeyMissing):
        _ = again.words
    assert again.born_on == BIRTH


# --- saving again ---


def test_an_unread_value_keeps_its_bytes_when_the_row_is_saved(entry: Entry) -> None:
    before = stored(entry)
    again = Entry.objects.get(pk=entry.pk)
    again.title = "two"
    again.save()

    assert stored(entry) == before


def test_a_value_that_was_only_read_keeps_its_bytes(entry: Entry) -> None:
    before = stored(entry), stored(entry, "facts")
    again = Entry.objects.get(pk=entry.pk)
    assert (again.words, again.facts["days"]) == (CANARY, [1, 2])
    again.full_clean()
    again.save()

    assert (stored(entry), stored(entry, "facts")) == before


def test_a_new_value_is_sealed_anew(entry: Entry) -> None:
    before = stored(entry)
    again = Entry.objects.get(pk=entry.pk)
    again.words = "something else"
    again.save(update_fields=["words"])

    assert stored(entry) != before
    assert Entry.objects.get(pk=entry.pk).words == "something else"


def test_a_value_changed_in_place_is_sealed_anew(entry: Entry) -> None:
    again = Entry.objects.get(pk=entry.pk)
    again.facts["days"].append(3)
    again.save()

    assert Entry.objects.get(pk=entry.pk).facts["days"] == [1, 2, 3]


def test_the_same_words_assigned_again_are_sealed_under_the_key_of_today(entry: Entry, ade: uuid.UUID) -> None:
    again = Entry.objects.get(pk=entry.pk)
    words = again.words
    datakeys.destroy(ade, Compartment.STORY)
    new = datakeys.create(ade, Compartment.STORY)
    again.words = str(words + " ")[:-1]
    again.facts = None
    again.save()

    assert envelope.data_key_id_of(stored(entry)) == new.id
    assert Entry.objects.get(pk=entry.pk).words == CANARY


def test_a_copy_under_another_id_is_sealed_for_its_own_row(entry: Entry) -> None:
    twin = Entry.objects.get(pk=entry.pk)
    twin.pk = uuid.uuid4()
    twin._state.adding = True
    twin.save()

    assert Entry.objects.get(pk=twin.pk).words == CANARY
    assert Entry.objects.get(pk=entry.pk).words == CANARY


def test_what_was_saved_can_be_saved_again_at_once(entry: Entry) -> None:
    before = stored(entry)
    entry.save()
    assert stored(entry) == before

    entry.words = "later"
    entry.save()
    assert Entry.objects.get(pk=entry.pk).words == "later"


def test_many_rows_are_made_in_one_insert(diary: type[Entry], ade: uuid.UUID) -> None:
    Entry.objects.bulk_create(Entry(person_id=ade, title=str(number), words=f"words {number}") for number in range(3))

    assert [entry.words for entry in Entry.objects.all()] == ["words 0", "words 1", "words 2"]


# --- deferred, refreshed, fetched in other ways ---


def test_a_deferred_column_is_loaded_when_it_is_read(entry: Entry, django_assert_num_queries: Any) -> None:
    again = Entry.objects.only("title", "person_id").get(pk=entry.pk)

    with django_assert_num_queries(1):
        assert again.words == CANARY
    assert fields.raw(Entry.objects.defer("words").get(pk=entry.pk), "words") == stored(entry)


def test_saving_a_row_with_a_deferred_column_leaves_that_column_alone(entry: Entry) -> None:
    before = stored(entry)
    again = Entry.objects.defer("words").get(pk=entry.pk)
    again.title = "two"
    again.save()

    assert stored(entry) == before


def test_refreshing_brings_the_new_value_without_opening_it(
    entry: Entry, ade: uuid.UUID, django_assert_num_queries: Any
) -> None:
    mine, theirs = (Entry.objects.get(pk=entry.pk) for _ in range(2))
    assert mine.words == CANARY
    theirs.words = "changed meanwhile"
    theirs.save()
    with datakeys.scope():
        with django_assert_num_queries(1):
            mine.refresh_from_db()
        assert mine.words == "changed meanwhile"

    mine.refresh_from_db(fields=["words"])
    assert fields.raw(mine, "words") == stored(entry)


def test_refreshing_a_row_whose_key_is_gone_does_not_fail_until_it_is_read(entry: Entry, ade: uuid.UUID) -> None:
    datakeys.destroy(ade)
    entry.refresh_from_db()

    with pytest.raises(KeyMissing):
        _ = entry.words


def test_fetching_peers_loads_a_deferred_column_for_all_at_once(
    diary: type[Entry], ade: uuid.UUID, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        Entry.objects.create(person_id=ade, title=str(number), words=str(number))
    entries = list(Entry.objects.only("title", "person_id").fetch_mode(models.FETCH_PEERS))

    with django_assert_num_queries(1):
        assert [entry.words for entry in entries] == ["0", "1", "2"]


def test_a_blocked_fetch_stays_blocked(entry: Entry) -> None:
    again = Entry.objects.only("title").fetch_mode(models.FETCH_RAISE).get(pk=entry.pk)

    with pytest.raises(FieldFetchBlocked):
        _ = again.words


def test_a_thousand_values_are_opened_with_one_query_for_their_keys(
    diary: type[Entry], new_person: Callable[[], uuid.UUID], django_assert_num_queries: Any
) -> None:
    people = [uuid.uuid4() for _ in range(1000)]
    with datakeys.scope():
        keys = [
            datakeys.generate(person, compartment)
            for person in people
            for compartment in (Compartment.STORY, Compartment.IDENTITY)
        ]
        datakeys.wrap_for_store(keys)
        Entry.objects.bulk_create(Entry(person_id=person, words=f"words of {person}") for person in people)
    with datakeys.scope(), django_assert_num_queries(2):
        entries = list(Entry.objects.all())
        datakeys.open_many([entry.person_id for entry in entries], Compartment.STORY)

        assert all(entry.words == f"words of {entry.person_id}" for entry in entries)


# --- refused ---


@pytest.mark.parametrize(
    "condition",
    [
        {"words": CANARY},
        {"words__contains": "a"},
        {"words__in": ["a"]},
        {"words__length": 3},
        {"facts__where": "a"},
        {"born_on__year": 1994},
    ],
)
def test_filters_are_refused_and_name_the_blind_index(diary: type[Entry], condition: dict[str, Any]) -> None:
    with pytest.raises(SealedFieldLookup, match="blind_index"):
        Entry.objects.filter(**condition)
    with pytest.raises(SealedFieldLookup):
        Entry.objects.exclude(**condition)


def test_asking_for_null_is_allowed_and_never_true(entry: Entry) -> None:
    assert not Entry.objects.filter(words__isnull=True).exists()


def test_updates_of_many_rows_are_refused(entry: Entry) -> None:
    with pytest.raises(SealedFieldLookup), transaction.atomic():
        Entry.objects.update(words="x")
    with pytest.raises(SealedFieldLookup), transaction.atomic():
        Entry.objects.bulk_update([entry], ["words"])

    assert Entry.objects.get(pk=entry.pk).words == CANARY


def test_values_are_sealed_bytes_that_refuse_to_become_text(entry: Entry) -> None:
    sealed = Entry.objects.values_list("words", flat=True).get()

    assert isinstance(sealed, Sealed)
    assert sealed == stored(entry)
    assert repr(sealed) == f"<sealed, {len(sealed)} bytes>"
    for show in (str, "{}".format, lambda value: f"{value}", pickle.dumps):
        with pytest.raises(NotForCopies):
            show(sealed)


def test_nothing_opened_is_pickled(entry: Entry) -> None:
    unread = Entry.objects.get(pk=entry.pk)
    for thing in (entry, unread, Entry.objects.all()):
        with pytest.raises(NotForCopies):
            pickle.dumps(thing)


def test_copies_in_memory_do_not_share_what_they_hold(entry: Entry) -> None:
    twin = Entry(person_id=entry.person_id)
    twin.__dict__["facts"] = copy.deepcopy(vars(entry)["facts"])
    twin.facts["days"].append(9)

    assert twin.facts["days"] == [1, 2, 9]
    assert entry.facts["days"] == [1, 2]


def test_nothing_is_dumped_or_put_into_model_forms(entry: Entry) -> None:
    for form in ("json", "python"):
        with pytest.raises(NotForCopies):
            serializers.serialize(form, [entry])
    with pytest.raises(NotForCopies):
        model_to_dict(entry, fields=["words"])

    assert list(modelform_factory(Entry, exclude=[]).base_fields) == ["person_id", "title"]


def test_an_instance_shows_nothing_when_printed_with_its_attributes(entry: Entry) -> None:
    assert CANARY not in repr(entry.__dict__)
    assert "1994" not in repr(vars(entry))


@pytest.mark.parametrize(
    "value",
    [
        {"words": None},
        {"words": b"bytes"},
        {"words": "half \ud800"},
        {"facts": {1, 2}},
        {"facts": float("nan")},
        {"facts": ["half \ud800"]},
        {"born_on": "1994-03-01"},
        {"born_on": datetime.datetime(1994, 3, 1)},  # noqa: DTZ001 - a wrong value on purpose
    ],
    ids=repr,
)
def test_a_value_of_the_wrong_kind_is_refused_without_being_repeated(
    diary: type[Entry], ade: uuid.UUID, value: dict[str, Any]
) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal, transaction.atomic():
        Entry.objects.create(person_id=ade, **value)

    assert type(refusal.value) in (TypeError, ValueError)  # not UnicodeEncodeError, which carries the text
    assert not any(word in str(refusal.value) for word in ("half", "1994"))
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None


def test_too_many_characters_are_refused_by_validation(diary: type[Entry], ade: uuid.UUID) -> None:
    with pytest.raises(ValidationError):
        Entry(person_id=ade, words="x" * 2001).full_clean()


# --- raw and digest ---


def test_the_digest_covers_every_sealed_byte_and_its_place(diary: type[Entry], entry: Entry, ade: uuid.UUID) -> None:
    names = ["words", "facts", "born_on"]
    before = fields.digest(entry, names)
    assert before == fields.digest(Entry.objects.get(pk=entry.pk), reversed(names))
    assert before != fields.digest(entry, names[:2])

    for column in names:
        original = stored(entry, column)
        sealed = bytearray(original)
        sealed[-1] ^= 1
        put(entry, bytes(sealed), column)
        assert fields.digest(Entry.objects.get(pk=entry.pk), names) != before
        put(entry, original, column)
    assert fields.digest(Entry.objects.get(pk=entry.pk), names) == before


def test_raw_bytes_before_saving_are_those_that_are_saved(diary: type[Entry], ade: uuid.UUID) -> None:
    entry = Entry(person_id=ade, words=CANARY)
    raw = fields.raw(entry, "words")
    entry.save()

    assert stored(entry) == raw
    with pytest.raises(TypeError):
        fields.raw(entry, "title")


# --- what a model must have ---


def test_a_model_that_cannot_seal_is_told_so_before_it_runs() -> None:
    class Wrong(models.Model):
        words = EncryptedTextField(seal_id="test_wrong.words.v1", compartment=Compartment.STORY, null=True)

        class Meta:
            apps = Entry._meta.apps
            app_label = "crypto"

        def __str__(self) -> str:
            return "wrong"

    assert {message.id for message in Wrong.check()} >= {"crypto.E101", "crypto.E102", "crypto.E103"}


@pytest.mark.parametrize("seal_id", ["words", "Test.words.v1", "test.words", "test.words.v0", "test.words.v1 "])
def test_a_seal_id_of_another_shape_is_refused(seal_id: str) -> None:
    with pytest.raises(ValueError, match=r"note\.text\.v1"):
        EncryptedTextField(seal_id=seal_id, compartment=Compartment.STORY)


def test_a_migration_writes_the_field_down_whole() -> None:
    _, path, _, kwargs = Entry._meta.get_field("words").deconstruct()

    assert path == "rainbowrail.crypto.fields.EncryptedTextField"
    assert kwargs == {"seal_id": "test_entry.words.v1", "compartment": "story", "max_chars": 2000, "default": ""}
