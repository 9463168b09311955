from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "rainbowrail.notifications"

    def ready(self) -> None:
        from rainbowrail.notifications.actions import MAY_RETRY
        from rainbowrail.web.navigation import MenuItem, register

        register(MenuItem("notifications:given_up", _("Notices"), roles=frozenset(MAY_RETRY), place=80))
