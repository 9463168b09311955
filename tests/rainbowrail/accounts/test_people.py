"""Staff accounts: who may make, change and close them, and what the database holds true."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from rainbowrail.accounts import actions
from rainbowrail.accounts.models import User
from rainbowrail.accounts.permissions import check_role
from rainbowrail.actors import APPLICANT, SYSTEM, ActorKind
from rainbowrail.audit.models import AuditEvent
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import Role
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


def test_an_administrator_adds_a_person_and_that_is_on_record(hana: User) -> None:
    ida = actions.add_person(" Ida@Example.org", name="Ida", roles=[Role.AUDITOR], password=PASSWORD, by=hana.actor)
    assert (ida.email, ida.roles) == ("ida@example.org", ["auditor"])
    event = AuditEvent.objects.get(verb="accounts.person_added", thing_id=str(ida.pk))
    assert (event.actor_id, event.detail) == (hana.pk, {"roles": "auditor"})


def test_one_person_may_have_every_role_in_a_small_organisation() -> None:
    ida = actions.add_person("ida@example.org", name="Ida", roles=Role, password=PASSWORD, by=SYSTEM)
    assert set(ida.roles) == set(Role)
    event = AuditEvent.objects.get(verb="accounts.person_added", thing_id=str(ida.pk))
    assert event.detail == {"roles": ",".join(ida.roles)}


def test_a_person_without_a_password_cannot_sign_in_yet() -> None:
    ida = actions.add_person("ida@example.org", name="Ida", roles=[], password=None, by=SYSTEM)
    assert not ida.has_usable_password()


@pytest.mark.parametrize("password", ["short", "1q2w3e4r5t6y7u8i9o0p", "ida@example.org1"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        actions.add_person("ida@example.org", name="Ida", roles=[], password=password, by=SYSTEM)


def test_one_address_is_one_account_in_whatever_letters(cleo: User) -> None:
    with pytest.raises(ValidationError, match="This address has an account"):
        actions.add_person("CLEO@example.org", name="Cleo again", roles=[], password=PASSWORD, by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="CLEO@example.org", name="Cleo again")


def test_the_database_knows_the_roles(cleo: User) -> None:
    with pytest.raises(IntegrityError, match="only_known_roles"), transaction.atomic():
        User.objects.filter(pk=cleo.pk).update(roles=["emperor"])


@pytest.mark.parametrize("person", ["cleo", "dana", "eli", "fay", "gus"])
def test_nobody_else_manages_people(person: str, cleo: User, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(person).actor
    with pytest.raises(NotAllowed, match="Administrator"):
        actions.change_roles(cleo, roles=[Role.ADMINISTRATOR], by=by)
    with pytest.raises(NotAllowed):
        actions.deactivate(cleo, by=by)
    with pytest.raises(NotAllowed):
        actions.add_person("ida@example.org", name="Ida", roles=[], password=PASSWORD, by=by)


def test_an_applicant_is_not_the_system() -> None:
    with pytest.raises(NotAllowed):
        actions.add_person("ida@example.org", name="Ida", roles=[], password=PASSWORD, by=APPLICANT)


def test_changing_roles_and_closing_are_on_record(hana: User, cleo: User) -> None:
    actions.change_roles(cleo, roles=[Role.AUDITOR, Role.CASEWORKER], by=hana.actor)
    actions.deactivate(cleo, by=hana.actor)
    cleo.refresh_from_db()
    assert (cleo.roles, cleo.is_active) == (["auditor", "caseworker"], False)
    verbs = AuditEvent.objects.filter(actor_id=hana.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["accounts.roles_changed", "accounts.person_deactivated"]


def test_a_person_is_an_actor_with_exactly_their_roles(dana: User, gus: User) -> None:
    assert (dana.actor.kind, dana.actor.staff_id, dana.actor.roles) == (ActorKind.STAFF, dana.pk, {"triage_lead"})
    assert gus.actor.roles == frozenset() and not gus.has_role(Role.CASEWORKER)
    assert dana.has_role(Role.CASEWORKER, Role.TRIAGE_LEAD)


def test_those_with_a_role_are_found_unless_their_account_is_closed(dana: User, cleo: User) -> None:
    assert list(User.objects.with_role(Role.TRIAGE_LEAD)) == [dana]
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert not User.objects.with_role(Role.TRIAGE_LEAD).exists()


def test_a_refusal_says_which_roles_would_do(gus: User) -> None:
    with pytest.raises(NotAllowed, match=r"To claim this case you need one of these roles: Caseworker, Triage lead\."):
        check_role(gus.actor, Role.CASEWORKER, Role.TRIAGE_LEAD, to="claim this case")
