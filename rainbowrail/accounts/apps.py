from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rainbowrail.roles import Role
from rainbowrail.web.navigation import MenuItem, register


class AccountsConfig(AppConfig):
    name = "rainbowrail.accounts"

    def ready(self) -> None:
        from rainbowrail.accounts import notifications, receivers

        receivers.connect()
        notifications.register_kinds()
        register(MenuItem("account_people", _("People"), frozenset({Role.ADMINISTRATOR}), place=80))
