"""What staff typed and did not save: sealed, for its author alone, found again in the form, never lost with a session."""

import html
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cases import actions
from cases.models import Case, Note, UnsavedText
from cases.states import CaseState, HiddenWhy
from rainbowrail.accounts.models import StaffSession, User
from rainbowrail.accounts.models.session import IDLE
from rainbowrail.accounts.sessions import hash_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case_in
from tests.rainbowrail.accounts.test_recent import let_ten_minutes_pass

pytestmark = pytest.mark.django_db
TYPED = "She will call again on Tuesday, kestrel."
NOT_SAVED = "You had typed this; it is not saved yet"


@pytest.fixture
def case(cleo: User) -> Case:
    return make_case_in(CaseState.IN_REVIEW, owner=cleo)


def address(case: Case, page: str = "") -> str:
    return f"/cases/{case.reference}/{page}"


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def end_session_of(client: CarefulClient, *, ago: timedelta = timedelta(minutes=5)) -> None:
    """Let the session run out, as the clock does; the browser keeps the cookie."""
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert StaffSession.objects.filter(key_hash=hash_of(key)).update(seen_at=timezone.now() - IDLE - ago) == 1


def raw_rows() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (cases_unsavedtext.*)::text FROM cases_unsavedtext UNION SELECT data FROM accounts_staffsession")
        return " ".join(row for (row,) in cursor.fetchall())


# --- while it is typed ---


def test_what_is_typed_is_kept_sealed_and_stands_in_the_form_again(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)

    assert staff_client.post(address(case, "typed/note/"), {"text": TYPED}).status_code == 204

    assert Note.objects.count() == 0
    assert "kestrel" not in raw_rows() and b"kestrel".hex() not in raw_rows()
    for page in ("", "note/"):
        text = text_of(staff_client.get(address(case, page)))
        assert NOT_SAVED in text and TYPED in text


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("ask", {"question": TYPED}),
        ("tell", {"text": TYPED}),
        ("assess", {"summary": TYPED, "verification": "plausible", "pathways": ["resettlement", "relocation"]}),
        ("move/close", {"reason": TYPED}),
    ],
)
def test_every_long_text_of_a_case_is_kept(
    page: str, typed: dict[str, Any], staff_client: CarefulClient, cleo: User, case: Case
) -> None:
    staff_client.force_login(cleo)
    shown = text_of(staff_client.get(address(case, f"{page}/")))
    name = page.replace("/", "-")
    assert f'data-keep-to="{address(case, f"typed/{name}/")}"' in shown
    staff_client.post(address(case, f"typed/{name}/"), typed)
    assert TYPED in text_of(staff_client.get(address(case, f"{page}/")))


def test_it_is_for_its_author_alone(staff_client: CarefulClient, cleo: User, dana: User, case: Case) -> None:
    staff_client.force_login(cleo)
    staff_client.post(address(case, "typed/note/"), {"text": TYPED})
    staff_client.force_login(dana)
    assert TYPED not in text_of(staff_client.get(address(case)))


def test_saving_it_forgets_what_was_kept(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    staff_client.post(address(case, "typed/note/"), {"text": TYPED})
    staff_client.post(address(case, "note/"), {"text": TYPED})
    assert UnsavedText.objects.count() == 0
    assert NOT_SAVED not in text_of(staff_client.get(address(case)))


def test_a_late_copy_of_a_saved_note_is_not_kept_again(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    form = {"text": TYPED, "once": str(uuid4())}
    staff_client.post(address(case, "note/"), form)
    staff_client.post(address(case, "typed/note/"), form)
    assert UnsavedText.objects.count() == 0


def test_emptying_the_form_forgets_it(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    staff_client.post(address(case, "typed/note/"), {"text": TYPED})
    staff_client.post(address(case, "typed/note/"), {"text": " ", "once": str(uuid4())})
    assert UnsavedText.objects.count() == 0


def test_its_author_throws_it_away(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    staff_client.post(address(case, "typed/note/"), {"text": TYPED})
    assert staff_client.post(address(case, "typed/note/"), {"answer": "drop"}).status_code == 302
    assert UnsavedText.objects.count() == 0


def test_what_nobody_comes_back_for_goes_after_seven_days(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    actions.keep_typed(case, page="note", typed={"text": [TYPED]}, by=cleo.actor)
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert actions.forget_old_typed() == 0
    with time_machine.travel(timezone.now() + timedelta(days=7, hours=1)):
        assert actions.forget_old_typed() == 1


def test_the_trail_says_nothing_of_what_was_only_typed(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    before = AuditEvent.objects.count()
    staff_client.post(address(case, "typed/note/"), {"text": TYPED})
    assert AuditEvent.objects.count() == before


def test_somebody_elses_case_keeps_nothing(staff_client: CarefulClient, eli: User, case: Case) -> None:
    staff_client.force_login(eli)
    assert staff_client.post(address(case, "typed/note/"), {"text": TYPED}).status_code == 404


def test_a_page_that_nobody_writes_on_keeps_nothing(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    assert staff_client.post(address(case, "typed/claim/"), {"text": TYPED}).status_code == 404
    assert staff_client.get(address(case, "typed/note/")).status_code == 405


def test_far_more_than_a_form_holds_is_not_kept(cleo: User, case: Case) -> None:
    assert actions.keep_typed(case, page="note", typed={"text": ["x" * 250_000]}, by=cleo.actor) is None


# --- when the session has ended ---


def test_a_note_sent_after_the_session_ended_is_found_after_signing_in_again(
    staff_client: CarefulClient, cleo: User, case: Case
) -> None:
    staff_client.force_login(cleo)
    end_session_of(staff_client)

    answer = staff_client.post(address(case, "note/"), {"text": TYPED})

    assert answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")
    assert "kestrel" not in answer.headers["Location"] and "kestrel" not in raw_rows()
    sign_in = text_of(staff_client.get(answer.headers["Location"]))
    assert "What you typed is kept" in sign_in and TYPED not in sign_in and case.reference in answer.headers["Location"]
    assert Note.objects.count() == 0
    staff_client.force_login(cleo)
    text = text_of(staff_client.get(address(case, "note/")))
    assert NOT_SAVED in text and TYPED in text


def test_the_session_that_ended_opens_nothing(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    end_session_of(staff_client)
    staff_client.post(address(case, "note/"), {"text": TYPED})
    for page in ("", "note/"):
        assert staff_client.get(address(case, page)).status_code == 302


@pytest.mark.parametrize("ended", ["long ago", "signed out", "new password", "account closed", "one factor"])
def test_nothing_is_kept_for_a_session_that_somebody_ended(
    ended: str, staff_client: CarefulClient, cleo: User, case: Case
) -> None:
    staff_client.force_login(cleo)
    cookie = staff_client.cookies[settings.SESSION_COOKIE_NAME].value
    match ended:
        case "long ago":
            end_session_of(staff_client, ago=timedelta(hours=17))
        case "signed out":
            staff_client.post("/account/logout/")
            staff_client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        case "new password":
            cleo.set_password("another long enough password")
            cleo.save()
            end_session_of(staff_client)
        case "account closed":
            User.objects.filter(pk=cleo.pk).update(is_active=False)
            end_session_of(staff_client)
        case "one factor":
            staff_client.force_password_login(cleo)
            session = staff_client.session
            session.pop("both_factors", None)
            session.save()
            end_session_of(staff_client)

    assert staff_client.post(address(case, "note/"), {"text": TYPED}).status_code == 302

    assert UnsavedText.objects.count() == 0


def test_nothing_is_kept_in_a_case_that_the_person_may_not_see(staff_client: CarefulClient, eli: User, case: Case) -> None:
    staff_client.force_login(eli)
    end_session_of(staff_client)
    staff_client.post(address(case, "note/"), {"text": TYPED})
    assert UnsavedText.objects.count() == 0


def test_a_forged_form_keeps_nothing(cleo: User, case: Case) -> None:
    client = CarefulClient(enforce_csrf_checks=True)
    client.force_login(cleo)
    end_session_of(client)
    assert client.post(address(case, "note/"), {"text": TYPED}).status_code == 403
    assert UnsavedText.objects.count() == 0


# --- pages that are not under the address of a case ---


@pytest.mark.parametrize("page", ["ask", "break-glass"])
def test_why_somebody_needs_a_case_of_others_is_kept_until_they_asked(
    page: str, staff_client: CarefulClient, cleo: User
) -> None:
    case, told = make_case_in(CaseState.IN_REVIEW), {"reason": TYPED}
    staff_client.force_login(cleo)
    end_session_of(staff_client)
    staff_client.post(f"/access/{page}/", told | {"reference": case.reference.lower()})
    staff_client.force_login(cleo)
    text = text_of(staff_client.get(f"/access/{page}/"))
    assert NOT_SAVED in text and TYPED in text and case.reference in text.upper()
    assert TYPED not in text_of(staff_client.get(f"/access/{page}/?reference=RR-CCCC-CCCC"))
    assert staff_client.post(f"/access/{page}/", told | {"reference": case.reference}).status_code == 302
    assert UnsavedText.objects.count() == 0


def test_of_a_hidden_case_the_reason_is_not_kept_and_of_one_hidden_since_not_shown(
    staff_client: CarefulClient, cleo: User, dana: User
) -> None:
    case = make_case_in(CaseState.IN_REVIEW, lead=dana)
    told = {"reason": TYPED, "reference": case.reference}
    for hidden_first in (False, True):
        if hidden_first:
            UnsavedText.objects.all().delete()
        staff_client.force_login(cleo)
        end_session_of(staff_client)
        staff_client.post("/access/break-glass/", told)
        assert UnsavedText.objects.exists() is not hidden_first
        if not hidden_first:
            actions.restrict(case, people=[cleo], why=HiddenWhy.KNOWS, by=dana.actor)
        staff_client.force_login(cleo)
        assert TYPED not in text_of(staff_client.get("/access/break-glass/"))


@pytest.mark.parametrize("page", ["ask", "break-glass"])
def test_a_session_that_ran_out_does_not_tell_which_references_exist(
    page: str, staff_client: CarefulClient, cleo: User, dana: User
) -> None:
    there, hidden = (make_case_in(CaseState.IN_REVIEW, lead=dana) for _ in range(2))
    actions.restrict(hidden, people=[cleo], why=HiddenWhy.KNOWS, by=dana.actor)
    said = set()
    for reference in (there.reference, hidden.reference, "RR-CCCC-CCCC", "what?"):
        staff_client.force_login(cleo)
        end_session_of(staff_client)
        answer = staff_client.post(f"/access/{page}/", {"reason": TYPED, "reference": reference}, follow=True)
        said.add("What you typed is kept, sealed, if its case is there for you" in text_of(answer))
    assert said == {True} and UnsavedText.objects.get().case == there


def test_a_typed_emergency_outlives_the_ten_minutes_after_a_factor(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    staff_client.force_login(cleo)
    let_ten_minutes_pass(staff_client)
    asked = staff_client.post("/access/break-glass/", {"reason": TYPED, "reference": case.reference})
    assert asked.headers["Location"] == "/account/confirm/?next=%2Faccess%2Fbreak-glass%2F"
    assert "Nothing was done yet" in (text := text_of(staff_client.get(asked.headers["Location"]))) and TYPED not in text
    assert not case.access_requests.exists() and "kestrel" not in raw_rows()
    staff_client.force_login(cleo)
    assert TYPED in text_of(staff_client.get("/access/break-glass/"))


def test_a_reason_is_thrown_away_on_its_page(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    actions.keep_typed(case, page="ask_access", typed={"reason": [TYPED], "reference": [case.reference]}, by=cleo.actor)
    staff_client.force_login(cleo)
    assert 'action="/access/ask/"' in text_of(staff_client.get("/access/ask/"))
    assert staff_client.post("/access/ask/", {"answer": "drop"}).status_code == 302
    assert UnsavedText.objects.count() == 0 and NOT_SAVED not in text_of(staff_client.get("/access/ask/"))


def test_what_a_second_reader_found_is_kept_for_them_and_goes_with_the_reading(
    staff_client: CarefulClient, cleo: User, dana: User, case: Case
) -> None:
    reader = make_staff(Role.CASEWORKER)
    reading = actions.pass_on(case, to=reader, by=cleo.actor)
    page = f"/readings/{reading.pk}/"
    staff_client.force_login(reader)
    assert staff_client.post(f"{page}typed/", {"found": TYPED}).status_code == 404, "not taken yet"
    staff_client.post(f"{page}answer/", {"answer": "take"})
    assert staff_client.post(f"{page}typed/", {"found": TYPED}).status_code == 204
    assert TYPED in text_of(staff_client.get(page)) and f'data-keep-to="{page}typed/"' in text_of(staff_client.get(page))
    staff_client.force_login(dana)
    assert staff_client.post(f"{page}typed/", {"found": TYPED}).status_code == 404
    staff_client.force_login(reader)
    staff_client.post(f"{page}answer/", {"answer": "done", "found": TYPED})
    assert UnsavedText.objects.count() == 0 and Note.objects.get().text == TYPED


# --- twice ---


def test_the_same_form_pressed_twice_is_one_note(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    form = {"text": TYPED, "once": str(uuid4())}
    for _press in range(2):
        assert staff_client.post(address(case, "note/"), form).status_code == 302
    assert Note.objects.count() == 1
    assert AuditEvent.objects.filter(verb="cases.note_written").count() == 1


def test_a_form_that_was_changed_after_it_was_sent_is_another_note(
    staff_client: CarefulClient, cleo: User, dana: User, case: Case
) -> None:
    once = str(uuid4())
    staff_client.force_login(cleo)
    staff_client.post(address(case, "note/"), {"text": TYPED, "once": once})
    staff_client.post(address(case, "note/"), {"text": f"{TYPED} At noon.", "once": once})
    staff_client.force_login(dana)
    staff_client.post(address(case, "note/"), {"text": TYPED, "once": once})
    assert Note.objects.count() == 3


def test_each_form_has_a_mark_of_its_own(staff_client: CarefulClient, cleo: User, case: Case) -> None:
    staff_client.force_login(cleo)
    first, second = (staff_client.get(address(case, "note/")).context["form"]["once"].value() for _ in range(2))
    assert first != second
