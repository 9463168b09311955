"""The two notices to a person: neutral words, to the address of the moment, only under a plan that allows it."""

from typing import Any

import pytest
from django.core import mail
from django.template.loader import render_to_string

from intake import notifications
from intake.staff_actions import ask
from intake.states import Channel
from rainbowrail.actors import Actor, ActorKind
from rainbowrail.crypto import datakeys
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.notifications.kinds import Verdict
from rainbowrail.notifications.models import Notification
from tests.factories.intake import ade, in_days, received

CLEO = Actor(ActorKind.STAFF, staff_id=1)
BY_MAIL = {
    "contact_channel": "email",
    "contact_address": "ade@example.org",
    "contact_shared_device": False,
    "contact_confirmed_on": in_days(0).isoformat(),
}


@pytest.mark.django_db
def test_who_wants_no_contact_gets_no_notice() -> None:
    request = received()
    ask(request.id, "Is it safe to call?", by=CLEO)
    assert not Notification.objects.filter(kind__startswith="intake.").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("channel", "kinds"),
    [("email", ["question_by_email", "received_by_email"]), ("text", ["question_by_text", "received_by_text"])],
)
def test_who_chose_a_channel_gets_both_notices_there(channel: str, kinds: list[str]) -> None:
    request = received(ade(**BY_MAIL | {"contact_channel": channel}))
    ask(request.id, "Is it safe to call?", by=CLEO)
    queued = Notification.objects.filter(about_id=request.id).values_list("kind", flat=True)
    assert sorted(queued) == [f"intake.{kind}" for kind in kinds]


@pytest.mark.django_db
def test_who_chose_calls_is_called_by_a_person_and_gets_no_notice() -> None:
    received(ade(**BY_MAIL | {"contact_channel": "call"}))
    assert not Notification.objects.filter(kind__startswith="intake.").exists()


@pytest.mark.django_db
def test_no_address_stands_in_the_outbox() -> None:
    received(ade(**BY_MAIL))
    row = Notification.objects.get(kind="intake.received_by_email")
    assert "example.org" not in str(vars(row))


@pytest.mark.django_db
def test_the_plan_is_asked_at_the_moment_of_sending() -> None:
    request = received(ade(**BY_MAIL))
    kind = notifications.RECEIVED[Channel.EMAIL]
    assert kind.may_send_now(request.id).verdict is Verdict.NOW
    assert kind.recipient(request.id) == "ade@example.org"
    assert notifications.RECEIVED[Channel.TEXT].may_send_now(request.id).verdict is Verdict.NEVER


@pytest.mark.django_db
def test_an_erased_identity_means_never() -> None:
    request = received(ade(**BY_MAIL))
    datakeys.destroy(request.person_id, Compartment.IDENTITY)
    kind = notifications.RECEIVED[Channel.EMAIL]
    assert kind.may_send_now(request.id).verdict is Verdict.NEVER
    assert kind.recipient(request.id) is None


@pytest.mark.django_db
def test_a_higher_app_may_say_how_old_a_confirmation_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    request = received(ade(**BY_MAIL | {"contact_confirmed_on": in_days(-30).isoformat()}))
    kind = notifications.RECEIVED[Channel.EMAIL]
    assert kind.may_send_now(request.id).verdict is Verdict.NEVER
    monkeypatch.setattr(notifications, "_most_days", lambda _id: 60)
    assert kind.may_send_now(request.id).verdict is Verdict.NOW


@pytest.mark.django_db
def test_a_notice_arrives_by_mail_in_neutral_words(django_capture_on_commit_callbacks: Any) -> None:
    from rainbowrail.notifications.delivery import deliver

    received(ade(**BY_MAIL))
    deliver(Notification.objects.get(kind="intake.received_by_email").id)
    (sent_mail,) = mail.outbox
    assert sent_mail.to == ["ade@example.org"]
    assert "has arrived" in sent_mail.body


@pytest.mark.parametrize("name", ["received", "question"])
def test_no_notice_says_who_we_are_or_why_or_leads_anywhere(name: str) -> None:
    words = "".join(render_to_string(f"emails/intake/{name}.{kind}") for kind in ("txt", "subject.txt")).lower()
    assert words.strip()
    for telling in (
        "rainbow",
        "railroad",
        "lgbt",
        "gay",
        "refugee",
        "asylum",
        "help",
        "case",
        "http",
        "www",
        "danger",
        "question",
    ):
        assert telling not in words
