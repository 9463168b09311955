from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rainbowrail.roles import AGREERS, Role
from rainbowrail.web.navigation import MenuItem, register


class AccountsConfig(AppConfig):
    name = "rainbowrail.accounts"

    def ready(self) -> None:
        from rainbowrail.accounts import notifications, receivers, reminders
        from rainbowrail.accounts.models.role_grant import WhyLapsed, WhyNot
        from rainbowrail.audit.wording import register_codes
        from rainbowrail.web import doctor

        receivers.connect()
        notifications.register_kinds()
        register(MenuItem("account_people", _("People"), frozenset({Role.ADMINISTRATOR}), place=20))
        register(MenuItem("account_roles", _("Roles that wait"), AGREERS, place=82))
        register_codes("accounts", "reason_code", {code: words for each in (WhyNot, WhyLapsed) for code, words in each.choices})
        doctor.examine("second person for roles", reminders.complaints)
