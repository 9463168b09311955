"""What did not open is seen by leads without its contents, opened by trying again, and deleted by two of them only."""

from typing import Any
from uuid import uuid4

import pytest

from cases import actions
from cases.models import Case, Dismissal
from cases.states import DismissalWhy, HiddenWhy
from intake.deliveries import deliver
from intake.drain import drain
from intake.kept_aside import give_up
from intake.models import ContactPlan, Delivery, ReturnCode
from intake.notifications import QUESTION
from intake.states import Channel, DeliveryKind, DeliveryState
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.kinds import Verdict
from rainbowrail.roles import Role
from tests.clients import CarefulClient, PublicClient
from tests.factories.accounts import make_staff
from tests.factories.intake import Sent, ade, sent
from tests.intake.coming_back import comes_back, is_refused, writes
from tests.intake.test_contact_plans import NEW, changes, reachable

pytestmark = pytest.mark.django_db
PAGE, DECIDE = "/kept-aside/", "/kept-aside/decide/"
QUERIES = 7


def case_of(done: Sent) -> Case:
    return Case.objects.get(help_request_id=done.visit.help_request_id)


def forged(person_id: Any = None) -> Delivery:
    """Something that does not open, as of this person or of nobody."""
    person_id = person_id or uuid4()
    deliver(DeliveryKind.ANSWER, {"request": "?"}, subject_id=person_id, sequence=99)
    drain()
    return Delivery.objects.quarantined().of_subject(person_id).latest("arrival")


def set_aside() -> Delivery:
    Delivery.objects.waiting().update(state=DeliveryState.QUARANTINED)
    return Delivery.objects.quarantined().latest("arrival")


@pytest.fixture
def other_lead(db: None) -> User:
    return make_staff(Role.TRIAGE_LEAD)


# --- try again ---


def test_trying_again_opens_everything_of_the_person_in_the_order_in_which_it_came(dana: User) -> None:
    done = reachable()
    browser = comes_back(done.code)
    drain()
    changes(browser)
    writes(browser, "I have a new number.")
    last = set_aside()
    assert actions.put_back(last.id, by=dana.actor) == 2
    assert drain() == 2
    assert ContactPlan.objects.get(help_request=done.request, ended_on=None).plan["address"] == NEW
    assert AuditEvent.objects.filter(verb="intake.retried", actor_id=dana.pk).count() == 2


def test_trying_again_ends_a_wish_to_delete_it(dana: User) -> None:
    row = forged()
    actions.ask_dismissal(row.id, why=DismissalWhy.LOST, by=dana.actor)
    actions.put_back(row.id, by=dana.actor)
    assert not Dismissal.objects.exists()


def test_what_is_back_in_line_cannot_be_decided_about_any_more(dana: User) -> None:
    row = forged()
    actions.put_back(row.id, by=dana.actor)
    with pytest.raises(NotPossible, match="not kept aside any more"):
        actions.ask_dismissal(row.id, why=DismissalWhy.FORGED, by=dana.actor)


# --- delete for good ---


def test_two_leads_delete_it_and_the_trail_says_who_and_why(dana: User, other_lead: User) -> None:
    done = reachable()
    row = forged(done.visit.person_id)
    actions.ask_dismissal(row.id, why=DismissalWhy.TOLD, by=dana.actor)
    assert Delivery.objects.filter(id=row.id).exists()
    actions.dismiss(row.id, by=other_lead.actor)
    assert not Delivery.objects.filter(id=row.id).exists()
    assert not Dismissal.objects.exists()
    case = case_of(done)
    lines = AuditEvent.objects.filter(thing_id=str(row.id)).exclude(verb="intake.quarantined").order_by("id")
    said = [(line.verb, line.actor_id, line.case_id, line.detail.get("cause")) for line in lines]
    assert said == [
        ("cases.dismissal_asked", dana.pk, case.pk, "told"),
        ("cases.dismissed", other_lead.pk, case.pk, "told"),
        ("intake.given_up", other_lead.pk, case.pk, None),
    ]


def test_nobody_agrees_with_themselves(dana: User) -> None:
    row = forged()
    actions.ask_dismissal(row.id, why=DismissalWhy.FORGED, by=dana.actor)
    with pytest.raises(NotAllowed, match="two people"):
        actions.dismiss(row.id, by=dana.actor)
    assert Delivery.objects.filter(id=row.id).exists()


def test_what_nobody_asked_about_is_not_deleted(dana: User) -> None:
    row = forged()
    with pytest.raises(NotPossible, match="Nobody asks"):
        actions.dismiss(row.id, by=dana.actor)
    assert Delivery.objects.filter(id=row.id).exists()


def test_whoever_asked_may_take_it_back_and_it_stays(dana: User) -> None:
    row = forged()
    actions.ask_dismissal(row.id, why=DismissalWhy.FORGED, by=dana.actor)
    actions.keep_after_all(row.id, by=dana.actor)
    assert not Dismissal.objects.exists()
    assert Delivery.objects.filter(id=row.id, state=DeliveryState.QUARANTINED).exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TRIAGE_LEAD])
def test_only_a_lead_decides(role: Role, dana: User) -> None:
    row, other = forged(), make_staff(role)
    actions.ask_dismissal(row.id, why=DismissalWhy.FORGED, by=dana.actor)
    for act in (actions.put_back, actions.dismiss, actions.keep_after_all):
        with pytest.raises(NotAllowed):
            act(row.id, by=other.actor)
    with pytest.raises(NotAllowed):
        actions.ask_dismissal(row.id, why=DismissalWhy.FORGED, by=other.actor)


def test_whoever_must_not_know_of_a_case_decides_nothing_about_its_person(dana: User, other_lead: User) -> None:
    done = reachable()
    row = forged(done.visit.person_id)
    actions.restrict(case_of(done), people=[other_lead], why=HiddenWhy.KNOWS, by=dana.actor)
    with pytest.raises(NotPossible, match="not kept aside any more"):
        actions.put_back(row.id, by=other_lead.actor)


def test_a_request_that_is_given_up_leaves_no_code_that_promises_an_answer() -> None:
    done = sent(ade())
    row = set_aside()
    assert not is_refused(done.code)
    drain()
    assert give_up(row.id, by=SYSTEM, case_id=None)
    assert is_refused(done.code)
    assert not ReturnCode.objects.filter(help_request_id=done.visit.help_request_id).exists()


def test_giving_up_something_of_a_person_who_has_a_case_takes_nothing_else() -> None:
    done = reachable()
    row = forged(done.visit.person_id)
    assert give_up(row.id, by=SYSTEM, case_id=None)
    assert not is_refused(done.code)
    with datakeys.scope():
        assert done.request.own_words
    assert not give_up(row.id, by=SYSTEM, case_id=None)


# --- what is held meanwhile ---


def test_no_notice_goes_out_while_something_of_the_person_did_not_open(dana: User, other_lead: User) -> None:
    done = reachable(contact_leave_message=True)
    row = forged(done.visit.person_id)
    with datakeys.scope():
        decision = QUESTION[Channel.EMAIL].may_send_now(done.visit.help_request_id)
    assert (decision.verdict, decision.reason_code) == (Verdict.LATER, "something_unread")
    actions.ask_dismissal(row.id, why=DismissalWhy.FORGED, by=dana.actor)
    actions.dismiss(row.id, by=other_lead.actor)
    with datakeys.scope():
        assert QUESTION[Channel.EMAIL].may_send_now(done.visit.help_request_id).verdict is Verdict.NOW


def test_the_case_says_that_something_is_unread_and_sends_leads_to_it(staff_client: CarefulClient, dana: User) -> None:
    done = reachable()
    case = case_of(done)
    staff_client.force_login(dana)
    url = case.get_absolute_url()
    assert "did not open" not in staff_client.get(url).content.decode()
    forged(done.visit.person_id)
    page = staff_client.get(url).content.decode()
    assert "Something this person sent did not open" in page
    assert f'href="{PAGE}"' in page


# --- the page ---


def test_the_page_shows_whose_it_is_and_never_what_is_in_it(staff_client: CarefulClient, dana: User) -> None:
    done = reachable()
    forged(done.visit.person_id)
    forged()
    staff_client.force_login(dana)
    staff_client.get(PAGE)
    page = staff_client.get(PAGE).content.decode()
    assert case_of(done).reference in page
    assert "None yet: a request that never opened" in page
    assert "It does not open" in page
    assert str(done.visit.person_id) not in page
    assert AuditEvent.objects.filter(verb="cases.kept_aside_viewed").count() == 2


def test_the_page_costs_the_same_queries_for_one_line_and_for_many(
    staff_client: CarefulClient, dana: User, django_assert_num_queries: Any
) -> None:
    forged(reachable().visit.person_id)
    staff_client.force_login(dana)
    staff_client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        staff_client.get(PAGE)
    for _more in range(3):
        forged(reachable().visit.person_id)
    with django_assert_num_queries(QUERIES):
        staff_client.get(PAGE)


def test_nothing_kept_aside_is_said_in_words(staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    assert "Everything that was sent to us opened" in staff_client.get(PAGE).content.decode()


def test_two_leads_delete_the_chosen_ones_by_the_page(staff_client: CarefulClient, dana: User, other_lead: User) -> None:
    first, second, stays = forged(), forged(), forged()
    chosen = [str(first.id), str(second.id)]
    staff_client.force_login(dana)
    answer = staff_client.post(DECIDE, {"do": "ask", "why": "forged", "chosen": chosen}, follow=True)
    assert "2 wait for another triage lead." in answer.content.decode()
    assert "Keep the chosen ones" in answer.content.decode()
    assert "Agree: delete the chosen ones for good" not in answer.content.decode()
    own = staff_client.post(DECIDE, {"do": "dismiss", "chosen": chosen}, follow=True)
    assert "deleted by two people" in own.content.decode()
    staff_client.force_login(other_lead)
    assert "Agree: delete the chosen ones for good" in staff_client.get(PAGE).content.decode()
    answer = staff_client.post(DECIDE, {"do": "dismiss", "chosen": chosen}, follow=True)
    assert "2 were deleted for good." in answer.content.decode()
    assert list(Delivery.objects.quarantined()) == [stays]


def test_all_of_a_person_chosen_together_go_back_with_one_sentence(staff_client: CarefulClient, dana: User) -> None:
    done = reachable()
    rows = [forged(done.visit.person_id) for _one in range(3)]
    staff_client.force_login(dana)
    answer = staff_client.post(DECIDE, {"do": "retry", "chosen": [str(row.id) for row in rows]}, follow=True)
    page = answer.content.decode()
    assert "3 are back in line." in page
    assert "not kept aside any more" not in page
    assert Delivery.objects.waiting().count() == 3


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"do": "retry"}, "Choose at least one line"),
        ({"do": "retry", "chosen": "no id"}, "Choose at least one line"),
        ({"do": "ask", "why": "", "chosen": str(uuid4())}, "Say why it may be deleted"),
        ({"do": "burn", "chosen": str(uuid4())}, "Say what to do"),
    ],
)
def test_what_is_missing_is_said(form: dict[str, str], says: str, staff_client: CarefulClient, dana: User) -> None:
    staff_client.force_login(dana)
    answer = staff_client.post(DECIDE, form)
    assert answer.status_code == 409
    assert says in answer.content.decode()


def test_the_page_is_a_leads(staff_client: CarefulClient, cleo: User, public_client: PublicClient) -> None:
    staff_client.force_login(cleo)
    assert staff_client.get(PAGE).status_code == 403
    assert staff_client.post(DECIDE, {"do": "retry"}).status_code == 403
    assert public_client.get(PAGE).status_code == 404


def test_what_is_hidden_from_a_lead_is_not_on_their_page(staff_client: CarefulClient, dana: User, other_lead: User) -> None:
    done = reachable()
    row = forged(done.visit.person_id)
    actions.restrict(case_of(done), people=[other_lead], why=HiddenWhy.KNOWS, by=dana.actor)
    staff_client.force_login(other_lead)
    assert str(row.id) not in staff_client.get(PAGE).content.decode()
    staff_client.force_login(dana)
    assert str(row.id) in staff_client.get(PAGE).content.decode()


def test_what_is_hidden_and_back_in_line_answers_as_what_never_was(
    staff_client: CarefulClient, dana: User, other_lead: User
) -> None:
    done = reachable()
    row = forged(done.visit.person_id)
    actions.restrict(case_of(done), people=[other_lead], why=HiddenWhy.KNOWS, by=dana.actor)
    actions.put_back(row.id, by=dana.actor)
    staff_client.force_login(other_lead)
    said = []
    for chosen in (row.id, uuid4()):
        answer = staff_client.post(DECIDE, {"do": "retry", "chosen": str(chosen)}, follow=True)
        said.append([str(message) for message in answer.context["messages"]])
    assert said[0] == said[1] == ["This is not kept aside any more: it was opened, put back into line, or deleted."]
