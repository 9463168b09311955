"""What the worker does for the plan: turn the intake pair, once somebody has vouched for the hosts."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from rainbowrail.crypto.errors import RotationUnderWay
from rainbowrail.crypto.rotation import intake as pairs
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.panic import actions
from rainbowrail.panic.models import Panic
from rainbowrail.panic.reminders import newest_intake_key
from rainbowrail.web import logs


@shared_task(name="panic.turn_pair")
def turn_pair() -> None:
    """Turn the intake pair for a plan whose hosts are confirmed. Safe to run twice and beside itself.

    Without a folder of pins the public door could not learn of a new pair: then page and `doctor` name the operator's command.
    """
    plan = Panic.objects.waiting_for_the_pair().first()
    if plan is None:
        return
    if newest_intake_key() != plan.intake_key_then:  # the operator, or an earlier run, was faster
        actions.note_pair_turned(plan)
        return
    if not settings.PINS_DIR:
        return
    try:
        report = pairs.rotate(Places.of_worker(), today=timezone.now().date())
    except RotationUnderWay:
        return  # asked again by the clock
    actions.note_pair_turned(plan)
    logs.event("intake_pair_turned", intake_key_id=report.new, count=len(report.destroyed))
