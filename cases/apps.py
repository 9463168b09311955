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
        from cases.views.typing import keep_after_the_end
        from rainbowrail.accounts.signals import form_after_the_end
        from rainbowrail.audit import references
        from rainbowrail.web import navigation

        notifications.register_kinds()
        receivers.listen()
        form_after_the_end.connect(keep_after_the_end, dispatch_uid="cases.keep_typed")
        retention.register()
        references.register(BOOK)
        navigation.register(navigation.MenuItem("cases:queue", _("Queue"), READERS, place=10))
        navigation.register(navigation.MenuItem("cases:erasures", _("Erasure"), ERASURE_READERS, place=70))
