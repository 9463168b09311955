"""Care for who reads: covered until asked for, counted for oneself, handed to a colleague without a case being lost."""

import html
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from cases import actions, care
from cases.models import Case, ErasurePlan, HardMark, Note, SecondReading
from cases.states import CaseState, ErasureWhy, HiddenWhy
from intake.models import Answer, Evidence
from rainbowrail.accounts.models import Cover, User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto.fields import EncryptedTextField
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, make_help_request
from tests.factories.evidence import with_file
from tests.rainbowrail.crypto import hostile

pytestmark = pytest.mark.django_db
WORDS = "They held me for three days in the cellar."
TORTURE = {**CALM, "last_harm": "torture", "last_harm_days_ago": 3, "suicidality": "plan"}
WARNING = "torture, a plan to take their own life"


def make_owned(owner: User, answers: dict[str, Any] = TORTURE) -> Case:
    case = actions.open_case(make_help_request(answers, own_words=WORDS))
    actions.claim(case, by=owner.actor)
    return case


@pytest.fixture
def kim(db: None) -> User:
    """A second caseworker."""
    return make_staff(Role.CASEWORKER, name="Kim", email="kim@example.org")


@pytest.fixture
def case(cleo: User) -> Case:
    return make_owned(cleo)


@pytest.fixture
def picture(cleo: User) -> Evidence:
    """A picture in a case that Cleo owns."""
    row = with_file(hostile.picture())
    actions.claim(Case.objects.get(help_request_id=row.help_request_id), by=cleo.actor)
    return row


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def opened(who: User) -> int:
    return AuditEvent.objects.filter(verb="cases.hard_opened", actor_id=who.pk).count()


# --- covered ---


def test_an_account_of_torture_is_covered_until_somebody_asks_for_it(
    staff_client: CarefulClient, cleo: User, case: Case
) -> None:
    staff_client.force_login(cleo)

    closed = text_of(staff_client.get(f"/cases/{case.reference}/"))
    assert WORDS not in closed and WARNING in closed and opened(cleo) == 0

    link = f"?show={case.help_request_id}#own-words"
    assert f'href="{link}"' in closed
    shown = text_of(staff_client.get(f"/cases/{case.reference}/?show={case.help_request_id}"))
    assert WORDS in shown and WARNING in shown and opened(cleo) == 1


def test_what_is_covered_is_not_opened(
    staff_client: CarefulClient, cleo: User, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    real = EncryptedTextField.from_plaintext

    def listen(self: EncryptedTextField, plaintext: bytes) -> str:
        told.append(self.seal_id)
        return real(self, plaintext)

    monkeypatch.setattr(EncryptedTextField, "from_plaintext", listen)
    staff_client.force_login(cleo)
    staff_client.get(f"/cases/{case.reference}/")
    assert "help_request.own_words.v1" not in told
    staff_client.get(f"/cases/{case.reference}/?show={case.help_request_id}")
    assert "help_request.own_words.v1" in told


def test_an_account_without_any_sign_of_it_is_open_and_not_counted(staff_client: CarefulClient, cleo: User) -> None:
    case = make_owned(cleo, CALM)
    staff_client.force_login(cleo)
    assert WORDS in text_of(staff_client.get(f"/cases/{case.reference}/")) and opened(cleo) == 0


@pytest.mark.parametrize(
    ("answers", "warned"),
    [
        ({}, False),
        ({"last_harm": "beating"}, False),
        ({"last_harm": "sexual_violence"}, True),
        ({"suicidality": "thoughts"}, True),
        ({"survivor_torture_or_sv": True}, True),
        ({"survivor_torture_or_sv": False}, False),
        ({"dated_event": [{"type": "eviction"}, {"type": "forced_examination"}]}, True),
        ({"dated_event": {"type": "forced_marriage", "in_days": 3}}, True),
    ],
)
def test_what_is_hard_follows_from_what_was_stated(answers: dict[str, Any], warned: bool) -> None:
    assert bool(care.warnings_of(answers)) is warned


@pytest.mark.parametrize(("wish", "answers", "is_shown"), [("always", CALM, False), ("warn", TORTURE, True)])
def test_each_person_sets_what_is_covered(
    wish: str, answers: dict[str, Any], is_shown: bool, staff_client: CarefulClient, cleo: User
) -> None:
    case = make_owned(cleo, answers)
    staff_client.force_login(cleo)
    assert staff_client.post("/care/", {"cover": wish}).status_code == 302
    page = text_of(staff_client.get(f"/cases/{case.reference}/"))
    assert (WORDS in page) is is_shown
    assert (WARNING in page) is (wish == Cover.WARN)
    assert opened(cleo) == (1 if wish == Cover.WARN else 0)


def test_a_wish_that_is_none_of_them_is_refused(staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert staff_client.post("/care/", {"cover": "never"}).status_code == 422


# --- marked by a colleague ---


def test_a_colleagues_mark_covers_the_account_for_the_next_reader(staff_client: CarefulClient, cleo: User, dana: User) -> None:
    case = make_owned(cleo, CALM)
    staff_client.force_login(cleo)
    address = f"/cases/{case.reference}/hard/{case.help_request_id}/"
    for _press in range(2):
        assert staff_client.post(address, {"answer": "mark"}).status_code == 302
    assert HardMark.objects.count() == 1

    staff_client.force_login(dana)
    page = text_of(staff_client.get(f"/cases/{case.reference}/"))
    assert WORDS not in page and "A colleague marked it as hard to read." in page

    staff_client.post(address, {"answer": "unmark"})
    assert WORDS in text_of(staff_client.get(f"/cases/{case.reference}/"))
    verbs = AuditEvent.objects.filter(verb__contains="marked_hard").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["cases.marked_hard", "cases.unmarked_hard"]


def test_an_answer_is_marked_and_covered_like_the_account(staff_client: CarefulClient, cleo: User) -> None:
    case = make_owned(cleo, CALM)
    answer = Answer.objects.create(help_request=case.help_request, text="He came back, ossuary.")
    staff_client.force_login(cleo)
    assert "ossuary" in text_of(staff_client.get(f"/cases/{case.reference}/"))
    staff_client.post(f"/cases/{case.reference}/hard/{answer.pk}/", {"answer": "mark"})
    assert "ossuary" not in text_of(staff_client.get(f"/cases/{case.reference}/"))
    assert "ossuary" in text_of(staff_client.get(f"/cases/{case.reference}/?show={answer.pk}"))
    assert opened(cleo) == 1


def test_a_file_that_a_colleague_marked_is_covered_until_somebody_asks_and_then_counts(
    staff_client: CarefulClient, cleo: User, picture: Evidence
) -> None:
    case = Case.objects.get(help_request_id=picture.help_request_id)
    page = f"/cases/{case.reference}/files/{picture.pk}/"
    staff_client.force_login(cleo)
    assert "preview--blurred" in text_of(staff_client.get(page))
    answer = staff_client.post(f"/cases/{case.reference}/hard/{picture.pk}/", {"answer": "mark"})
    assert answer.headers["Location"] == page

    covered = text_of(staff_client.get(page))
    assert f"{page}copy/" not in covered and f'href="{page}?clear=1"' in covered and opened(cleo) == 0
    shown = text_of(staff_client.get(f"{page}?clear=1"))
    assert f"{page}copy/" in shown and "preview--blurred" not in shown and opened(cleo) == 1

    staff_client.post("/care/", {"cover": "warn"})
    assert f"{page}copy/" in text_of(staff_client.get(page))
    staff_client.post(f"/cases/{case.reference}/hard/{picture.pk}/", {"answer": "unmark"})
    assert not HardMark.objects.exists()


def test_what_is_not_in_the_case_cannot_be_marked(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    other = make_owned(cleo)
    staff_client.force_login(cleo)
    address = f"/cases/{case.reference}/hard/{other.help_request_id}/"
    assert staff_client.post(address, {"answer": "mark"}).status_code == 409
    assert staff_client.get(address).status_code == 405


# --- counted ---


def test_one_sees_how_much_one_opened_and_each_thing_counts_once(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    assert "nothing hard to read" in text_of(staff_client.get("/care/"))
    for _look in range(3):
        staff_client.get(f"/cases/{case.reference}/?show={case.help_request_id}")
    assert care.opened_by(cleo) == (care.Opened(accounts=1), care.Opened(accounts=1))
    assert "1 account" in text_of(staff_client.get("/care/"))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert care.opened_by(cleo) == (care.Opened(), care.Opened(accounts=1))
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert care.opened_by(cleo) == (care.Opened(), care.Opened())


def test_much_for_one_day_suggests_a_pause(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    for _number in range(5):
        other = make_owned(cleo)
        staff_client.get(f"/cases/{other.reference}/?show={other.help_request_id}")
    page = text_of(staff_client.get("/care/"))
    assert "5 accounts" in page and "A pause is part of the work" in page


def test_the_lead_sees_the_team_by_name_and_never_as_a_ranking(
    staff_client: CarefulClient, cleo: User, dana: User, kim: User, case: Case
) -> None:
    actions.note_hard_opened(case.help_request, case=case, kind=care.Kind.ACCOUNT, by=kim.actor)
    staff_client.force_login(dana)
    page = text_of(staff_client.get("/care/team/"))
    assert page.index("Cleo") < page.index("Dana</bdi></th>") < page.index("Kim") < page.index("1 account")
    assert AuditEvent.objects.filter(verb="cases.care_viewed", actor_id=dana.pk).count() == 1
    staff_client.force_login(cleo)
    assert staff_client.get("/care/team/").status_code == 403


# --- a second reader ---


def pass_to_kim(client: CarefulClient, cleo: User, kim: User, case: Case) -> SecondReading:
    client.force_login(cleo)
    assert client.post(f"/cases/{case.reference}/pass/", {"to": kim.pk}).status_code == 302
    return SecondReading.objects.get()


def test_a_colleague_reads_the_account_and_the_owner_gets_a_note(
    staff_client: CarefulClient, cleo: User, kim: User, case: Case
) -> None:
    reading = pass_to_kim(staff_client, cleo, kim, case)
    assert Notification.objects.filter(kind="cases.reading_passed").count() == 1
    assert "not taken yet" in text_of(staff_client.get(f"/cases/{case.reference}/"))

    staff_client.force_login(kim)
    assert staff_client.get(f"/cases/{case.reference}/").status_code == 404  # the reading opens no more of the case
    assert case.reference in text_of(staff_client.get("/care/"))
    address = f"/readings/{reading.pk}/"
    before = text_of(staff_client.get(address))
    assert WORDS not in before and WARNING not in before
    staff_client.post(f"{address}answer/", {"answer": "take"})
    assert WORDS not in text_of(staff_client.get(address))
    assert WORDS in text_of(staff_client.get(f"{address}?show=1"))
    assert opened(kim) == 1
    assert staff_client.post(f"{address}answer/", {"answer": "done", "found": ""}).status_code == 422
    assert staff_client.post(f"{address}answer/", {"answer": "done", "found": "She is safe until June."}).status_code == 302

    assert staff_client.get(address).status_code == 404
    note = Note.objects.get()
    assert (note.case, note.author, note.text) == (case, kim, "She is safe until June.")
    case.refresh_from_db()
    assert case.owner == cleo
    verbs = AuditEvent.objects.filter(case_id=case.pk, verb__contains="reading").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["cases.reading_passed", "cases.reading_taken", "cases.reading_done"]


def test_a_colleague_reads_one_file_and_nothing_else_of_the_case(
    staff_client: CarefulClient, cleo: User, kim: User, picture: Evidence
) -> None:
    case = Case.objects.get(help_request_id=picture.help_request_id)
    staff_client.force_login(cleo)
    assert staff_client.post(f"/cases/{case.reference}/files/{picture.pk}/pass/", {"to": kim.pk}).status_code == 302
    assert "not taken yet" in text_of(staff_client.get(f"/cases/{case.reference}/files/{picture.pk}/"))
    assert "not taken yet" not in text_of(staff_client.get(f"/cases/{case.reference}/"))  # the account is not passed on
    reading = SecondReading.objects.get()
    address, copy = f"/readings/{reading.pk}/", f"/readings/{reading.pk}/copy/"

    staff_client.force_login(kim)
    assert staff_client.get(f"/cases/{case.reference}/files/{picture.pk}/").status_code == 404
    assert copy not in text_of(staff_client.get(address)) and staff_client.get(copy).status_code == 404
    staff_client.post(f"{address}answer/", {"answer": "take"})
    assert copy not in text_of(staff_client.get(address))  # the picture is not loaded before they ask for it
    assert WORDS not in text_of(staff_client.get(f"{address}?show=1"))
    assert copy in text_of(staff_client.get(f"{address}?show=1"))
    assert opened(kim) == 0
    assert staff_client.get(copy).headers["Content-Type"] == "image/jpeg"
    assert opened(kim) == 1
    assert staff_client.post(f"/cases/{case.reference}/files/{picture.pk}/original/").status_code == 404

    staff_client.post(f"{address}answer/", {"answer": "done", "found": "A summons for June."})
    assert Note.objects.get().text == "A summons for June."
    assert staff_client.get(copy).status_code == 404


def test_a_letter_that_a_colleague_reads_is_taken_away_and_says_so(staff_client: CarefulClient, cleo: User, kim: User) -> None:
    row = with_file(hostile.pdf(), name="letter.pdf")
    case = Case.objects.get(help_request_id=row.help_request_id)
    actions.claim(case, by=cleo.actor)
    reading = actions.pass_on(case, to=kim, by=cleo.actor, file_id=row.pk)
    copy, take = f"/readings/{reading.pk}/copy/", f"/readings/{reading.pk}/copy/download/"
    staff_client.force_login(kim)
    assert staff_client.post(take).status_code == 404
    staff_client.post(f"/readings/{reading.pk}/answer/", {"answer": "take"})
    assert f'action="{take}"' in staff_client.get(f"/readings/{reading.pk}/").content.decode()
    assert staff_client.get(copy).status_code == 404 and opened(kim) == 0
    answer = staff_client.post(take)
    assert answer.headers["Content-Disposition"].startswith("attachment; ") and opened(kim) == 1
    assert AuditEvent.objects.filter(verb="cases.copy_downloaded", case_id=case.pk, actor_id=kim.pk).count() == 1
    assert not AuditEvent.objects.filter(verb="cases.file_shown").exists()


def test_account_and_file_are_with_two_readers_and_a_file_of_another_case_with_none(
    staff_client: CarefulClient, cleo: User, kim: User, dana: User, picture: Evidence, case: Case
) -> None:
    its_case = Case.objects.get(help_request_id=picture.help_request_id)
    actions.pass_on(its_case, to=kim, by=cleo.actor)
    actions.pass_on(its_case, to=dana, by=cleo.actor, file_id=picture.pk)
    with pytest.raises(NotPossible, match="Somebody is reading it"):
        actions.pass_on(its_case, to=kim, by=cleo.actor, file_id=picture.pk)
    staff_client.force_login(cleo)
    assert staff_client.post(f"/cases/{case.reference}/files/{picture.pk}/pass/", {"to": kim.pk}).status_code == 404


def test_a_reading_is_given_back_unread_without_a_reason(
    staff_client: CarefulClient, cleo: User, kim: User, case: Case
) -> None:
    reading = pass_to_kim(staff_client, cleo, kim, case)
    staff_client.force_login(kim)
    assert staff_client.post(f"/readings/{reading.pk}/answer/", {"answer": "give_back"}).status_code == 302
    staff_client.force_login(cleo)
    assert "Pass to a second reader" in text_of(staff_client.get(f"/cases/{case.reference}/"))


def test_it_is_taken_back_when_the_colleague_is_gone(staff_client: CarefulClient, cleo: User, kim: User, case: Case) -> None:
    reading = pass_to_kim(staff_client, cleo, kim, case)
    User.objects.filter(pk=kim.pk).update(is_active=False)
    assert "Take it back" in text_of(staff_client.get("/care/"))
    assert staff_client.post(f"/readings/{reading.pk}/take-back/").status_code == 302
    with pytest.raises(NotPossible):
        actions.take_reading(reading, by=kim.actor)


def test_only_the_reader_reads_and_only_who_passed_it_takes_it_back(
    staff_client: CarefulClient, cleo: User, kim: User, dana: User, case: Case
) -> None:
    reading = pass_to_kim(staff_client, cleo, kim, case)
    actions.take_reading(reading, by=kim.actor)
    for other in (cleo, dana, make_staff(Role.CASEWORKER), make_staff(Role.MANAGER)):
        staff_client.force_login(other)
        assert staff_client.get(f"/readings/{reading.pk}/").status_code == 404
        with pytest.raises(NotAllowed):
            actions.finish_reading(reading, found="…", by=other.actor)
    staff_client.force_login(kim)
    assert staff_client.post(f"/readings/{reading.pk}/take-back/").status_code == 404


def test_it_goes_to_nobody_from_whom_the_case_is_hidden(cleo: User, dana: User, kim: User, case: Case) -> None:
    reading = actions.pass_on(case, to=kim, by=cleo.actor)
    actions.restrict(case, people=[kim], why=HiddenWhy.KNOWS, by=dana.actor)
    assert not actions.may_read_for_another(reading, by=kim.actor)
    actions.take_back(reading, by=dana.actor)
    assert kim not in actions.second_readers_for(case, by=cleo.actor)
    with pytest.raises(NotPossible):
        actions.pass_on(case, to=kim, by=cleo.actor)


def test_after_the_person_asked_us_to_delete_everything_only_a_lead_reads_on(
    staff_client: CarefulClient, cleo: User, kim: User, dana: User, case: Case
) -> None:
    reading = pass_to_kim(staff_client, cleo, kim, case)
    actions.take_reading(reading, by=kim.actor)
    ErasurePlan.objects.create(case=case, due_on=timezone.localdate(), why=ErasureWhy.WISH, policy="1")
    staff_client.force_login(kim)
    assert staff_client.get(f"/readings/{reading.pk}/").status_code == 404
    assert case.reference not in text_of(staff_client.get("/care/"))
    SecondReading.objects.update(passed_to=dana)
    staff_client.force_login(dana)
    assert staff_client.get(f"/readings/{reading.pk}/").status_code == 200


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.REFERRAL_OFFICER, Role.MANAGER, Role.AUDITOR])
def test_whoever_reads_no_accounts_is_no_second_reader(role: Role, cleo: User, case: Case) -> None:
    with pytest.raises(NotPossible):
        actions.pass_on(case, to=make_staff(role), by=cleo.actor)


def test_one_thing_is_with_one_reader(cleo: User, kim: User, dana: User, case: Case) -> None:
    actions.pass_on(case, to=kim, by=cleo.actor)
    with pytest.raises(NotPossible, match="already"):
        actions.pass_on(case, to=dana, by=cleo.actor)


def test_nobody_passes_on_what_is_closed_to_them(cleo: User, kim: User, dana: User, case: Case) -> None:
    with pytest.raises(NotAllowed):
        actions.pass_on(case, to=dana, by=kim.actor)


def test_with_the_case_its_readings_and_marks_go(cleo: User, dana: User, kim: User, case: Case) -> None:
    actions.pass_on(case, to=kim, by=cleo.actor)
    actions.mark_hard(case, case.help_request_id, is_hard=True, by=cleo.actor)
    actions.keep_typed(case, page="note", typed={"text": ["…"]}, by=cleo.actor)
    proposal = actions.ask_erasure(case, reason="They asked.", by=cleo.actor)
    actions.confirm_erasure(proposal, by=dana.actor)
    assert not SecondReading.objects.exists() and not HardMark.objects.exists()
    assert CaseState(Case.objects.get().state) is CaseState.CLOSED
