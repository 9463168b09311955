"""A restored copy of production becomes something a laptop may hold: nobody is left in it, and the counts are."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test import override_settings
from psycopg import sql

from cases import actions
from cases.models import Case, Note
from intake.drain import drain
from intake.models import Delivery, Draft, ReturnCode
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys, fields
from rainbowrail.crypto.errors import KeyMissing
from rainbowrail.crypto.models import DataKey
from rainbowrail.privacy import inventory, scrub
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.roles import Role
from rainbowrail.settings.env import Process
from referrals.models import Recipient, SentPacket
from referrals.states import ReferralState
from tests.factories.accounts import make_staff
from tests.factories.intake import ade, draft, sent
from tests.factories.referrals import Crew, make_referral_in

pytestmark = pytest.mark.django_db
STAFF_NAME, STAFF_MAIL = "Quenby Canaryname", "quenby.canary@example.org"
WORDS = "My brothers found my canary telephone."
NOTE = "The canary sat on the roof."


@pytest.fixture
def world() -> dict[str, bytes]:
    """Everything a production database holds, full of canaries. Returns the sealed bytes that must be gone, by place."""
    lead = make_staff(Role.TRIAGE_LEAD, name=STAFF_NAME, email=STAFF_MAIL)
    crew = Crew.new(lead=lead)
    referral = make_referral_in(ReferralState.ACKNOWLEDGED, crew=crew)
    done = sent(ade(own_words=WORDS))
    drain(subject_id=done.visit.person_id)
    case = Case.objects.get(help_request=done.request)
    actions.claim(case, by=lead.actor)
    note = actions.write_note(case, text=NOTE, by=lead.actor)
    actions.ask_applicant(case, question="Which canary?", by=lead.actor)
    sent()  # waits for the worker, in its box
    draft()
    packet = SentPacket.objects.get(referral=referral)
    return {
        "note": fields.raw(note, "text"),
        "request": fields.raw(done.request, "own_words"),
        "packet": fields.raw(packet, "contents"),
        "code": bytes(ReturnCode.objects.filter(help_request=done.request)[0].wrapped),
        "wrap": bytes(DataKey.objects.filter(subject_id=case.pk).get().wrapped),
        "box": bytes(Delivery.objects.waiting().get().box),
        "draft": bytes(Draft.objects.get().sealed),
    }


def everything() -> str:
    """Every row of every table as text; bytes stand in it as hex."""
    found = []
    with connection.cursor() as cursor:
        for model in inventory.stored_models():
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(model._meta.db_table)))
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def counts() -> dict[str, int]:
    return {model._meta.db_table: model._default_manager.count() for model in inventory.stored_models()}


def mark() -> None:
    with connection.cursor() as cursor:
        scrub._comment(cursor, scrub.MARK)


def test_a_database_that_is_not_marked_is_left_alone(world: dict[str, bytes]) -> None:
    before = everything()
    with pytest.raises(CommandError, match="not marked as a copy"):
        call_command("scrub")
    assert everything() == before


def test_a_mark_needs_the_name_and_nobody_else_connected() -> None:
    with pytest.raises(scrub.ScrubRefused, match="not 'production'"):
        scrub.mark("production")
    name = connection.settings_dict["NAME"]
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1")
        with pytest.raises(scrub.ScrubRefused, match="others are connected"):
            scrub.mark(name)
    finally:
        other.close()
    assert not scrub.is_marked()


@pytest.mark.parametrize("process", [Process.STAFF, Process.WORKER])
def test_only_the_owner_scrubs(process: Process) -> None:
    with override_settings(PROCESS=process), pytest.raises(CommandError, match="Only the owner"):
        call_command("scrub", stdout=StringIO())


def test_nothing_of_the_canaries_is_left_and_the_counts_are(world: dict[str, bytes]) -> None:
    references = set(Case.objects.values_list("reference", flat=True))
    officials = list(Recipient.objects.values_list("name", "email", "public_key").get())
    before, waiting = counts(), Delivery.objects.waiting().count()
    whole = everything()
    for text in (STAFF_NAME, STAFF_MAIL, *officials, *references):
        assert text in whole
    for sealed in world.values():
        assert sealed.hex() in whole
    mark()

    left = scrub.scrub()

    gone = everything()
    for text in (STAFF_NAME, STAFF_MAIL, *officials, *references, WORDS, NOTE):
        for form in (text, text.encode().hex(), base64.b64encode(text.encode()).decode()):
            assert form not in gone, text
    for place, sealed in world.items():
        assert sealed[-24:].hex() not in gone, place
    emptied = {model._meta.db_table for model in inventory.stored_models() if model._meta.label in scrub.GO}
    for table, count in before.items():
        expected = 0 if table in emptied else count - (waiting if table == "intake_delivery" else 0)
        assert left[table] == expected, table
    assert all(detail == {} for detail in AuditEvent.objects.values_list("detail", flat=True))


def test_what_is_left_still_works_and_opens_nothing(world: dict[str, bytes]) -> None:
    mark()
    scrub.scrub()
    assert not any(user.has_usable_password() and user.check_password("") for user in User.objects.all())
    assert Case.objects.waiting().count() >= 1
    assert all(len(reference) == 12 for reference in Case.objects.values_list("reference", flat=True))
    with datakeys.scope(), pytest.raises(KeyMissing):
        _ = Note.objects.get().text
    with pytest.raises(CommandError, match="not marked"):
        call_command("scrub")  # once is enough: it is no unscrubbed copy any more
    with connection.cursor() as cursor:  # and what protects rows protects them again
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize("model", inventory.stored_models(), ids=lambda model: model._meta.label)
def test_scrubbing_knows_what_to_do_with_every_column(model: type[Model]) -> None:
    list(scrub._steps_for(model))


def test_a_column_of_an_unknown_kind_stops_the_run_before_anything_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(User.Privacy.fields, "roles", PrivacyClass.SEALED)
    make_staff(name=STAFF_NAME, email=STAFF_MAIL)
    mark()
    with pytest.raises(scrub.ScrubRefused, match="does not know"):
        scrub.scrub()
    assert User.objects.filter(name=STAFF_NAME).exists()


@pytest.mark.django_db(transaction=True)
def test_the_command_marks_scrubs_and_leaves_no_old_row_version() -> None:
    make_staff(name=STAFF_NAME, email=STAFF_MAIL)
    before = file_of("accounts_user")
    out = StringIO()
    with connection.cursor() as cursor:  # what threads of earlier tests may have left open
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    try:
        call_command("scrub", mark=connection.settings_dict["NAME"], stdout=out)
        call_command("scrub", stdout=out)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS NULL").format(sql.Identifier(connection.settings_dict["NAME"])))
    assert "accounts_user" in out.getvalue()
    assert User.objects.get().name != STAFF_NAME
    assert file_of("accounts_user") != before  # written anew: old row versions are not in the file


def file_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode(%s)", [table])
        return int(cursor.fetchone()[0])
