from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "rainbowrail.audit"

    def ready(self) -> None:
        from rainbowrail.audit import receivers, reminders
        from rainbowrail.roles import Role
        from rainbowrail.web import doctor
        from rainbowrail.web.navigation import MenuItem, register

        register(MenuItem("audit:trail", _("Trail"), roles=frozenset({Role.AUDITOR}), place=48))
        doctor.examine("trail", reminders.complaints)
        receivers.listen()
