"""A case that is hidden from somebody does not exist for them: nowhere, whatever their roles."""

import html
import re
from typing import Any

import pytest

from cases import actions, orphans
from cases.models import AccessRequest, Case, ErasurePlan, Restriction
from cases.states import CaseState, HiddenWhy
from rainbowrail.accounts import actions as accounts
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import Role
from referrals.models import Referral
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.cases import make_case, make_case_in
from tests.factories.referrals import Crew, make_referral

pytestmark = pytest.mark.django_db
PAGES = (
    "", "seen/", "identity/", "claim/", "note/", "ask/", "tell/", "assess/", "next-step/", "give/", "urgency/", "code/",
    "contact/stop/", "erase/", "keep-longer/", "hide/", "conflict/", "move/close/",
)  # fmt: skip


def hide(case: Case, *people: User, by: User, new_owner: User | None = None) -> None:
    actions.restrict(case, people=people, why=HiddenWhy.COMMUNITY, new_owner=new_owner, by=by.actor)


def test_a_lead_from_whom_it_is_hidden_finds_it_nowhere(dana: User, staff_client: CarefulClient) -> None:
    other = make_staff(Role.TRIAGE_LEAD)
    crew = Crew.new(lead=other)
    referral = make_referral(crew=crew)
    case = referral.case
    hide(case, dana, by=other)
    staff_client.force_login(dana)
    for page in PAGES:
        for ask in (staff_client.get, staff_client.post):
            # A page that is only looked at, or only sent to, says so of every address alike.
            assert ask(f"/cases/{case.reference}/{page}").status_code in (404, 405), page
    for page in ("identity/", "claim/"):
        assert staff_client.post(f"/cases/{case.reference}/{page}").status_code == 404
    for page in ("", "read/", "consent/", "withdraw/"):
        assert staff_client.get(f"{referral.get_absolute_url()}{page}").status_code in (404, 403), page
    assert staff_client.get(referral.get_absolute_url()).status_code == 404
    for page in ("/", "/?whose=closed", "/referrals/", "/access/", "/erasures/"):
        text = staff_client.get(page).content.decode()
        assert case.reference not in text and referral.packet_id not in text, page
    assert "You have no case with this reference" in staff_client.get("/", {"reference": case.reference}).content.decode()
    assert case.reference not in staff_client.post("/search/", {"words": "Ade"}).content.decode()
    assert f'href="{case.get_absolute_url()}"' not in staff_client.post("/search/", {"words": case.reference}).content.decode()


def text_of(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", response.content.decode())).split())


def test_what_a_colleague_leaves_behind_does_not_count_it(
    dana: User, cleo: User, eli: User, staff_client: CarefulClient
) -> None:
    """Neither of a case nor of one in referral; not on the page, not in the refusal, not in what was handed over."""
    other = make_staff(Role.TRIAGE_LEAD, name="Other")
    crew = Crew.new(officer=eli, lead=other)
    referral = make_referral(crew=crew, case=make_case_in(CaseState.READY, owner=other, lead=other))
    hidden = [make_case_in(CaseState.IN_REVIEW, owner=other, lead=other), referral.case]
    seen = make_case_in(CaseState.IN_REVIEW, owner=other, lead=other)
    for case in hidden:
        hide(case, dana, by=other)
    staff_client.force_login(dana)
    page = text_of(staff_client.get(f"/hand-over/{other.pk}/"))
    assert "seen by no lead but" not in page and "Open cases1" in page, page
    assert "Nothing is left with them" in text_of(staff_client.get(f"/hand-over/{eli.pk}/"))

    answer = staff_client.post(f"/hand-over/{other.pk}/", {"heirs": [dana.pk]}, follow=True)
    assert "Handed over: 1." in text_of(answer)
    assert Case.objects.get(pk=seen.pk).owner == dana
    line = AuditEvent.objects.get(verb="cases.left_behind")
    assert line.detail == {"person": other.pk, "count": 1}
    # Nobody but the leaver may see the others, so they stay there; the leaver's own page says so.
    assert {Case.objects.get(pk=case.pk).owner for case in hidden} == {other}
    staff_client.force_login(other)
    assert "2 open cases are seen by no lead but Other" in text_of(staff_client.get(f"/hand-over/{other.pk}/"))
    staff_client.force_login(make_staff(Role.ADMINISTRATOR))
    assert "2 open cases are seen by no lead but Other" in text_of(staff_client.get(f"/hand-over/{other.pk}/"))


def test_a_case_that_who_hands_over_may_not_know_of_goes_to_a_lead_who_sees_it(dana: User, cleo: User) -> None:
    other, ivo = make_staff(Role.TRIAGE_LEAD), make_staff(Role.CASEWORKER)
    hidden = make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=other)
    seen = make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=other)
    hide(hidden, dana, ivo, by=other)
    assert actions.hand_over_everything(cleo, heirs=[ivo], by=dana.actor) == {"cases": 1}
    assert Case.objects.get(pk=seen.pk).owner == ivo
    assert Case.objects.get(pk=hidden.pk).owner == other
    lines = AuditEvent.objects.filter(verb="cases.handed_over")
    assert {(line.case_id, line.actor_id) for line in lines} == {(seen.pk, dana.pk), (hidden.pk, None)}
    assert list(orphans.complaints()) == []


def test_an_officers_case_that_who_hands_over_may_not_know_of_goes_to_an_officer_who_sees_it(dana: User, eli: User) -> None:
    other, following, shut_out = make_staff(Role.TRIAGE_LEAD), *(make_staff(Role.REFERRAL_OFFICER) for _ in range(2))
    case = make_referral(crew=Crew.new(officer=eli, lead=other)).case
    hide(case, dana, shut_out, by=other)
    assert actions.hand_over_everything(eli, heirs=[shut_out], by=dana.actor) == {}
    assert Case.objects.get(pk=case.pk).officer == following


def test_whoever_closes_an_account_is_told_no_number_of_what_is_hidden_from_them(cleo: User) -> None:
    both = make_staff(Role.TRIAGE_LEAD, Role.ADMINISTRATOR)
    other = make_staff(Role.TRIAGE_LEAD)
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=other)
    hide(case, both, by=other)
    with pytest.raises(NotPossible) as refusal:
        accounts.deactivate(cleo, by=both.actor)
    assert "1" not in str(refusal.value) and "case" not in str(refusal.value)
    actions.hand_over_everything(cleo, heirs=[other], by=both.actor)
    accounts.deactivate(cleo, by=both.actor)


def test_what_will_be_erased_does_not_name_it(dana: User, staff_client: CarefulClient) -> None:
    other = make_staff(Role.TRIAGE_LEAD)
    case = make_case_in(CaseState.CLOSED, lead=other)
    ErasurePlan.objects.filter(case=case).update(due_on="2026-01-01")
    staff_client.force_login(dana)
    assert case.reference in staff_client.get("/erasures/").content.decode()
    hide(case, dana, by=other)
    assert case.reference not in staff_client.get("/erasures/").content.decode()


def test_hiding_ends_what_was_opened_for_them(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW)
    actions.break_glass(case, reason="Now.", by=cleo.actor)
    hide(case, cleo, by=dana)
    assert not AccessRequest.objects.get().is_open
    assert not Case.objects.visible_to(cleo).filter(pk=case.pk).exists()


def test_the_last_lead_is_never_shut_out(dana: User) -> None:
    case = make_case()
    with pytest.raises(NotPossible, match="No lead would be left"):
        actions.declare_conflict(case, by=dana.actor)
    other = make_staff(Role.TRIAGE_LEAD)
    hide(case, other, by=dana)
    with pytest.raises(NotPossible, match="No lead would be left"):
        actions.declare_conflict(case, by=dana.actor)
    assert Case.objects.visible_to(dana).filter(pk=case.pk).exists()


def test_an_owner_is_shut_out_only_when_somebody_else_owns_it(cleo: User, dana: User) -> None:
    case, ivo = make_case_in(CaseState.IN_REVIEW, owner=cleo), make_staff(Role.CASEWORKER)
    with pytest.raises(NotPossible, match="Say who shall own it"):
        hide(case, cleo, by=dana)
    with pytest.raises(NotPossible, match="cannot own this case"):
        hide(case, cleo, by=dana, new_owner=cleo)
    hide(case, cleo, by=dana, new_owner=ivo)
    assert Case.objects.get(pk=case.pk).owner == ivo
    with pytest.raises(NotPossible, match="cannot own this case"):
        actions.assign(Case.objects.get(pk=case.pk), to=cleo, by=dana.actor)


def test_whoever_knows_the_person_hides_it_from_themselves_and_a_lead_takes_it(
    cleo: User, dana: User, staff_client: CarefulClient
) -> None:
    busy = make_staff(Role.TRIAGE_LEAD)
    make_case_in(CaseState.IN_REVIEW, owner=busy, lead=dana)
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo, lead=dana)
    staff_client.force_login(cleo)
    answer = staff_client.post(f"/cases/{case.reference}/conflict/", {"words": "We went to school together."})
    assert answer.headers["Location"] == "/"
    assert staff_client.get(case.get_absolute_url()).status_code == 404
    assert Case.objects.get(pk=case.pk).owner == dana
    told = Notification.objects.filter(kind="cases.conflict_declared").values_list("about_id", flat=True)
    assert {about.int for about in told} == {dana.pk, busy.pk}
    assert AuditEvent.objects.filter(verb="cases.conflict_declared", case_id=case.pk, actor_id=cleo.pk).exists()

    staff_client.force_login(dana)
    assert "Somebody knows the person" in staff_client.get("/").content.decode()
    assert "We went to school together." in staff_client.get(case.get_absolute_url()).content.decode()
    found = Restriction.objects.get()
    staff_client.post(f"/cases/{case.reference}/hide/{found.pk}/", {"answer": "seen"})
    assert "Somebody knows the person" not in staff_client.get("/").content.decode()


def test_a_lead_hides_and_lifts_on_the_page(cleo: User, dana: User, staff_client: CarefulClient) -> None:
    case = make_case()
    staff_client.force_login(dana)
    told = {"people": [cleo.pk], "why": "relative", "words": "His sister."}
    answer = staff_client.post(f"/cases/{case.reference}/hide/", told)
    assert answer.headers["Location"] == case.get_absolute_url()
    text = staff_client.get(case.get_absolute_url()).content.decode()
    assert "Hidden from <bdi>Cleo</bdi>" in text and "His sister." in text
    found = Restriction.objects.get()
    staff_client.force_login(cleo)
    assert staff_client.get(case.get_absolute_url()).status_code == 404
    staff_client.force_login(dana)
    staff_client.post(f"/cases/{case.reference}/hide/{found.pk}/", {"answer": "lift"})
    staff_client.force_login(cleo)
    assert staff_client.get(case.get_absolute_url()).status_code == 200


def test_only_a_lead_hides_and_not_from_themselves(cleo: User, dana: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    make_staff(Role.TRIAGE_LEAD)
    with pytest.raises(NotAllowed):
        hide(case, dana, by=cleo)
    with pytest.raises(NotAllowed, match="say on its page"):
        hide(case, dana, by=dana)


def test_the_officer_of_a_hidden_case_is_followed_by_another() -> None:
    crew = Crew.new()
    following = make_staff(Role.REFERRAL_OFFICER)
    referral = make_referral(crew=crew)
    hide(referral.case, crew.officer, by=crew.lead)
    found = Referral.objects.get(pk=referral.pk)
    assert (found.case.officer, found.drafted_by) == (following, crew.officer)
    assert not Referral.objects.visible_to(crew.officer).exists()
