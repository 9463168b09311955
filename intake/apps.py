"""The applicant's app. The public door loads its pages; only the other processes load what speaks to people and staff."""

from django.apps import AppConfig
from django.conf import settings

from rainbowrail.settings.env import Process


class IntakeConfig(AppConfig):
    name = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.PROCESS is not Process.PUBLIC:
            # The public process has neither the notices nor the keys that open an address (docs/decisions/0001).
            from intake import flood, key_watch, notifications, receivers, retention
            from rainbowrail.web import doctor

            doctor.examine("deliveries", key_watch.complaints)
            doctor.examine("flood", flood.complaints)
            notifications.register_kinds()
            receivers.listen()
            retention.register()
