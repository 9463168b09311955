from django.utils.translation import gettext_lazy as _

from rainbowrail.audit.verbs import AuditVerb


class PanicVerb(AuditVerb):
    """What the trail says of the panic plan. Values are never reused or renamed."""

    BEGUN = "panic.begun", _("began the panic plan")
    HOSTS_CONFIRMED = "panic.hosts_confirmed", _("confirmed that the hosts are ours")
    PAIR_TURNED = "panic.pair_turned", _("turned the intake pair for the panic plan")
    END_ASKED = "panic.end_asked", _("asked to end the panic plan")
    KEPT = "panic.kept", _("kept the panic plan in force")
    ENDED = "panic.ended", _("ended the panic plan")
