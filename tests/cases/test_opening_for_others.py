"""Opening a case of others: asked with a reason and allowed by a lead, or at once by breaking the glass; both end."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone

from cases import actions, need_to_know
from cases.models import AccessRequest, Case
from cases.need_to_know import Depth
from cases.states import CaseState, HiddenWhy
from rainbowrail.accounts import standing
from rainbowrail.accounts.models import User
from rainbowrail.audit.kinds import Kind, kind_of
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case, make_case_in

pytestmark = pytest.mark.django_db
REASON = "Her brother stands at the door and the owner is on leave."


def depth(case: Case, who: User) -> Depth:
    return need_to_know.depth_of(Case.objects.get(pk=case.pk), who.actor)


def test_asked_and_allowed_a_case_opens_for_a_day(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    assert depth(case, cleo) is Depth.NOTHING
    asked = actions.ask_access(case, reason=REASON, by=cleo.actor)
    assert depth(case, cleo) is Depth.NOTHING
    actions.allow_access(asked, by=dana.actor)
    assert depth(case, cleo) is Depth.IDENTITY
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1), tick=False):
        assert depth(case, cleo) is Depth.NOTHING
    verbs = AuditEvent.objects.filter(case_id=case.pk, verb__startswith="cases.access").values_list("verb", flat=True)
    assert set(verbs) == {"cases.access_asked", "cases.access_given"}


def test_who_was_let_in_reads_and_writes_nothing(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    actions.allow_access(actions.ask_access(case, reason=REASON, by=cleo.actor), by=dana.actor)
    with pytest.raises(NotAllowed):
        actions.write_note(Case.objects.get(pk=case.pk), text="I was here.", by=cleo.actor)


def test_breaking_the_glass_opens_at_once_and_alerts_every_lead(cleo: User, dana: User, staff_client: CarefulClient) -> None:
    other = make_staff(Role.TRIAGE_LEAD)
    case = make_case_in(CaseState.IN_REVIEW, lead=dana)
    staff_client.force_login(cleo)
    answer = staff_client.post("/access/break-glass/", {"reference": case.reference, "reason": REASON})
    assert answer.headers["Location"] == case.get_absolute_url()
    assert staff_client.get(answer.headers["Location"]).status_code == 200
    told = Notification.objects.filter(kind="cases.glass_broken").values_list("about_id", flat=True)
    assert {about.int for about in told} == {dana.pk, other.pk}
    assert AuditEvent.objects.filter(case_id=case.pk, verb="cases.glass_broken", actor_id=cleo.pk).count() == 1

    broken = AccessRequest.objects.get(is_break_glass=True)
    for lead in (dana, other):
        staff_client.force_login(lead)
        text = staff_client.get("/").content.decode()
        assert "Somebody broke the glass" in text and REASON in text and case.reference in text
    staff_client.post(f"/access/{broken.pk}/", {"answer": "seen"})
    assert "Somebody broke the glass" not in staff_client.get("/").content.decode()

    with time_machine.travel(timezone.now() + timedelta(hours=4, seconds=1), tick=False):
        assert depth(case, cleo) is Depth.NOTHING


def test_the_glass_breaks_five_times_a_day_and_then_a_lead_opens(cleo: User, dana: User, staff_client: CarefulClient) -> None:
    cases = [make_case_in(CaseState.IN_REVIEW, lead=dana) for _ in range(6)]
    for case in cases[:5]:
        actions.break_glass(case, reason=REASON, by=cleo.actor)
    staff_client.force_login(cleo)
    page = staff_client.post("/access/break-glass/", {"reference": cases[5].reference, "reason": REASON})
    assert page.status_code == 409
    assert "Call a triage lead" in page.content.decode() and REASON in page.content.decode()
    assert depth(cases[5], cleo) is Depth.NOTHING
    refused = AuditEvent.objects.get(verb="cases.glass_refused")
    assert (refused.case_id, refused.actor_id, kind_of(refused.verb)) == (cases[5].pk, cleo.pk, Kind.GLASS)
    asked = actions.ask_access(cases[5], reason=REASON, by=cleo.actor)
    actions.allow_access(asked, by=dana.actor)
    assert depth(cases[5], cleo) is Depth.IDENTITY
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1), tick=False):
        actions.break_glass(cases[5], reason=REASON, by=cleo.actor)
        assert depth(cases[5], cleo) is Depth.IDENTITY


def test_the_glass_asks_for_a_factor_first_and_keeps_the_reference(cleo: User, staff_client: CarefulClient) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    staff_client.force_login(cleo)
    page = f"/access/break-glass/?reference={case.reference}"
    assert case.reference in staff_client.get(page).content.decode()
    session = staff_client.session
    session[standing.KEY] = session[standing.KEY] | {"at": session[standing.KEY]["at"] - 601}
    session.save()
    (then,) = parse_qs(urlsplit(staff_client.get(page).headers["Location"]).query)["next"]
    assert then == page
    told = {"reference": case.reference, "reason": REASON}
    assert staff_client.post("/access/break-glass/", told).status_code == 302
    assert not AccessRequest.objects.exists() and depth(case, cleo) is Depth.NOTHING


@pytest.mark.parametrize("path", ["/access/ask/", "/access/break-glass/"])
def test_a_hidden_case_is_asked_for_in_vain_and_in_the_same_words(
    path: str, cleo: User, dana: User, staff_client: CarefulClient
) -> None:
    case = make_case_in(CaseState.IN_REVIEW, lead=dana)
    actions.restrict(case, people=[cleo], why=HiddenWhy.COMMUNITY, by=dana.actor)
    staff_client.force_login(cleo)
    texts = []
    for reference in (case.reference, "RR-CCCC-CCCC"):
        page = staff_client.post(path, {"reference": reference, "reason": REASON})
        assert page.status_code == 409
        text = page.content.decode()
        assert "There is no case with this reference that you could ask for" in text
        texts.append(text.replace(reference, "").split("<form", 2)[-1].split("csrfmiddlewaretoken")[0])
    assert texts[0] == texts[1]
    assert not AccessRequest.objects.exists()
    assert depth(case, cleo) is Depth.NOTHING


def test_a_request_needs_a_reason_and_is_made_once(cleo: User) -> None:
    case = make_case()
    with pytest.raises(NotPossible, match="Say why"):
        actions.ask_access(case, reason="  ", by=cleo.actor)
    actions.ask_access(case, reason=REASON, by=cleo.actor)
    with pytest.raises(NotPossible, match="a lead has it"):
        actions.ask_access(case, reason=REASON, by=cleo.actor)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_neither_ask_nor_break_the_glass(role: Role, staff_client: CarefulClient) -> None:
    case, who = make_case_in(CaseState.IN_REVIEW), make_staff(role)
    for act in (actions.ask_access, actions.break_glass):
        with pytest.raises(NotAllowed):
            act(case, reason=REASON, by=who.actor)
    staff_client.force_login(who)
    assert staff_client.get("/access/ask/").status_code == 403


def test_nobody_approves_for_themselves_and_no_caseworker_for_others(cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    both = make_staff(Role.CASEWORKER)
    asked = actions.ask_access(case, reason=REASON, by=both.actor)
    User.objects.filter(pk=both.pk).update(roles=[Role.CASEWORKER, Role.TRIAGE_LEAD])
    with pytest.raises(NotAllowed, match="their own request"):
        actions.allow_access(asked, by=User.objects.get(pk=both.pk).actor)
    with pytest.raises(NotAllowed):
        actions.allow_access(asked, by=cleo.actor)


def test_a_request_is_refused_taken_back_and_ended(cleo: User, dana: User, staff_client: CarefulClient) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    refused = actions.ask_access(case, reason=REASON, by=cleo.actor)
    staff_client.force_login(dana)
    staff_client.post(f"/access/{refused.pk}/", {"answer": "refuse"})
    assert depth(case, cleo) is Depth.NOTHING
    assert Notification.objects.filter(kind="cases.access_decided").exists()

    allowed = actions.ask_access(case, reason=REASON, by=cleo.actor)
    staff_client.post(f"/access/{allowed.pk}/", {"answer": "allow"})
    assert depth(case, cleo) is Depth.IDENTITY
    staff_client.force_login(cleo)
    staff_client.post(f"/access/{allowed.pk}/", {"answer": "end"})
    assert depth(case, cleo) is Depth.NOTHING

    mine = actions.ask_access(case, reason=REASON, by=cleo.actor)
    staff_client.post(f"/access/{mine.pk}/", {"answer": "refuse"})
    assert AccessRequest.objects.get(pk=mine.pk).refused_at


def test_the_list_shows_a_lead_all_and_others_their_own(cleo: User, dana: User, staff_client: CarefulClient) -> None:
    case = make_case_in(CaseState.IN_REVIEW, lead=dana)
    ivo = make_staff(Role.CASEWORKER, name="Ivo")
    actions.ask_access(case, reason=REASON, by=cleo.actor)
    staff_client.force_login(ivo)
    assert "Nobody asks" in staff_client.get("/access/").content.decode()
    staff_client.force_login(dana)
    text = staff_client.get("/access/").content.decode()
    assert "Cleo" in text and REASON in text and "Allow for 24 hours" in text
    asked = AccessRequest.objects.get()
    staff_client.force_login(ivo)
    assert staff_client.post(f"/access/{asked.pk}/", {"answer": "end"}).status_code == 404


def test_it_stands_at_the_case_for_owner_and_lead(cleo: User, dana: User, staff_client: CarefulClient) -> None:
    owner = make_staff(Role.CASEWORKER)
    case = make_case_in(CaseState.IN_REVIEW, owner=owner)
    actions.break_glass(case, reason=REASON, by=cleo.actor)
    for who in (owner, dana):
        staff_client.force_login(who)
        text = staff_client.get(case.get_absolute_url()).content.decode()
        assert "broke the glass" in text and REASON in text
