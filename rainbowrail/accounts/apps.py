from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rainbowrail.accounts"

    def ready(self) -> None:
        from rainbowrail.accounts import receivers

        receivers.connect()
