from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from cases import leaving, notifications, orphans, receivers, retention, shortcuts
        from cases.need_to_know import ASKERS, READERS
        from cases.permissions import ERASURE_READERS, FIGURE_READERS, KEPT_ASIDE_KEEPERS, LEADERS, LOOKERS, PARTNER_KEEPERS
        from cases.references import BOOK
        from cases.trail_codes import LISTS, trail_codes
        from cases.views.typing import keep_put_off
        from rainbowrail.accounts.signals import form_put_off
        from rainbowrail.audit import references
        from rainbowrail.audit.wording import register_codes
        from rainbowrail.roles import Role
        from rainbowrail.web import doctor, navigation

        for key, words in trail_codes().items():
            register_codes("cases", key, words)
        register_codes("audit", "page", LISTS)
        notifications.register_kinds()
        receivers.listen()
        leaving.listen()
        form_put_off.connect(keep_put_off, dispatch_uid="cases.keep_typed")
        retention.register()
        references.register(BOOK)
        shortcuts.join()
        doctor.examine("cases that belong to nobody", orphans.complaints)
        navigation.register(navigation.MenuItem("cases:queue", _("Queue"), READERS, place=10))
        navigation.register(navigation.MenuItem("cases:set_aside", _("Set aside"), LOOKERS, place=15))
        navigation.register(navigation.MenuItem("cases:kept_aside", _("Kept aside"), KEPT_ASIDE_KEEPERS, place=16))
        navigation.register(navigation.MenuItem("cases:access", _("Access"), ASKERS | {Role.TRIAGE_LEAD}, place=40))
        navigation.register(
            navigation.MenuItem("cases:slots", _("Times"), frozenset({Role.TRIAGE_LEAD, Role.VOLUNTEER}), place=45)
        )
        navigation.register(navigation.MenuItem("cases:figures", _("Figures"), FIGURE_READERS, place=50))
        navigation.register(navigation.MenuItem("cases:leavers", _("Hand-over"), LEADERS, place=60))
        navigation.register(navigation.MenuItem("cases:partners", _("Partners"), PARTNER_KEEPERS, place=65))
        navigation.register(navigation.MenuItem("cases:care", _("Care"), READERS, place=60))
        navigation.register(navigation.MenuItem("cases:erasures", _("Erasure"), ERASURE_READERS, place=70))
