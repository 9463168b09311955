from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from cases import notifications, receivers, retention
        from cases.access import READERS
        from cases.permissions import ERASURE_READERS
        from cases.references import BOOK
        from rainbowrail.audit import references
        from rainbowrail.web import navigation

        notifications.register_kinds()
        receivers.listen()
        retention.register()
        references.register(BOOK)
        navigation.register(navigation.MenuItem("cases:queue", _("Queue"), READERS, place=10))
        navigation.register(navigation.MenuItem("cases:erasures", _("Erasure"), ERASURE_READERS, place=70))
