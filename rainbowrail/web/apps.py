from typing import Any

from celery.signals import setup_logging
from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "rainbowrail.web"

    def ready(self) -> None:
        setup_logging.connect(_keep_our_logs, dispatch_uid="rainbowrail.web.logs")


def _keep_our_logs(**_: Any) -> None:
    """Hear Celery's wish to set up logging and do nothing: its own handlers would go past the allow-list of `web.logs`."""
