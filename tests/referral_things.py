"""Referrals at the stage for which an address of theirs is there, each reached from a finished file by the real actions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pyrage
from django.utils import timezone

from cases.models import Case
from rainbowrail.accounts.models import User
from referrals import actions as referral_actions
from referrals.models import RecallNotice, Referral
from referrals.states import HandedOver, KeyKind
from tests.factories.referrals import read_digest
from tests.staff_scene import Given, Scene, today


@contextmanager
def _as_its_officer(scene: Scene) -> Iterator[tuple[Referral, Any]]:
    """Let the officer who wrote the referral take a step of it, whoever is the officer of the case."""
    officer = User.objects.get(pk=scene.referral.drafted_by_id)
    had = Case.objects.filter(pk=scene.case.pk).values_list("officer", flat=True).get()
    Case.objects.filter(pk=scene.case.pk).update(officer=officer)
    yield scene.referral, officer.actor
    Case.objects.filter(pk=scene.case.pk).update(officer=had)


def drafted(body: dict[str, Any] | None = None) -> Callable[[Scene], Given]:
    def make(scene: Scene) -> Given:
        with _as_its_officer(scene) as (referral, officer):
            referral_actions.take_back(referral, by=officer)
        return Given(body=body or {})

    return make


def offered(scene: Scene) -> Given:
    with _as_its_officer(scene) as (referral, officer):
        referral = referral_actions.take_back(referral, by=officer)
        ends_on = timezone.localdate() + timedelta(days=90)
        offer = referral_actions.ask_consent(referral, parts="BC", ends_on=ends_on, by=officer)
    return Given({"offer_id": offer.pk})


def withdrawn(scene: Scene) -> Given:
    """A case whose referral is over, so that another can begin; where there was none, there is none to end."""
    recipient = scene.world.referrals["own"].recipient_id
    if Referral.objects.filter(case=scene.case).exists():
        with _as_its_officer(scene) as (referral, officer):
            referral_actions.withdraw(referral, reason="They found another way.", by=officer)
    return Given(body={"recipient": recipient, "language": "en"})


def waiting(scene: Scene) -> Given:
    with _as_its_officer(scene) as (referral, officer):
        referral_actions.submit(referral_actions.take_back(referral, by=officer), by=officer)
    return Given(body={"reason": "Two dates do not fit."})


def read(scene: Scene) -> Given:
    waiting(scene)
    return Given(body={"read_digest": read_digest(scene.referral)})


def not_made(scene: Scene) -> Given:
    waiting(scene)
    with _as_its_officer(scene) as (referral, officer):
        referral_actions.approve(referral, read_digest=read_digest(referral), by=scene.lead.actor)
        referral_actions.retire_recipient(referral.recipient, by=officer)
        referral_actions.build_packet(referral.pk)
    return Given()


def sent(**body: Any) -> Callable[[Scene], Given]:
    def make(scene: Scene) -> Given:
        with _as_its_officer(scene) as (referral, officer):
            referral_actions.hand_over(referral, on=timezone.localdate(), how=HandedOver.PORTAL, by=officer)
        return Given(body={"on": today(), **body})

    return make


def called_back(scene: Scene) -> Given:
    sent()(scene)
    referral_actions.recall(scene.referral.packets.all())
    notice = RecallNotice.objects.get(packet__referral=scene.referral)
    return Given({"notice_id": notice.pk}, {"on": today(), "how": HandedOver.PORTAL.value})


def told_back(scene: Scene) -> Given:
    given = called_back(scene)
    notice = RecallNotice.objects.get(pk=given.arguments["notice_id"])
    referral_actions.record_recall_told(notice, on=timezone.localdate(), how=HandedOver.PORTAL, by=scene.lead.actor)
    return given


def official(scene: Scene) -> Given:
    key = str(pyrage.x25519.Identity.generate().to_public())
    told = {"programme": "canada_gar", "name": "Robin Ellis", "office": "Resettlement Operations"}
    return Given(body={**told, "email": "robin@office.example", "kind": KeyKind.AGE.value, "public_key": key})


def unchecked(scene: Scene) -> Given:
    told = official(scene).body
    made = referral_actions.add_recipient(**{**told, "kind": KeyKind.AGE}, by=scene.others["officer"].actor)
    return Given({"recipient_id": made.pk})
