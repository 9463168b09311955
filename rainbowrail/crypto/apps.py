"""The sealed store as a Django app: checks at start, and a scope of opened keys around every task."""

from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "rainbowrail.crypto"
    label = "crypto"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rainbowrail.crypto import checks, task_scope

        checks.register()
        task_scope.connect()
