from django.apps import AppConfig
from django.core.checks import register


class PrivacyConfig(AppConfig):
    name = "rainbowrail.privacy"

    def ready(self) -> None:
        from rainbowrail.privacy import checks

        register(checks.every_field_is_classified)
