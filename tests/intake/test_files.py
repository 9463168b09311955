"""Files from an applicant: sealed while they are read, write-only, counted and never named; whole before staff see them."""

import io
import os
import re
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from intake import evidence, file_actions, limiter, retention, upload
from intake.drain import drain
from intake.models import CleanCopy, Delivery, Evidence, EvidencePart
from intake.states import CopyState, DeliveryState
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import clean, datakeys, files
from rainbowrail.crypto.clean import Reason
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyMissing, OpenFailed
from rainbowrail.crypto.files import PART_BYTES
from rainbowrail.crypto.models import DataKey
from tests.clients import PublicClient
from tests.factories.intake import sent
from tests.intake.test_applicant_journey import send_a_request, text_of
from tests.rainbowrail.crypto import hostile
from tests.rainbowrail.crypto.hostile import CANARY
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
TEXT = "They wrote: come home or we find you. "


@pytest.fixture
def browser(public_client: PublicClient, as_public: AsRole) -> PublicClient:
    """The browser of somebody who has just sent a request, on the public door."""
    with as_public():
        send_a_request(public_client)
    drain()
    return public_client


@pytest.fixture
def public(as_public: AsRole) -> Iterator[None]:
    with as_public():
        yield


def add(browser: PublicClient, content: bytes, name: str = "IMG_0001.jpg", **more: Any) -> Any:
    """Choose a file on the page and press *send this file*."""
    page = browser.get(browser.url("intake:files"))
    once = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    assert once is not None
    file = SimpleUploadedFile(name, content, content_type="image/jpeg")
    return browser.post(browser.url("intake:files"), {"once": once[1], "file": file, **more})


def add_piece(browser: PublicClient, content: bytes, *, file_id: UUID, number: int, is_last: bool, name: str = "a.txt") -> Any:
    headers = {
        "X-File": str(file_id),
        "X-Piece": str(number),
        "X-Last": "1" if is_last else "0",
        "X-Name": name,
        "X-Declared": "text/plain",
    }
    return browser.post(browser.url("intake:piece"), content, content_type="application/octet-stream", headers=headers)


def bytes_of(row: Evidence | CleanCopy) -> bytes:
    with datakeys.scope():
        return b"".join(evidence.read(row))


def about(row: Evidence) -> dict[str, Any]:
    row = Evidence.objects.get(id=row.id)
    with datakeys.scope():
        row.hold_key()
        return dict(row.about)


# --- sending ---


def test_a_file_sent_without_script_arrives_whole_under_the_public_role(browser: PublicClient, as_public: AsRole) -> None:
    picture = hostile.picture(size=(600, 400), quality=95)
    with as_public():
        answer = add(browser, picture)
        page = browser.get(answer.headers["Location"])
    assert "Today 1 file arrived." in text_of(page)
    drain()
    row = Evidence.objects.get()
    assert row.whole_hour is not None and bytes_of(row) == picture
    assert about(row) == {"name": "IMG_0001.jpg", "declared": "image/jpeg", "kind": "jpeg", "length": len(picture)}


def test_a_large_file_is_many_parts_and_one_file(browser: PublicClient, as_public: AsRole) -> None:
    content = (TEXT * (3 * PART_BYTES // len(TEXT))).encode()
    with as_public():
        add(browser, content, "chat.txt")
    drain()
    assert EvidencePart.objects.count() >= 3
    assert bytes_of(Evidence.objects.get()) == content


def test_the_page_says_that_nothing_can_be_taken_back_and_no_proof_of_orientation_is_wanted(
    browser: PublicClient, public: None
) -> None:
    text = text_of(browser.get(browser.url("intake:files")))
    assert "we believe you without it" in text
    assert "whom you love or who you are" in text
    assert "take it back" in text


def test_no_page_shows_a_name_of_a_file_again(browser: PublicClient, public: None) -> None:
    add(browser, hostile.picture(), f"{CANARY}.jpg")
    for name in ("intake:files", "intake:here", "intake:sent"):
        assert CANARY not in browser.get(browser.url(name)).content.decode()


def test_the_same_page_sent_twice_is_one_file(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        page = browser.get(browser.url("intake:files")).content.decode()
        once = re.search(r'name="once" value="([^"]+)"', page)
        assert once is not None
        for _ in range(2):
            file = SimpleUploadedFile("a.txt", TEXT.encode())
            browser.post(browser.url("intake:files"), {"once": once[1], "file": file})
    drain()
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"x" * 5000, "This is a program."),
        (b"<!doctype html><script>", "This is a web page."),
        (hostile.packed({"evil.exe": "x"}), "packed folder"),
        (bytes(range(256)), "We do not know this kind"),
    ],
)
def test_a_refused_kind_gets_a_kind_sentence_and_leaves_nothing(
    content: bytes, sentence: str, browser: PublicClient, as_public: AsRole
) -> None:
    before = Delivery.objects.count()
    with as_public():
        answer = add(browser, content, f"{CANARY}.jpg")
    assert answer.status_code == 200
    assert sentence in text_of(answer) and "This file again, the others are safe." in text_of(answer)
    assert CANARY not in answer.content.decode()
    assert not EvidencePart.objects.exists() and Delivery.objects.count() == before


def test_a_form_without_a_file_says_so(browser: PublicClient, public: None) -> None:
    answer = browser.post(browser.url("intake:files"), {"once": "x"})
    assert "Choose a file first" in text_of(answer)


def test_too_large_a_file_is_not_kept(browser: PublicClient, as_public: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MOST_BYTES", 100_000)
    with as_public():
        answer = add(browser, TEXT.encode() * 5000, "chat.txt")
    assert "too large" in text_of(answer)
    drain()
    assert not Evidence.objects.exists()


def test_a_second_file_in_one_form_is_asked_for_again(browser: PublicClient, public: None) -> None:
    answer = add(browser, TEXT.encode(), "a.txt", other=SimpleUploadedFile("b.txt", TEXT.encode()))
    assert "one file at a time" in text_of(answer)


def test_files_that_come_faster_than_anybody_sends_wait(
    browser: PublicClient, public: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "allows", lambda budget, visitor="": budget.name != "file-of-one")
    assert "wait a minute" in text_of(add(browser, TEXT.encode(), "a.txt"))


def test_a_session_sends_only_so_many_files(browser: PublicClient, public: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_actions, "MOST_FILES", 1)
    assert add(browser, TEXT.encode(), "a.txt").status_code == 302
    assert add(browser, TEXT.encode(), "a.txt").status_code == 409


def test_a_file_may_take_longer_than_a_session_may_idle(
    browser: PublicClient, as_public: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = timezone.now()
    end = upload._Reader.end
    with time_machine.travel(begun, tick=False) as clock, as_public():
        browser.get(browser.url("intake:here"))

        def much_later(reader: upload._Reader, *, is_last: bool = True) -> None:
            end(reader, is_last=is_last)
            clock.move_to(begun + timedelta(minutes=50))

        monkeypatch.setattr(upload._Reader, "end", much_later)
        assert add(browser, TEXT.encode(), "a.txt").status_code == 302
        assert "Today 1 file arrived." in text_of(browser.get(browser.url("intake:files")))


def test_a_form_whose_connection_broke_off_is_no_file(browser: PublicClient, as_public: AsRole) -> None:
    border = "----border"
    head = f'--{border}\r\nContent-Disposition: form-data; name="once"\r\n\r\nmark\r\n--{border}\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    came = head.encode() + TEXT.encode() * 1000
    with as_public():
        answer = browser.request(**{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": browser.url("intake:files"),
            "CONTENT_TYPE": f"multipart/form-data; boundary={border}",
            "CONTENT_LENGTH": str(len(came) + 50_000),
            "wsgi.input": io.BytesIO(came),
        })  # fmt: skip
    assert answer.status_code == 200 and "This file again, the others are safe." in text_of(answer)
    drain()
    assert not Evidence.objects.exists()


def test_a_piece_whose_connection_broke_off_is_asked_for_again(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        answer = browser.request(**{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": browser.url("intake:piece"),
            "CONTENT_TYPE": "application/octet-stream",
            "CONTENT_LENGTH": "5000",
            "HTTP_X_FILE": str(uuid4()),
            "HTTP_X_PIECE": "0",
            "HTTP_X_LAST": "1",
            "wsgi.input": io.BytesIO(TEXT.encode()),
        })  # fmt: skip
    assert answer.status_code == 400
    drain()
    assert not Evidence.objects.exists()


# --- who may, and where ---


def test_without_a_session_not_a_byte_is_kept(public_client: PublicClient, as_public: AsRole) -> None:
    with as_public():
        file = SimpleUploadedFile("a.txt", TEXT.encode())
        answer = public_client.post(public_client.url("intake:files"), {"once": "x", "file": file})
        piece = add_piece(public_client, TEXT.encode(), file_id=uuid4(), number=0, is_last=True)
    assert answer.status_code == 409 and piece.status_code == 403
    assert not EvidencePart.objects.exists()


def test_a_file_sent_to_any_other_page_is_passed_over(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        browser.post(browser.url("intake:write"), {"text": "Hello.", "file": SimpleUploadedFile("a.txt", TEXT.encode())})
    assert not EvidencePart.objects.exists()


def test_a_forged_form_brings_no_file(browser: PublicClient, as_public: AsRole) -> None:
    strict = PublicClient(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    with as_public():
        answer = strict.post(strict.url("intake:files"), {"once": "x", "file": SimpleUploadedFile("a.txt", TEXT.encode())})
        piece = add_piece(strict, TEXT.encode(), file_id=uuid4(), number=0, is_last=True)
    assert answer.status_code == 403 and piece.status_code == 403
    drain()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM intake_evidencepart",
        "UPDATE intake_evidencepart SET number = 1",
        "DELETE FROM intake_evidencepart",
        "SELECT * FROM intake_evidence",
        "INSERT INTO intake_evidence (id) VALUES (gen_random_uuid())",
        "SELECT * FROM intake_cleancopy",
    ],
)
def test_the_public_role_can_neither_list_nor_change_nor_delete_a_file(statement: str, as_public: AsRole) -> None:
    with (
        as_public(),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_takes_a_part_from_a_live_session_only(as_public: AsRole) -> None:
    with as_public(), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        EvidencePart(file_id=uuid4(), number=0, sealed=b"x").save(force_insert=True)


def test_the_staff_door_takes_no_file(staff_client: Any, settings: Any) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["intake.upload.RefuseFiles"]
    answer = staff_client.post("/accounts/login/", {"login": "x", "password": "y", "file": SimpleUploadedFile("a", b"x" * 99)})
    assert not answer.wsgi_request.FILES


# --- in pieces ---


def test_pieces_arrive_in_any_order_and_twice_and_make_one_file(browser: PublicClient, as_public: AsRole) -> None:
    content, file_id = (TEXT * (2 * PART_BYTES // len(TEXT) + 10)).encode(), uuid4()
    pieces = [content[at : at + PART_BYTES] for at in range(0, len(content), PART_BYTES)]
    assert len(pieces) == 3
    with as_public():
        for number in (1, 0, 1, 2, 2):
            answer = add_piece(browser, pieces[number], file_id=file_id, number=number, is_last=number == 2)
            assert answer.status_code == 200, answer.content
        assert "Today 1 file arrived." in text_of(browser.get(browser.url("intake:files")))
    drain()
    row = Evidence.objects.get(id=file_id)
    assert bytes_of(row) == content and about(row)["kind"] == "text"
    assert EvidencePart.objects.filter(file_id=file_id).exclude(id__in=_ids_in(row)).count() <= 2


def _ids_in(row: Evidence) -> list[UUID]:
    with datakeys.scope():
        row.hold_key()
        return [part.id for part in row.list_of_parts]


def test_a_file_that_misses_its_last_part_is_not_shown_and_expires(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add_piece(browser, b"a" * PART_BYTES, file_id=uuid4(), number=0, is_last=False)
    drain()
    row = Evidence.objects.get()
    assert row.whole_hour is None
    evidence.make_clean(row.id)
    assert not CleanCopy.objects.exists()
    retention.expire()
    assert Evidence.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=evidence.ARRIVING_DAYS + 1)):
        retention.expire()
    assert not Evidence.objects.exists() and not EvidencePart.objects.exists()


def test_parts_that_no_delivery_names_expire_and_those_of_files_stay(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, TEXT.encode(), "a.txt")
    drain()
    kept = EvidencePart.objects.get()
    EvidencePart.objects.create(file_id=uuid4(), number=0, sealed=b"x")
    with time_machine.travel(timezone.now() + timedelta(days=evidence.UNCLAIMED_DAYS + 1)):
        retention.expire()
    assert list(EvidencePart.objects.all()) == [kept]


def test_a_file_outlives_a_worker_that_stood_still(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, TEXT.encode(), "a.txt")
    with time_machine.travel(timezone.now() + timedelta(days=evidence.UNCLAIMED_DAYS + 1)):
        retention.expire()
    assert drain() == 1
    assert bytes_of(Evidence.objects.get()) == TEXT.encode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-File": "nonsense", "X-Piece": "0", "X-Last": "1"},
        {"X-File": str(uuid4()), "X-Piece": "-1", "X-Last": "1"},
        {"X-File": str(uuid4()), "X-Piece": "99999", "X-Last": "1"},
        {"X-File": str(uuid4()), "X-Piece": "x", "X-Last": "1"},
        {"X-File": str(uuid4()), "X-Piece": "0", "X-Last": "0"},
    ],
)
def test_a_piece_that_no_script_of_ours_sends_is_refused(headers: dict[str, str], browser: PublicClient, public: None) -> None:
    answer = browser.post(browser.url("intake:piece"), b"short", content_type="application/octet-stream", headers=headers)
    assert answer.status_code == 400
    assert browser.get(browser.url("intake:piece")).status_code == 405


def test_a_piece_above_its_size_is_refused(browser: PublicClient, public: None) -> None:
    assert add_piece(browser, b"a" * (PART_BYTES + 1), file_id=uuid4(), number=0, is_last=True).status_code == 400


def test_a_refused_kind_is_told_to_the_script(browser: PublicClient, public: None) -> None:
    answer = add_piece(browser, b"MZ\x90\x00 program", file_id=uuid4(), number=0, is_last=True)
    assert answer.status_code == 422 and "program" in answer.json()["refused"]


def test_nobody_adds_pieces_to_a_file_of_somebody_else(browser: PublicClient, as_public: AsRole) -> None:
    other, file_id = PublicClient(), uuid4()
    with as_public():
        add_piece(browser, b"a" * PART_BYTES, file_id=file_id, number=0, is_last=False)
        send_a_request(other)
        add_piece(other, b"b" * 10, file_id=file_id, number=1, is_last=True)
    drain()
    row = Evidence.objects.get(id=file_id)
    assert row.whole_hour is None
    assert Delivery.objects.filter(state=DeliveryState.QUARANTINED).count() == 1


# --- the drain, the keys ---


def test_each_file_has_a_key_of_its_own_under_the_persons_evidence_key(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, TEXT.encode(), "a.txt")
        add(browser, TEXT.encode(), "b.txt")
    drain()
    one, other = Evidence.objects.all()
    assert one.key_id != other.key_id and one.person_id == other.person_id
    key = DataKey.objects.get(compartment=Compartment.EVIDENCE)
    assert key.subject_id == one.person_id
    assert files.wrapping_key_id(bytes(one.wrapped_key)) == files.wrapping_key_id(bytes(other.wrapped_key)) == key.id


def test_erasing_a_file_erases_it_alone(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, TEXT.encode(), "a.txt")
        add(browser, TEXT.encode(), "b.txt")
    drain()
    one, other = Evidence.objects.all()
    stolen = bytes(one.wrapped_key)
    evidence.forget(one)
    assert EvidencePart.objects.filter(file_id=one.id).count() == 0
    assert bytes_of(other) == TEXT.encode()
    assert stolen != bytes(other.wrapped_key)


def test_erasing_the_person_closes_every_file_for_good(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, hostile.picture())
    drain()
    row = Evidence.objects.get()
    evidence.make_clean(row.id)
    datakeys.destroy(row.person_id, Compartment.EVIDENCE)
    for sealed in (Evidence.objects.get(), CleanCopy.objects.get()):
        with datakeys.scope(), pytest.raises(KeyMissing):
            b"".join(evidence.read(sealed))


def test_the_database_alone_shows_neither_name_nor_content(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, hostile.picture(), f"{CANARY}.jpg")
    drain()
    evidence.make_clean(Evidence.objects.get().id)
    canary = CANARY.encode()
    with connection.cursor() as cursor:
        for table in ("intake_evidence", "intake_evidencepart", "intake_cleancopy", "intake_delivery", "intake_visit"):
            cursor.execute(f"SELECT row::text FROM {table} AS row")  # noqa: S608
            dump = " ".join(line for (line,) in cursor.fetchall()).lower().encode()
            for form in (canary.lower(), canary.hex().encode(), b64encode(canary).lower()):
                assert form not in dump, table


def test_a_part_that_was_altered_quarantines_the_delivery_and_shows_nothing(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, TEXT.encode(), "a.txt")
    part = EvidencePart.objects.get()
    changed = bytearray(part.sealed)
    changed[-1] ^= 1
    EvidencePart.objects.filter(id=part.id).update(sealed=bytes(changed))
    drain()
    assert not Evidence.objects.exists()
    assert Delivery.objects.filter(state=DeliveryState.QUARANTINED).count() == 1


def test_a_part_that_is_gone_afterwards_is_noticed_before_a_byte_is_served(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, (TEXT * 60_000).encode(), "a.txt")
    drain()
    row = Evidence.objects.get()
    last = EvidencePart.objects.filter(file_id=row.id).order_by("-number").first()
    assert last is not None
    last.delete()
    with datakeys.scope(), pytest.raises(OpenFailed):
        evidence.read(row)


def test_the_trail_says_that_a_file_came_and_not_which(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, TEXT.encode(), f"{CANARY}.txt")
    drain()
    event = AuditEvent.objects.get(verb="intake.file_sent")
    assert CANARY not in str(event.__dict__)


def test_what_is_sent_behind_a_second_code_leaves_no_file(browser: PublicClient, as_public: AsRole) -> None:
    done = sent()
    drain()
    done.visit.duress = True
    with as_public(), transaction.atomic():
        from rainbowrail.crypto.grants import set_visitor

        set_visitor(visit_hash=done.visit.row.visit_hash, locator_hash=done.visit.locator_hash)
        came = upload.Upload(uuid4(), "a.txt", "", kind=None, length=3)
        reader = upload._Reader(came, visit_hash=done.visit.row.visit_hash)
        reader.take(b"abc")
        reader.end()
        set_visitor(visit_hash=done.visit.row.visit_hash, locator_hash=done.visit.locator_hash)
        file_actions.send_file(done.visit, came, token="t")
    drain()
    assert not Evidence.objects.filter(person_id=done.visit.person_id).exists()
    assert file_actions.files_sent_today(done.visit) == 1


# --- clean copies ---


def test_a_clean_copy_is_made_once_under_its_own_key(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, hostile.picture())
    drain()
    row = Evidence.objects.get()
    evidence.make_clean(row.id)
    evidence.make_clean(row.id)
    copy = CleanCopy.objects.get()
    row.refresh_from_db()
    assert row.copy == CopyState.DONE and row.copy_tries == 1
    assert copy.key_id != row.key_id
    assert CANARY.encode() in bytes_of(row) and CANARY.encode() not in bytes_of(copy)


def test_a_file_of_which_no_copy_can_be_made_says_why(browser: PublicClient, as_public: AsRole) -> None:
    with as_public():
        add(browser, hostile.pdf(password="x"), "letter.pdf")
        add(browser, b"ID3\x04" + b"\x00" * 500, "voice.mp3")
    drain()
    for row in Evidence.objects.all():
        evidence.make_clean(row.id)
    assert sorted(about(row)["no_copy"] for row in Evidence.objects.all()) == sorted([Reason.LOCKED, Reason.NOT_A_KIND])
    assert set(Evidence.objects.values_list("copy", flat=True)) == {CopyState.DONE}
    assert not CleanCopy.objects.exists()


def test_a_file_that_brings_the_worker_down_is_given_up_and_may_begin_again(
    browser: PublicClient, as_public: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_public():
        add(browser, hostile.picture())
    drain()
    row = Evidence.objects.get()

    def die(*args: Any, **kwargs: Any) -> Any:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(clean, "make", die)
        for _ in range(evidence.MOST_TRIES):
            with pytest.raises(MemoryError):
                evidence.make_clean(row.id)
        evidence.make_clean(row.id)
    assert Evidence.objects.get().copy == CopyState.GIVEN_UP
    assert evidence.waiting_for_copies() == []
    assert evidence.begin_again(row)
    assert evidence.waiting_for_copies() == [row.id]
    evidence.make_clean(row.id)
    assert CleanCopy.objects.exists()


# --- nothing on a disk ---


def test_no_file_appears_in_any_temporary_folder_while_a_file_is_read(
    browser: PublicClient, as_public: AsRole, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    folders = [tempfile.gettempdir(), "/var/tmp", "/dev/shm", str(tmp_path)]
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened: list[str] = []
    take = upload._Reader.take

    def watch(reader: upload._Reader, data: bytes) -> bool:
        taken = take(reader, data)
        for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208 - links, also to deleted files
            try:
                target = os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115
            except OSError:
                continue
            if any(target.startswith(f"{folder}/") for folder in folders) and "pytest" not in target:
                opened.append(target)
        assert list(tmp_path.iterdir()) == []
        return taken

    before = set(_open_files(folders))
    monkeypatch.setattr(upload._Reader, "take", watch)
    with as_public():
        assert add(browser, (TEXT * 100_000).encode(), "chat.txt").status_code == 302
    assert set(opened) <= before
    assert list(tmp_path.iterdir()) == []


def _open_files(folders: list[str]) -> Iterator[str]:
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            target = os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115
        except OSError:
            continue
        if any(target.startswith(f"{folder}/") for folder in folders):
            yield target
