"""Production: nothing differs from the base but a refusal of the demo."""

from rainbowrail.settings.base import *
from rainbowrail.settings.env import Process

if DEMO or PROCESS is Process.DEMO:
    from django.core.exceptions import ImproperlyConfigured

    raise ImproperlyConfigured("RAINBOWRAIL_DEMO is set; the demo and its invented people never run on production settings.")
