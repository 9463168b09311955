"""Keys wait while a plan is in force and nobody has vouched for the hosts: what `rainbowrail.crypto.rotation.guards` asks."""

from django.conf import settings
from django.urls import reverse

from rainbowrail.crypto.errors import RotationHeld
from rainbowrail.panic.models import Panic


def check_vouched_for() -> None:
    """Raise RotationHeld until a second person has confirmed that the hosts are ours. One query."""
    if Panic.objects.waiting_for_the_hosts().exists():
        raise RotationHeld(
            "Keys do not turn now: the panic plan is in force, and nobody has confirmed that the hosts are ours. A second "
            f"person confirms it at {settings.STAFF_URL}{reverse('panic:plan')} (menu, “Panic plan”); then run this again."
        )
