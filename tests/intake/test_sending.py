"""Sending is one transaction: all of it or nothing, once, sealed anew, with the draft and its wraps gone."""

import json
from typing import Any

import pytest
from django.db import connection, transaction

from intake import access, actions
from intake.access import SessionEnded
from intake.code_content import CodeContent
from intake.models import Delivery, Draft, HelpRequest, RequestStatus, ReturnCode, Visit
from intake.opened import OpenDraft, OpenVisit
from rainbowrail.crypto import boxes, datakeys, fields, return_code, visit_secret
from rainbowrail.crypto.errors import KeyMissing, OpenFailed
from rainbowrail.errors import NotPossible
from tests.factories.intake import ade, draft, sent

pytestmark = pytest.mark.django_db


def submit(opened: OpenDraft) -> OpenVisit:
    with datakeys.scope(), transaction.atomic():
        return actions.submit(opened, language="en")


def raw_rows(*tables: str) -> str:
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_sending_writes_everything_and_deletes_the_draft() -> None:
    visit = submit(draft())
    assert HelpRequest.objects.count() == Delivery.objects.count() == RequestStatus.objects.count() == 1
    assert ReturnCode.objects.filter(help_request_id=visit.help_request_id).count() == 2
    assert not Draft.objects.exists()


def test_if_one_part_fails_nothing_is_written_and_the_draft_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = draft()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the line broke")

    monkeypatch.setattr(boxes, "seal_box", fail)
    with pytest.raises(RuntimeError):
        submit(opened)
    assert Draft.objects.count() == 1
    assert not any(model.objects.exists() for model in (HelpRequest, Delivery, RequestStatus, ReturnCode))


def test_nothing_can_be_sent_without_permission_or_code() -> None:
    with pytest.raises(NotPossible, match="Tick"):
        submit(draft(ade(consent_read=None)))
    with pytest.raises(NotPossible, match="code"):
        submit(draft(with_code=False))


def test_no_word_of_a_draft_or_a_request_stands_in_the_database() -> None:
    draft(ade(call_you="Canary", own_words="Canary words"))
    sent(ade(call_you="Canary", own_words="Canary words"))
    rows = raw_rows(*(model._meta.db_table for model in (Draft, Visit, HelpRequest, Delivery, ReturnCode)))
    for word in ("Canary", "Mukono", "beating"):
        assert word not in rows
        assert word.encode().hex() not in rows


def test_neither_code_nor_locator_nor_key_is_stored() -> None:
    done = sent()
    keys = return_code.derive(done.code)
    rows = raw_rows("intake_returncode", "intake_visit", "intake_draft", "intake_delivery")
    for secret in (done.code.encode(), keys.locator, keys.wrapping_key, done.visit.secret.encode()):
        assert secret.hex() not in rows
        assert secret.decode("latin-1") not in rows


def test_the_code_never_wrapped_the_story() -> None:
    """What a return code opens holds the conversation key alone."""
    done = sent()
    keys = return_code.derive(done.code)
    row = ReturnCode.objects.get(locator_hash=keys.locator_hash)
    payload = json.loads(return_code.unwrap(keys, bytes(row.wrapped), context="return_code.conversation.v1", row_id=row.id))
    assert payload.keys() == set(CodeContent.__dataclass_fields__)
    assert payload["conversation"]["compartment"] == "conversation"


def test_the_two_code_rows_look_alike() -> None:
    sent()
    one, other = ReturnCode.objects.all()
    assert len(bytes(one.wrapped)) == len(bytes(other.wrapped))
    assert bytes(one.wrapped)[:1] == bytes(other.wrapped)[:1]
    assert (one.pepper_version, one.params_version, one.audience) == (
        other.pepper_version,
        other.params_version,
        other.audience,
    )
    assert len(one.locator_hash) == len(other.locator_hash) == 64


def test_the_draft_code_becomes_the_code_of_the_request() -> None:
    opened = draft()
    locator = opened.row.locator_hash
    submit(opened)
    assert ReturnCode.objects.filter(locator_hash=locator).count() == 1


def test_the_sending_process_cannot_read_the_request_again() -> None:
    visit = submit(draft())
    request = HelpRequest.objects.get(id=visit.help_request_id)
    with datakeys.scope():
        visit.hold_conversation_key()
        with pytest.raises(KeyMissing):
            request.own_words  # noqa: B018 - reading is what opens


def test_sending_never_derives_a_key_and_never_asks_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        opened = access.find_draft(draft().secret, lock=True)
    assert opened is not None
    monkeypatch.setattr(return_code, "derive", lambda *_a, **_k: pytest.fail("Argon2id ran"))
    monkeypatch.setattr("intake.limiter._client", lambda: pytest.fail("Redis was asked"))
    submit(opened)


def test_the_box_says_nothing_in_the_clear_and_names_the_pinned_key() -> None:
    done = sent()
    assert str(done.visit.help_request_id).encode() not in bytes(done.delivery.box)
    assert done.delivery.intake_key_id


def test_every_request_makes_a_box_of_the_same_size() -> None:
    short, long = sent(ade(own_words=None)), sent(ade(own_words="word " * 900))
    assert len(bytes(short.delivery.box)) == len(bytes(long.delivery.box))


def test_a_digest_covers_all_sealed_fields() -> None:
    sealed = {field.name for field in HelpRequest._meta.concrete_fields if getattr(field, "seal_id", "")}
    assert sealed == set(HelpRequest.SEALED_FIELDS)


def test_another_secret_opens_no_draft() -> None:
    opened = draft()
    with pytest.raises(OpenFailed):
        OpenDraft.by_visit(opened.row, visit_secret.new())


def test_a_draft_moved_to_another_row_does_not_open() -> None:
    one, other = draft(), draft()
    other.row.sealed = one.row.sealed
    with pytest.raises(OpenFailed):
        OpenDraft.by_visit(other.row, other.secret)


def test_saving_merges_one_step_and_forgets_what_was_taken_back() -> None:
    opened = draft({"call_you": "Ade", "pronouns": "he"})
    with transaction.atomic():
        actions.save_step(opened, {"pronouns": None, "age_band": "18_24"}, language="fr")
        again = access.find_draft(opened.secret, lock=False)
    assert again is not None
    assert again.answers == {"call_you": "Ade", "age_band": "18_24"}
    assert again.row.language == "fr"


def test_asking_for_the_code_twice_gives_the_same_code() -> None:
    opened = draft()
    with transaction.atomic():
        assert actions.keep_with_code(opened) == opened.code


def test_a_code_opens_a_request_only_with_its_own_row() -> None:
    """A wrap copied onto another code's row opens nothing."""
    mine, theirs = sent(), sent()
    row = ReturnCode.objects.get(locator_hash=mine.visit.locator_hash)
    stolen = ReturnCode.objects.get(locator_hash=theirs.visit.locator_hash)
    stolen.wrapped = row.wrapped
    stolen.save()
    with datakeys.scope(), pytest.raises(OpenFailed):
        access.open_by_code(theirs.code)


def test_a_cookie_of_another_key_is_no_session(rf: Any, settings: Any) -> None:
    request = rf.get("/")
    request.COOKIES[settings.VISIT_COOKIE_NAME] = "abc:def:ghi"
    with pytest.raises(SessionEnded):
        access.secret_in(request)


def test_the_digest_changes_when_any_field_is_sealed_anew() -> None:
    done = sent()
    request = done.request
    before = fields.digest(request, HelpRequest.SEALED_FIELDS)
    request._meta.get_field("consent")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_helprequest SET consent = consent || '\\x00'::bytea WHERE id = %s", [request.id])
    assert fields.digest(done.request, HelpRequest.SEALED_FIELDS) != before
