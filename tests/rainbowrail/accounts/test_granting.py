"""A role that opens cases, or lets one agree, takes two people: one gives it, another agrees."""

import ast
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from rainbowrail.accounts import actions, granting, inviting, reminders
from rainbowrail.accounts.models import Invitation, RoleGrant, User
from rainbowrail.accounts.models.role_grant import WAITS_FOR, WhyNot
from rainbowrail.accounts.queries import could_agree
from rainbowrail.accounts.tasks import end_roles_that_waited
from rainbowrail.actors import APPLICANT, SYSTEM
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.notifications.models import Notification
from rainbowrail.roles import AGREERS, BY_TWO, Role
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, enrol_app, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana(hana: User) -> User:
    enrol_app(hana)
    return hana


@pytest.fixture
def dana(dana: User) -> User:
    enrol_app(dana)
    return dana


def roles_of(person: User) -> list[str]:
    return User.objects.get(pk=person.pk).roles


def given(person: User, role: Role, *, by: User) -> RoleGrant:
    actions.change_roles(person, roles=[*(Role(held) for held in roles_of(person)), role], by=by.actor)
    return RoleGrant.objects.get(person=person, role=role, answer="")


def accepted(invitation: Invitation) -> User:
    return inviting.accept(inviting.new_link(invitation.pk), name="Ida", password=PASSWORD)


def told(kind: str) -> set[int]:
    return {each.about_id.int for each in Notification.objects.filter(kind=f"accounts.{kind}")}


def verbs_about(thing: User | Invitation) -> list[str]:
    lines = AuditEvent.objects.filter(thing=thing._meta.label_lower, thing_id=str(thing.pk), verb__startswith="accounts.role_")
    return list(lines.order_by("id").values_list("verb", flat=True))


# --- what waits ---


@pytest.mark.parametrize("role", sorted(BY_TWO))
def test_a_role_that_takes_two_does_not_begin_by_one(role: Role, hana: User, gus: User) -> None:
    given(gus, role, by=hana)
    assert roles_of(gus) == []


def test_an_auditor_begins_at_once(hana: User, gus: User) -> None:
    assert actions.change_roles(gus, roles=[Role.AUDITOR], by=hana.actor) == []
    assert roles_of(gus) == ["auditor"] and not RoleGrant.objects.exists()


@pytest.mark.parametrize("role", sorted(BY_TWO))
def test_whoever_is_invited_signs_up_without_it(role: Role, hana: User) -> None:
    """The second self of an administrator: another address of theirs, invited with a role that opens cases."""
    ida = accepted(inviting.invite("ida@example.org", roles=[role, Role.AUDITOR], by=hana.actor))
    assert roles_of(ida) == ["auditor"]
    assert RoleGrant.objects.get(person=ida).is_waiting


def test_an_invitation_row_alone_gives_no_role(hana: User) -> None:
    invitation = inviting.invite("ida@example.org", roles=[Role.AUDITOR], by=hana.actor)
    Invitation.objects.filter(pk=invitation.pk).update(roles=["triage_lead", "auditor"])
    assert roles_of(accepted(invitation)) == ["auditor"]


def test_an_administrator_who_adds_an_account_gives_no_such_role_either(hana: User) -> None:
    ida = actions.add_person("ida@example.org", name="Ida", roles=[Role.MANAGER], password=PASSWORD, by=hana.actor)
    assert roles_of(ida) == [] and RoleGrant.objects.get(person=ida).role == "manager"


def test_an_account_that_is_opened_again_waits_for_its_roles(hana: User, dana: User, cleo: User) -> None:
    actions.deactivate(cleo, by=hana.actor)
    actions.reopen(cleo, by=hana.actor)
    assert roles_of(cleo) == []
    granting.agree(RoleGrant.objects.get(person=cleo), by=dana.actor)
    assert roles_of(cleo) == ["caseworker"]


def test_pressing_open_again_twice_does_nothing_more(hana: User, cleo: User) -> None:
    assert actions.reopen(cleo, by=hana.actor).roles == ["caseworker"]
    assert not RoleGrant.objects.exists()


def test_saving_twice_puts_it_forward_once(hana: User, cleo: User) -> None:
    zoe = make_staff(Role.ADMINISTRATOR)
    for by in (hana, hana, zoe):
        actions.change_roles(cleo, roles=[Role.CASEWORKER, Role.MANAGER], by=by.actor)
    assert RoleGrant.objects.get().given_by_id == hana.pk
    assert roles_of(cleo) == ["caseworker"]


def test_taking_away_needs_nobody_and_takes_back_what_waits(hana: User, dana: User, cleo: User) -> None:
    grant = given(cleo, Role.MANAGER, by=hana)
    actions.change_roles(cleo, roles=[], by=hana.actor)
    assert roles_of(cleo) == []
    with pytest.raises(NotPossible, match="answered already"):
        granting.agree(grant, by=dana.actor)


def test_nobody_gives_roles_to_a_closed_account(hana: User, cleo: User) -> None:
    actions.deactivate(cleo, by=hana.actor)
    with pytest.raises(NotPossible, match="closed"):
        actions.change_roles(cleo, roles=[Role.CASEWORKER, Role.MANAGER], by=hana.actor)


ROOT = Path(__file__).resolve().parents[3]
# The modules that set somebody's roles, and nothing else does.
SETTERS = {"rainbowrail/accounts/actions.py", "rainbowrail/accounts/granting.py", "rainbowrail/accounts/inviting.py"}


def _sets_roles(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Attribute) and target.attr == "roles" for target in targets)
        case ast.Call(
            func=ast.Name(id="User") | ast.Attribute(attr="update" | "create" | "get_or_create" | "update_or_create")
        ):
            return any(keyword.arg == "roles" for keyword in node.keywords)
    return False


def test_roles_are_set_in_three_modules_and_nowhere_else() -> None:
    sources = (path for app in ("rainbowrail", "intake", "cases", "referrals") for path in (ROOT / app).rglob("*.py"))
    found = {
        str(path.relative_to(ROOT))
        for path in sources
        if any(_sets_roles(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == SETTERS


# --- the second person ---


@pytest.mark.parametrize("role", sorted(AGREERS))
def test_a_lead_a_manager_or_another_administrator_agrees(role: Role, hana: User, gus: User) -> None:
    second = make_staff(role)
    enrol_app(second)
    granting.agree(given(gus, Role.CASEWORKER, by=hana), by=second.actor)
    assert roles_of(gus) == ["caseworker"]
    assert verbs_about(gus) == ["accounts.role_put_forward", "accounts.role_agreed"]
    assert AuditEvent.objects.get(verb="accounts.role_agreed").actor_id == second.pk


@pytest.mark.parametrize("role", sorted(set(Role) - AGREERS))
def test_nobody_else_does(role: Role, hana: User, gus: User) -> None:
    other = make_staff(role)
    enrol_app(other)
    with pytest.raises(NotAllowed):
        granting.agree(given(gus, Role.CASEWORKER, by=hana), by=other.actor)
    with pytest.raises(NotAllowed):
        granting.agree(RoleGrant.objects.get(), by=APPLICANT)
    assert roles_of(gus) == []


def test_whoever_gave_it_does_not_agree(hana: User, gus: User) -> None:
    grant = given(gus, Role.CASEWORKER, by=hana)
    with pytest.raises(NotAllowed, match="second person"):
        granting.agree(grant, by=hana.actor)


def test_whoever_receives_it_does_not_agree(hana: User, dana: User) -> None:
    grant = given(dana, Role.MANAGER, by=hana)
    with pytest.raises(NotAllowed, match="for you"):
        granting.agree(grant, by=dana.actor)


def test_without_a_second_factor_nobody_agrees(hana: User, gus: User) -> None:
    lead = make_staff(Role.TRIAGE_LEAD)
    grant = given(gus, Role.CASEWORKER, by=hana)
    with pytest.raises(NotAllowed, match="second factor"):
        granting.agree(grant, by=lead.actor)


@pytest.mark.parametrize("whose", ["nobody", "somebody else"])
def test_neither_does_a_factor_that_is_bound_to_nobody_or_to_somebody_else(whose: str, hana: User, gus: User) -> None:
    lead = make_staff(Role.TRIAGE_LEAD)
    theirs = Authenticator.objects.get(user=hana).data
    data = {"secret": theirs["secret"]} if whose == "nobody" else theirs
    Authenticator.objects.bulk_create([Authenticator(user=lead, type="totp", data=data)])
    grant = given(gus, Role.CASEWORKER, by=hana)
    assert could_agree().filter(pk=lead.pk).exists() is (whose == "somebody else"), "the database alone sees the note"
    with pytest.raises(NotAllowed, match="second factor"):
        granting.agree(grant, by=lead.actor)


def test_the_database_holds_the_two_apart(hana: User, dana: User) -> None:
    grant = given(dana, Role.MANAGER, by=hana)
    for one in (hana, dana):
        with pytest.raises(IntegrityError, match="two_people_give_a_role"), transaction.atomic():
            RoleGrant.objects.filter(pk=grant.pk).update(answer="agreed", answered_by=one, answered_at=timezone.now())


def test_a_second_self_cannot_agree_for_a_third(hana: User, gus: User) -> None:
    """Whoever could agree is made by two people as well; else one could make the second person first."""
    second_self = accepted(inviting.invite("hana.too@example.org", roles=[Role.ADMINISTRATOR], by=hana.actor))
    enrol_app(second_self)
    with pytest.raises(NotAllowed):
        granting.agree(given(gus, Role.CASEWORKER, by=hana), by=second_self.actor)


def test_agreeing_before_the_person_signs_up_counts_when_they_do(hana: User, dana: User) -> None:
    invitation = inviting.invite("ida@example.org", roles=[Role.CASEWORKER, Role.MANAGER], by=hana.actor)
    granting.agree(RoleGrant.objects.get(role="caseworker"), by=dana.actor)
    assert roles_of(accepted(invitation)) == ["caseworker"]


def test_an_agreement_to_an_invitation_holds_fourteen_days(hana: User, dana: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first, second = (
            inviting.invite(f"ida{number}@example.org", roles=[Role.CASEWORKER], by=hana.actor) for number in (1, 2)
        )
        for grant in RoleGrant.objects.all():
            granting.agree(grant, by=dana.actor)
        clock.shift(WAITS_FOR - timedelta(seconds=1))
        assert roles_of(accepted(first)) == ["caseworker"]
        clock.shift(timedelta(seconds=1))
        assert roles_of(accepted(second)) == []
        end_roles_that_waited()
    assert [(row.answer, row.why) for row in RoleGrant.objects.order_by("invitation__email")] == [
        ("agreed", ""), ("lapsed", "unused"),
    ]  # fmt: skip


def test_the_clock_ends_what_was_agreed_to_for_an_invitation_that_nobody_used(hana: User, dana: User) -> None:
    invitation = inviting.invite("ida@example.org", roles=[Role.CASEWORKER], by=hana.actor)
    granting.agree(RoleGrant.objects.get(), by=dana.actor)
    with time_machine.travel(timezone.now() + WAITS_FOR, tick=False):
        end_roles_that_waited()
    assert RoleGrant.objects.get().why == "unused" and verbs_about(invitation)[-1] == "accounts.role_lapsed"


def test_an_invitation_that_is_sent_again_after_that_waits_for_a_second_person_again(
    staff_client: CarefulClient, hana: User, dana: User
) -> None:
    invitation = inviting.invite("ida@example.org", roles=[Role.CASEWORKER, Role.MANAGER, Role.REFERRAL_OFFICER], by=hana.actor)
    granting.agree(RoleGrant.objects.get(role="caseworker"), by=dana.actor)
    granting.refuse(RoleGrant.objects.get(role="manager"), why=WhyNot.UNKNOWN, by=dana.actor)
    again = reverse("account_send_invitation_again", args=[invitation.pk])
    staff_client.force_login(hana)
    assert "After 14 days an agreement ends" not in staff_client.post(again, follow=True).content.decode()
    with time_machine.travel(timezone.now() + WAITS_FOR, tick=False):
        staff_client.force_login(hana)
        assert "After 14 days an agreement ends" in staff_client.post(again, follow=True).content.decode()
        assert set(RoleGrant.objects.waiting().values_list("role", flat=True)) == {"caseworker", "referral_officer"}
        granting.agree(RoleGrant.objects.waiting().get(role="caseworker"), by=dana.actor)
        assert roles_of(accepted(invitation)) == ["caseworker"]


def test_agreeing_twice_is_agreeing_once(hana: User, dana: User, gus: User) -> None:
    grant = given(gus, Role.CASEWORKER, by=hana)
    granting.agree(grant, by=dana.actor)
    granting.agree(grant, by=dana.actor)
    assert verbs_about(gus).count("accounts.role_agreed") == 1
    with pytest.raises(NotPossible, match="answered already"):
        granting.refuse(grant, why=WhyNot.UNKNOWN, by=dana.actor)


def test_a_refusal_says_why_and_tells_the_giver(hana: User, dana: User, gus: User) -> None:
    granting.refuse(given(gus, Role.CASEWORKER, by=hana), why=WhyNot.UNKNOWN, by=dana.actor)
    assert roles_of(gus) == [] and told("role_refused") == {hana.pk}
    line = AuditEvent.objects.get(verb="accounts.role_refused")
    assert line.detail == {"role": "caseworker", "reason_code": "unknown", "person": gus.pk}
    assert given(gus, Role.CASEWORKER, by=hana).is_waiting


@pytest.mark.django_db(transaction=True)
def test_of_an_agreement_and_a_change_of_mind_at_the_same_moment_one_counts(hana: User, dana: User, gus: User) -> None:
    grant = given(gus, Role.CASEWORKER, by=hana)
    ready, refused = threading.Barrier(2), []

    def press(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except NotPossible as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    acts = (lambda: granting.agree(grant, by=dana.actor), lambda: granting.withdraw(grant, by=hana.actor))
    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert roles_of(gus) == (["caseworker"] if RoleGrant.objects.get().answer == "agreed" else [])


# --- how it ends without an answer ---


def _close_giver(hana: User, zoe: User, gus: User) -> None:
    actions.deactivate(hana, by=zoe.actor)


def _take_role_of_giver(hana: User, zoe: User, gus: User) -> None:
    actions.change_roles(hana, roles=[], by=zoe.actor)


def _close_receiver(hana: User, zoe: User, gus: User) -> None:
    actions.deactivate(gus, by=zoe.actor)


def _withdraw(hana: User, zoe: User, gus: User) -> None:
    granting.withdraw(RoleGrant.objects.get(), by=hana.actor)


@pytest.mark.parametrize("end", [_close_giver, _take_role_of_giver, _close_receiver, _withdraw])
def test_what_waits_ends_with_giver_receiver_or_a_change_of_mind(
    end: Callable[[User, User, User], None], hana: User, dana: User, gus: User
) -> None:
    grant = given(gus, Role.CASEWORKER, by=hana)
    end(hana, make_staff(Role.ADMINISTRATOR), gus)
    with pytest.raises(NotPossible):
        granting.agree(grant, by=dana.actor)
    assert roles_of(gus) == []


def test_an_invitation_that_is_taken_back_takes_its_roles_along(hana: User, dana: User) -> None:
    invitation = inviting.invite("ida@example.org", roles=[Role.CASEWORKER], by=hana.actor)
    inviting.revoke(invitation, by=hana.actor)
    with pytest.raises(NotPossible):
        granting.agree(RoleGrant.objects.get(), by=dana.actor)
    assert verbs_about(invitation) == ["accounts.role_put_forward", "accounts.role_withdrawn"]


def test_after_fourteen_days_nobody_can_agree_and_it_may_be_given_again(hana: User, dana: User, gus: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        grant = given(gus, Role.CASEWORKER, by=hana)
        clock.shift(WAITS_FOR - timedelta(seconds=1))
        end_roles_that_waited()
        assert RoleGrant.objects.waiting().exists()
        clock.shift(timedelta(seconds=1))
        with pytest.raises(NotPossible, match="in time"):
            granting.agree(grant, by=dana.actor)
        assert given(gus, Role.CASEWORKER, by=hana).pk != grant.pk
        clock.shift(WAITS_FOR)
        end_roles_that_waited()
    assert set(RoleGrant.objects.values_list("answer", "why")) == {("lapsed", "time")}


def test_only_administrators_take_back(hana: User, dana: User, gus: User) -> None:
    with pytest.raises(NotAllowed):
        granting.withdraw(given(gus, Role.CASEWORKER, by=hana), by=dana.actor)


# --- the operator, and the doctor ---


def test_the_operator_at_the_host_agrees_where_nobody_else_can(hana: User) -> None:
    ida = accepted(inviting.invite("Ida@example.org", roles=[Role.TRIAGE_LEAD, Role.CASEWORKER], by=hana.actor))
    assert granting.agree_at_the_host("Ida@example.org") == ["caseworker", "triage_lead"]
    assert roles_of(ida) == ["caseworker", "triage_lead"]
    kinds = AuditEvent.objects.filter(verb="accounts.role_agreed").values_list("actor_kind", flat=True)
    assert set(kinds) == {"system"}
    assert granting.agree_at_the_host("ida@example.org") == []


def test_what_the_operator_gives_begins_at_once_and_is_told(hana: User) -> None:
    ida = actions.add_at_the_host("ida@example.org", name="Ida", roles=[Role.CASEWORKER], password=PASSWORD)
    assert roles_of(ida) == ["caseworker"] and told("role_given") == {hana.pk}
    actions.change_roles(ida, roles=[Role.CASEWORKER, Role.MANAGER], by=SYSTEM)
    assert roles_of(ida) == ["caseworker", "manager"] and not RoleGrant.objects.exists()


def test_doctor_says_when_there_are_not_two_who_could_agree(hana: User) -> None:
    make_staff(Role.TRIAGE_LEAD)  # has no second factor
    assert "Only one person could agree" in " ".join(reminders.complaints())
    enrol_app(make_staff(Role.MANAGER))
    assert list(reminders.complaints()) == []


def test_doctor_counts_factors_that_are_bound_to_nobody(hana: User, dana: User) -> None:
    assert list(reminders.complaints()) == []
    Authenticator.objects.bulk_create([Authenticator(user=hana, type="webauthn", data={"credential": {"id": "abc"}})])
    assert "1 second factors are bound to nobody" in " ".join(reminders.complaints())


def test_doctor_says_nothing_before_the_first_account() -> None:
    assert list(reminders.complaints()) == []


# --- closing an account ---


def test_closing_ends_the_link_to_begin_again(hana: User, cleo: User) -> None:
    invitation = inviting.let_set_password(cleo, by=hana.actor)
    token = inviting.new_link(invitation.pk)
    actions.deactivate(cleo, by=hana.actor)
    assert inviting.of_link(token) is None
    assert AuditEvent.objects.filter(verb="accounts.invitation_revoked", thing_id=str(invitation.pk)).exists()
    with pytest.raises(NotPossible, match="does not work"):
        inviting.accept(token, name="", password=PASSWORD)
    with pytest.raises(NotPossible, match="closed"):
        inviting.let_set_password(cleo, by=hana.actor)
