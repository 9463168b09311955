"""Refuses a demo on anything but a machine that is one: the demo door lets everybody in."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def refuse_real_people() -> None:
    """Raise ImproperlyConfigured for a demo whose cookies are those of production. Whatever starts with this app asks.

    Settings refuse by themselves (`rainbowrail.settings.env.demo`); this is for those that somebody made of `dev`.
    """
    if settings.DEMO and settings.SECURE_COOKIES:
        raise ImproperlyConfigured(
            "RAINBOWRAIL_DEMO is set on settings that serve real people; anybody could enter by the demo door. Unset it."
        )
