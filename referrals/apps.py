from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        from cases import filed_for, officers
        from intake import finding
        from rainbowrail.accounts.signals import form_put_off
        from rainbowrail.audit.wording import register_codes
        from rainbowrail.web import doctor
        from rainbowrail.web.navigation import MenuItem, register
        from referrals import known, notifications, orphans, receivers, retention
        from referrals.actions.officers import approvers_of
        from referrals.permissions import KEY_CHECKERS
        from referrals.programmes import PROGRAMMES
        from referrals.queries import READERS
        from referrals.states import ReferralState
        from referrals.views.typing import keep_put_off
        from referrals.workflow import MOVES

        register_codes("referrals", "left", {one.value: one.label for one in ReferralState})
        register_codes("referrals", "entered", {one.value: one.label for one in ReferralState})
        register_codes("referrals", "move", {one.name: one.label for one in MOVES})
        register_codes("referrals", "programme", {one.slug: one.name for one in PROGRAMMES.values()})
        notifications.register_kinds()
        receivers.listen()
        form_put_off.connect(keep_put_off, dispatch_uid="referrals.keep_typed")
        retention.register()
        finding.sources.append(known.said_of)
        filed_for.ledgers.append(known.has_given_consent)
        officers.unfit.append(approvers_of)
        doctor.examine("referrals that belong to nobody", orphans.complaints)
        register(MenuItem("referrals:list", _("Referrals"), roles=READERS, place=30))
        register(MenuItem("referrals:recipients", _("Officials"), roles=KEY_CHECKERS, place=62))
