from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PanicConfig(AppConfig):
    name = "rainbowrail.panic"

    def ready(self) -> None:
        from rainbowrail.crypto.rotation import guards
        from rainbowrail.panic import freeze, hosts, notifications, reminders
        from rainbowrail.panic.permissions import KEEPERS
        from rainbowrail.privacy import keeping
        from rainbowrail.privacy.keeping import Ends, Life
        from rainbowrail.web import doctor, exports, navigation

        exports.register_guard(freeze.check_exports)
        guards.register(hosts.check_vouched_for)
        notifications.register_kinds()
        keeping.register_lives({"panic.Panic": Life(Ends.STAYS, because="about staff and hosts; no person of ours is in it")})
        doctor.examine("panic plan", reminders.complaints)
        navigation.register(navigation.MenuItem("panic:plan", _("Panic plan"), roles=frozenset(KEEPERS), place=90))
