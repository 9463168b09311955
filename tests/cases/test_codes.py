"""Return codes given by staff, and contact that is stopped: who may, who is told, and what is on record."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import actions
from cases.models import Case, NewCode
from cases.receivers import confirmation_days
from cases.states import CaseState, CodeCheck, CodeReason
from cases.urgency.bands import Band
from intake.drain import drain
from intake.models import Delivery, HelpRequest
from intake.signals import delivery_quarantined
from intake.states import Audience, StopReason
from rainbowrail.accounts.models import User
from rainbowrail.actors import APPLICANT
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.tasks import deliver
from rainbowrail.roles import Role
from tests.factories.accounts import make_staff
from tests.factories.cases import CALM, EMERGENCY, make_case, make_case_in
from tests.factories.intake import ade, sent

pytestmark = pytest.mark.django_db


def case_of(cleo: User, **answers: Any) -> Case:
    """A case that went through the drain, so that its codes are real, owned by Cleo."""
    done = sent(ade(**answers))
    drain(subject_id=done.visit.person_id)
    case = Case.objects.get(help_request_id=done.visit.help_request_id)
    actions.claim(case, by=cleo.actor)
    return case


def checked(case: Case, by: User, how: CodeCheck = CodeCheck.CODE_WORD) -> NewCode:
    return actions.check_person(case, audience=Audience.PERSON, how=how, by=by.actor)


# --- a lost code ---


def test_a_lost_code_is_replaced_by_two_people(cleo: User, dana: User) -> None:
    case = case_of(cleo)
    new_code = checked(case, cleo)
    assert new_code.reason == CodeReason.LOST
    with pytest.raises(NotPossible, match="second person"):
        actions.make_code(new_code, by=cleo.actor)
    actions.allow_code(new_code, by=dana.actor)
    code = actions.make_code(new_code, by=cleo.actor)
    assert len(code) == 25
    with pytest.raises(NotPossible, match="shown once"):
        actions.make_code(new_code, by=cleo.actor)
    verbs = AuditEvent.objects.filter(case_id=case.pk, verb__startswith="cases.code_").order_by("id")
    assert [event.verb for event in verbs] == ["cases.code_checked", "cases.code_allowed", "cases.code_made"]


def test_whoever_checked_the_person_does_not_allow_it(dana: User, cleo: User) -> None:
    case = case_of(cleo)
    new_code = checked(case, dana)
    with pytest.raises(NotAllowed, match="another lead"):
        actions.allow_code(new_code, by=dana.actor)
    actions.allow_code(new_code, by=make_staff(Role.TRIAGE_LEAD).actor)


def test_the_database_refuses_what_one_person_does_alone(cleo: User, dana: User) -> None:
    new_code = checked(case_of(cleo), cleo)
    now = timezone.now()
    for wrong in (
        {"allowed_by": cleo, "allowed_at": now},
        {"made_by": cleo, "made_at": now},
        {"allowed_by": dana},
        {"checked_how": CodeCheck.SAFE_CONTACT},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            NewCode.objects.filter(pk=new_code.pk).update(**wrong)


def test_one_new_code_is_under_way_at_a_time(cleo: User, dana: User) -> None:
    case = case_of(cleo)
    new_code = checked(case, cleo)
    with pytest.raises(NotPossible, match="under way"):
        checked(case, cleo)
    actions.refuse_code(new_code, by=dana.actor)
    with pytest.raises(NotPossible, match="decided"):
        actions.allow_code(new_code, by=dana.actor)
    checked(case, cleo, CodeCheck.TWO_ANSWERS)


def test_safe_contact_alone_does_not_replace_a_code(cleo: User) -> None:
    with pytest.raises(NotPossible, match="code word"):
        checked(case_of(cleo), cleo, CodeCheck.SAFE_CONTACT)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REFERRAL_OFFICER, Role.VOLUNTEER, Role.MANAGER])
def test_others_neither_check_nor_allow_nor_make(role: Role, cleo: User, dana: User) -> None:
    case, other = case_of(cleo), make_staff(role)
    with pytest.raises(NotAllowed):
        checked(case, other)
    new_code = checked(case, cleo)
    with pytest.raises(NotAllowed):
        actions.allow_code(new_code, by=other.actor)
    with pytest.raises(NotAllowed):
        actions.refuse_code(new_code, by=other.actor)
    actions.allow_code(new_code, by=dana.actor)
    with pytest.raises(NotAllowed):
        actions.make_code(new_code, by=other.actor)


def test_who_checked_may_take_it_back(cleo: User) -> None:
    new_code = checked(case_of(cleo), cleo)
    assert actions.refuse_code(new_code, by=cleo.actor).refused_at is not None


# --- a first code for somebody whose friend filed ---


def test_the_person_gets_their_own_code_after_safe_contact_from_one_caseworker(cleo: User) -> None:
    case = case_of(cleo, submitter="friend")
    with pytest.raises(NotPossible, match="safe contact"):
        checked(case, cleo, CodeCheck.CODE_WORD)
    new_code = checked(case, cleo, CodeCheck.SAFE_CONTACT)
    assert new_code.reason == CodeReason.FIRST
    assert len(actions.make_code(new_code, by=cleo.actor)) == 25


def test_there_is_no_code_of_a_filer_where_nobody_filed(cleo: User) -> None:
    with pytest.raises(NotPossible, match="Nobody filed"):
        actions.check_person(case_of(cleo), audience=Audience.FILER, how=CodeCheck.CODE_WORD, by=cleo.actor)


def test_a_question_goes_to_whom_it_is_meant_for(cleo: User) -> None:
    case = case_of(cleo, submitter="partner")
    first = actions.ask_applicant(case, question="Is she safe?", by=cleo.actor)
    actions.make_code(checked(case, cleo, CodeCheck.SAFE_CONTACT), by=cleo.actor)
    second = actions.tell_applicant(case, text="For you.", by=cleo.actor)
    third = actions.ask_applicant(case, question="And now?", by=cleo.actor, to=Audience.FILER)
    assert [message.audience for message in (first, second, third)] == ["filer", "person", "filer"]


# --- contact ---


def forced(case: Case) -> None:
    """What the drain says when a second code was used."""
    from intake.signals import contact_stopped
    from intake.staff_codes import stop_contact

    stop = stop_contact(case.help_request, StopReason.DURESS, by=APPLICANT)
    contact_stopped.send(sender=HelpRequest, help_request=case.help_request, stop=stop)


def test_the_owner_is_alerted_without_a_word_about_why(cleo: User) -> None:
    case = case_of(cleo)
    forced(case)
    kinds = Notification.objects.filter(kind__startswith="cases.").values_list("kind", "about_id")
    assert list(kinds) == [("cases.contact_stopped", case.pk)]
    assert AuditEvent.objects.filter(case_id=case.pk, verb="cases.contact_stopped", actor_kind="applicant").exists()


def test_the_leads_are_alerted_while_nobody_owns_the_case(dana: User) -> None:
    forced(make_case(CALM))
    assert [row.kind for row in Notification.objects.filter(kind__startswith="cases.")] == ["cases.look_at_case"]


def test_the_mail_names_nobody_and_gives_no_reason(cleo: User) -> None:
    forced(case_of(cleo))
    for row in Notification.objects.filter(kind="cases.contact_stopped"):
        deliver(str(row.pk))
    [sent_mail] = [letter for letter in mail.outbox if letter.to == ["cleo@example.org"]]
    words = f"{sent_mail.subject} {sent_mail.body}".lower()
    assert "contact with the person was stopped" in words
    assert not any(word in words for word in ("force", "duress", "second code", "rr-", "ade"))


def test_only_a_lead_allows_contact_again(cleo: User, dana: User) -> None:
    case = case_of(cleo)
    actions.stop_contact(case, reason="Odd call.", by=cleo.actor)
    with pytest.raises(NotAllowed):
        actions.resume_contact(case, reason="Fine.", by=cleo.actor)
    with pytest.raises(NotPossible, match="safe again"):
        actions.resume_contact(case, reason=" ", by=dana.actor)
    actions.resume_contact(case, reason="She wrote herself.", by=dana.actor)
    with pytest.raises(NotPossible, match="not stopped"):
        actions.resume_contact(case, reason="Again.", by=dana.actor)


def test_stopping_needs_a_reason_and_the_right_person(cleo: User) -> None:
    case = case_of(cleo)
    with pytest.raises(NotPossible):
        actions.stop_contact(case, reason="", by=cleo.actor)
    with pytest.raises(NotAllowed):
        actions.stop_contact(case, reason="x", by=make_staff(Role.CASEWORKER).actor)


# --- what else intake asks of cases ---


@pytest.mark.parametrize(("answers", "days"), [(EMERGENCY, 14), (CALM, 60)])
def test_how_old_a_contact_plan_may_be_follows_the_band(answers: dict[str, Any], days: int) -> None:
    assert confirmation_days(make_case(answers).help_request_id) == days


def test_an_urgent_case_is_careful_too() -> None:
    case = make_case(CALM)
    Case.objects.filter(pk=case.pk).update(band=int(Band.URGENT))
    assert confirmation_days(case.help_request_id) == 14


def test_where_there_is_no_case_yet_the_careful_days_count() -> None:
    assert confirmation_days(sent().visit.help_request_id) == 14


def test_the_leads_are_told_that_something_did_not_open(dana: User, cleo: User) -> None:
    delivery_quarantined.send_robust(sender=Delivery, delivery=Delivery(), reason="digest_differs")
    assert [row.kind for row in Notification.objects.all()] == ["cases.kept_aside"]


def test_a_closed_case_gives_no_code(cleo: User) -> None:
    with pytest.raises(NotPossible, match="closed"):
        checked(make_case_in(CaseState.CLOSED, owner=cleo), cleo)
