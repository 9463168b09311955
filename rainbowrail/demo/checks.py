"""Refuses a demo on anything but a machine that is one: the demo door lets everybody in."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


def check_demo(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """RAINBOWRAIL_DEMO is never set where cookies are those of production."""
    if settings.DEMO and settings.SECURE_COOKIES:
        return [
            checks.Error(
                "RAINBOWRAIL_DEMO is set on settings that serve real people; anybody could enter by the demo door.",
                hint="Unset RAINBOWRAIL_DEMO, or use rainbowrail.settings.dev.",
                id="demo.E001",
            )
        ]
    return []
