"""A person's files on the staff door: listed with their state, blurred, handed out closed, each look on record."""

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from cases import actions
from cases.models import Case
from intake.drain import drain
from intake.evidence import MOST_TRIES
from intake.models import CleanCopy, Evidence, EvidencePart
from intake.states import CopyState
from rainbowrail.accounts import standing
from rainbowrail.accounts.models import User
from rainbowrail.audit.kinds import Kind, kind_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.notifications.models import Notification
from rainbowrail.panic import freeze
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case
from tests.factories.evidence import with_file
from tests.factories.intake import sent
from tests.rainbowrail.crypto import hostile
from tests.rainbowrail.crypto.hostile import CANARY
from tests.roles import AsRole

pytestmark = pytest.mark.django_db
NAME = "Ade at the clinic.jpg"


@pytest.fixture
def picture(cleo: User) -> Evidence:
    """A picture in a case that Cleo owns."""
    row = with_file(hostile.picture(), name=NAME)
    actions.claim(case_of(row), by=cleo.actor)
    return row


def case_of(row: Evidence) -> Case:
    return Case.objects.get(help_request_id=row.help_request_id)


def address(row: Evidence, page: str = "") -> str:
    return f"/cases/{case_of(row).reference}/files/{row.id}/{page}"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def verbs() -> list[str]:
    """What staff did with files."""
    done = AuditEvent.objects.filter(verb__regex=r"^cases\.(file|copy)_").exclude(verb="cases.file_came")
    return list(done.values_list("verb", flat=True))


def test_the_case_page_lists_files_with_their_state(staff_client: CarefulClient, cleo: User, picture: Evidence) -> None:
    staff_client.force_login(cleo)
    text = staff_client.get(f"/cases/{case_of(picture).reference}/").content.decode()
    assert NAME in text and "Clean copy" in text and address(picture) in text
    assert "evidence" in [event.detail.get("compartment") for event in AuditEvent.objects.all()]


def test_a_file_that_arrived_is_noted_on_the_case_and_its_owner_is_told(cleo: User) -> None:
    done = sent()
    drain()
    case = Case.objects.get(help_request_id=done.visit.help_request_id)
    actions.claim(case, by=cleo.actor)
    with_file(hostile.picture(), done=done, cleaned=False)
    assert AuditEvent.objects.filter(verb="cases.file_came", case_id=case.pk).count() == 1
    assert Notification.objects.filter(kind="cases.answer_came", about_id=case.pk).count() == 1


def test_a_picture_is_blurred_until_somebody_asks_without_any_script(
    staff_client: CarefulClient, cleo: User, picture: Evidence
) -> None:
    staff_client.force_login(cleo)
    page = staff_client.get(address(picture)).content.decode()
    assert "preview--blurred" in page and f"{address(picture)}?clear=1" in page
    clear = staff_client.get(f"{address(picture)}?clear=1").content.decode()
    assert "preview--blurred" not in clear and address(picture, "copy/") in clear


def test_the_clean_copy_is_closed_to_everything_a_browser_could_do_with_it(
    staff_client: CarefulClient, cleo: User, picture: Evidence
) -> None:
    staff_client.force_login(cleo)
    answer = staff_client.get(address(picture, "copy/"))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy
    copy = body(answer)
    assert copy.startswith(b"\xff\xd8") and CANARY.encode() not in copy
    assert verbs() == ["cases.file_shown"]


def test_the_original_is_a_download_by_button_and_on_record(staff_client: CarefulClient, cleo: User, picture: Evidence) -> None:
    staff_client.force_login(cleo)
    assert staff_client.get(address(picture, "original/")).status_code == 405
    answer = staff_client.post(address(picture, "original/"))
    assert answer.streaming and body(answer) == hostile.picture()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "Ade" not in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert verbs() == ["cases.file_downloaded"]


def test_anything_but_a_picture_is_a_download_also_when_it_is_clean(staff_client: CarefulClient, cleo: User) -> None:
    row = with_file(hostile.pdf(), name="letter.pdf")
    actions.claim(case_of(row), by=cleo.actor)
    staff_client.force_login(cleo)
    assert "<img" not in staff_client.get(address(row)).content.decode().split("<main")[1]
    assert staff_client.get(address(row, "copy/")).status_code == 409
    assert verbs() == []
    assert staff_client.get(address(row, "copy/download/")).status_code == 405
    answer = staff_client.post(address(row, "copy/download/"))
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "letter" not in answer.headers["Content-Disposition"]
    assert body(answer).startswith(b"%PDF")
    assert verbs() == ["cases.copy_downloaded"] and kind_of("cases.copy_downloaded") is Kind.OUT


def test_taking_a_clean_copy_asks_for_a_factor_again_and_leads_back_to_the_file(
    staff_client: CarefulClient, cleo: User
) -> None:
    row = with_file(hostile.pdf(), name="letter.pdf")
    actions.claim(case_of(row), by=cleo.actor)
    staff_client.force_login(cleo)
    session = staff_client.session
    session[standing.KEY] = session[standing.KEY] | {"at": session[standing.KEY]["at"] - 601}
    session.save()
    answer = staff_client.post(address(row, "copy/download/"))
    (then,) = parse_qs(urlsplit(answer.headers["Location"]).query)["next"]
    assert (answer.status_code, then) == (302, address(row))
    assert verbs() == []


def test_no_clean_copy_is_taken_while_the_panic_plan_is_in_force(
    staff_client: CarefulClient, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = with_file(hostile.pdf(), name="letter.pdf")
    actions.claim(case_of(row), by=cleo.actor)
    staff_client.force_login(cleo)
    monkeypatch.setattr(freeze, "in_force", lambda: True)
    assert staff_client.post(address(row, "copy/download/")).status_code == 409
    assert verbs() == []


def test_a_file_without_a_clean_copy_says_why(staff_client: CarefulClient, cleo: User) -> None:
    row = with_file(b"ID3\x04" + bytes(400), name="voice.mp3")
    actions.claim(case_of(row), by=cleo.actor)
    staff_client.force_login(cleo)
    page = staff_client.get(address(row))
    assert "Sound and film stay as they were sent" in page.content.decode()
    assert staff_client.get(address(row, "copy/")).status_code == 409
    assert body(staff_client.post(address(row, "original/"))).startswith(b"ID3")


def test_a_copy_that_was_given_up_can_be_tried_again(staff_client: CarefulClient, cleo: User) -> None:
    row = with_file(hostile.picture(), cleaned=False)
    Evidence.objects.filter(id=row.id).update(copy=CopyState.GIVEN_UP, copy_tries=MOST_TRIES)
    actions.claim(case_of(row), by=cleo.actor)
    staff_client.force_login(cleo)
    assert "Try the clean copy again" in staff_client.get(address(row)).content.decode()
    assert staff_client.post(address(row, "clean-again/")).status_code == 302
    row.refresh_from_db()
    assert (row.copy, row.copy_tries) == (CopyState.WAITING, 0)
    assert AuditEvent.objects.get(verb="cases.file_tried_again").thing_id == str(row.pk)
    assert staff_client.post(address(row, "clean-again/")).status_code == 409
    assert AuditEvent.objects.filter(verb="cases.file_tried_again").count() == 1


def test_erasing_a_file_asks_first_and_leaves_nothing_of_it(staff_client: CarefulClient, cleo: User, picture: Evidence) -> None:
    staff_client.force_login(cleo)
    assert "Erase this file?" in staff_client.get(address(picture, "erase/")).content.decode()
    assert Evidence.objects.exists()
    assert staff_client.post(address(picture, "erase/")).status_code == 302
    assert not Evidence.objects.exists() and not CleanCopy.objects.exists() and not EvidencePart.objects.exists()
    assert verbs() == ["cases.file_erased"]


@pytest.mark.parametrize("role", [Role.TRIAGE_LEAD])
def test_the_right_other_person_may(role: Role, staff_client: CarefulClient, picture: Evidence) -> None:
    staff_client.force_login(make_staff(role))
    assert staff_client.get(address(picture)).status_code == 200


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER, Role.REFERRAL_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("page", ["", "copy/", "copy/download/", "original/", "erase/", "clean-again/"])
def test_the_wrong_person_may_not(role: Role, page: str, staff_client: CarefulClient, picture: Evidence) -> None:
    staff_client.force_login(make_staff(role))
    answer = (
        staff_client.post(address(picture, page))
        if page in {"copy/download/", "original/", "erase/", "clean-again/"}
        else staff_client.get(address(picture, page))
    )
    assert answer.status_code in {403, 404}
    assert verbs() == [] and Evidence.objects.exists()


def test_who_may_read_the_case_but_not_its_files_sees_how_many_there_are(staff_client: CarefulClient) -> None:
    row = with_file(hostile.picture(), name=NAME)
    reader = make_staff(Role.CASEWORKER)
    actions.break_glass(case_of(row), reason="They are at the door.", by=reader.actor)
    staff_client.force_login(reader)
    text = staff_client.get(f"/cases/{case_of(row).reference}/").content.decode()
    assert NAME not in text and "1 file." in text
    assert staff_client.get(address(row)).status_code == 403


def test_a_file_of_another_case_is_not_there(staff_client: CarefulClient, cleo: User, picture: Evidence) -> None:
    other = make_case()
    actions.claim(other, by=cleo.actor)
    staff_client.force_login(cleo)
    assert staff_client.get(f"/cases/{other.reference}/files/{picture.id}/").status_code == 404
    assert staff_client.get(f"/cases/{other.reference}/files/{uuid4()}/").status_code == 404


def test_a_file_that_is_not_whole_is_not_there(staff_client: CarefulClient, cleo: User, picture: Evidence) -> None:
    Evidence.objects.filter(id=picture.id).update(whole_hour=None)
    staff_client.force_login(cleo)
    assert staff_client.get(address(picture)).status_code == 404
    assert "sent no files" in staff_client.get(f"/cases/{case_of(picture).reference}/").content.decode()


def test_all_of_it_needs_no_more_than_the_staff_role(
    staff_client: CarefulClient, cleo: User, picture: Evidence, as_staff_role: AsRole
) -> None:
    staff_client.force_login(cleo)
    with as_staff_role():
        assert staff_client.get(address(picture)).status_code == 200
        assert body(staff_client.get(address(picture, "copy/")))
        assert body(staff_client.post(address(picture, "copy/download/")))
        assert body(staff_client.post(address(picture, "original/")))
        assert staff_client.post(address(picture, "erase/")).status_code == 302
