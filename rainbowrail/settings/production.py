"""Production: nothing differs from the base, which refuses the demo."""

from rainbowrail.settings.base import *
