"""A factor opens for the person who added it alone, also to whoever can write to the database."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.urls import reverse

from rainbowrail.accounts import factors
from rainbowrail.accounts.forms.factors import SignInByPasskey
from rainbowrail.accounts.models import User
from rainbowrail.accounts.whose_factor import is_theirs
from rainbowrail.audit.models import AuditEvent
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, code_now, enrol_app

pytestmark = pytest.mark.django_db
SECOND = "/account/second-factor/authenticate/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def copied(factor: Authenticator, to: User, **changed: Any) -> Authenticator:
    """The row as somebody writes it with SQL: no code of ours runs."""
    Authenticator.objects.filter(user=to, type=factor.type).exclude(type="webauthn").delete()
    row = Authenticator(user=to, type=factor.type, data={**factor.data, **changed})
    Authenticator.objects.bulk_create([row])
    return row


def signs_in(client: CarefulClient, person: User, code: str) -> bool:
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    client.post(SECOND, {"code": code})
    return "_auth_user_id" in client.session


def passkey(person: User) -> Authenticator:
    return Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "key", "credential": {"id": "abc", "response": {"b": 1, "a": 2}}}
    )


def test_an_app_of_ones_own_opens_and_one_copied_from_another_does_not(
    staff_client: CarefulClient, gus: User, dana: User
) -> None:
    mine = enrol_app(gus)
    enrol_app(dana)
    assert signs_in(CarefulClient(), gus, code_now(mine))
    copied(Authenticator.objects.get(user=gus), dana)
    cache.clear()
    assert not signs_in(staff_client, dana, code_now(mine))
    assert AuditEvent.objects.filter(verb="accounts.sign_in_failed", thing_id=str(dana.pk), detail={"kind": "code"}).exists()


def test_whoever_has_only_factors_that_open_nothing_is_told_what_helps(
    staff_client: CarefulClient, gus: User, dana: User
) -> None:
    enrol_app(gus)
    other = CarefulClient()
    other.post("/account/login/", {"login": gus.email, "password": PASSWORD})
    assert "Ask an administrator to reset your factor" not in other.get(SECOND).content.decode()
    enrol_app(dana)
    copied(Authenticator.objects.get(user=gus), dana)
    staff_client.post("/account/login/", {"login": dana.email, "password": PASSWORD})
    page = staff_client.get(SECOND).content.decode()
    assert "Ask an administrator to reset your factor" in page and 'name="code"' not in page
    # The same for a session that was opened before.
    staff_client.force_password_login(dana)
    assert "Ask an administrator to reset your factor" in staff_client.get("/", follow=True).content.decode()
    assert "_auth_user_id" not in staff_client.session


def test_recovery_codes_copied_from_another_open_nothing_and_are_shown_to_nobody(
    staff_client: CarefulClient, gus: User, dana: User
) -> None:
    theirs = enrol_app(dana)
    codes = RecoveryCodes.activate(gus)
    row = copied(codes.instance, dana)
    assert not signs_in(CarefulClient(), dana, codes.get_unused_codes()[0])
    assert signs_in(staff_client, dana, code_now(theirs))
    page = staff_client.post(reverse("mfa_view_recovery_codes")).content.decode()
    assert codes.get_unused_codes()[0] not in page
    assert factors.kinds_of(dana).codes_left is None and not is_theirs(row)


def test_a_row_of_another_kind_is_no_note_and_neither_is_one_without(gus: User) -> None:
    enrol_app(gus)
    app = Authenticator.objects.get(user=gus)
    codes = RecoveryCodes.activate(gus).instance
    assert is_theirs(app) and is_theirs(codes)
    for wrong in (
        {"whose": codes.data["whose"]}, {"whose": "1.AAAA"}, {"whose": "no"}, {"secret": codes.data["seed"]},
    ):  # fmt: skip
        assert not is_theirs(Authenticator(user=gus, type="totp", data={**app.data, **wrong}))
    assert not is_theirs(Authenticator(user=gus, type="totp", data={"secret": app.data["secret"]}))
    assert not is_theirs(Authenticator(user=gus, type="recovery_codes", data={**codes.data, "migrated_codes": ["1.AAAA"]}))


def test_use_changes_no_note_and_saving_a_copied_row_makes_none(gus: User, dana: User) -> None:
    codes = RecoveryCodes.activate(gus)
    before = Authenticator.objects.get().data["whose"]
    assert codes.validate_code(codes.get_unused_codes()[0])
    codes.mark_as_viewed()
    row = Authenticator.objects.get()
    assert row.data["whose"] == before and row.data["used_mask"] and is_theirs(row)
    stolen = Authenticator.objects.get(pk=copied(row, dana).pk)
    stolen.save()
    assert not is_theirs(Authenticator.objects.get(user=dana))


def test_a_passkey_that_somebody_wrote_into_the_database_is_none(
    gus: User, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Authenticator.objects.get(pk=passkey(gus).pk)
    assert is_theirs(key) and factors.kinds_of(gus).any
    slipped = copied(key, dana)
    assert not is_theirs(slipped) and not factors.kinds_of(dana).any

    def shown(form: SignInByPasskey) -> Authenticator:
        return slipped

    monkeypatch.setattr("allauth.mfa.webauthn.forms.LoginWebAuthnForm.clean_credential", shown)
    form = SignInByPasskey(data={"credential": '{"id": "abc"}'})
    assert not form.is_valid() and "did not open" in str(form.errors)
    assert AuditEvent.objects.filter(verb="accounts.sign_in_failed", thing_id=str(dana.pk), detail={"kind": "passkey"}).exists()
    slipped = key
    assert SignInByPasskey(data={"credential": '{"id": "abc"}'}).is_valid()
