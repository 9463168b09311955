"""What a line is about, in the few words an auditor narrows by. Told from the verb's own name, so that later verbs join by
themselves; a test names every verb that is only "other work"."""

import re
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rainbowrail.audit.verbs import every_verb


class Kind(TextChoices):
    LOOK = "look", _("opened or looked at")
    LIST = "list", _("saw in a list")
    SEARCH = "search", _("searched")
    OUT = "out", _("took something out")
    GLASS = "glass", _("broke the glass, or asked for access")
    SIGN_IN = "sign_in", _("signed in or out, or failed")
    PEOPLE = "people", _("changed accounts, roles or settings")
    KEYS = "keys", _("used or turned keys")
    PANIC = "panic", _("the panic plan")
    REFUSED = "refused", _("was refused, or a seal did not open")
    WORK = "work", _("other work on cases and referrals")


# The first that fits counts.
_PATTERNS: Final[tuple[tuple[Kind, str], ...]] = (
    (Kind.PANIC, r"panic\..*"),
    (Kind.GLASS, r".*\.(glass_\w+|access_\w+)"),
    (Kind.OUT, r".*(downloaded|exported|_exported|passphrase_shown|checkpoint_taken)"),
    (Kind.LIST, r"audit\.listed"),
    (Kind.REFUSED, r"audit\.(refused|seal_failed)"),
    (Kind.SEARCH, r".*\.searched"),
    (Kind.LOOK, r".*\.(\w+_)?(viewed|opened|shown|read)"),
    (Kind.SIGN_IN, r"accounts\.(sign\w*|confirmed|factor_\w+|recovery_\w+|password_changed|session\w*|locked\w*)"),
    (
        Kind.PEOPLE,
        r"accounts\..*|referrals\.recipient_\w+|cases\.(partner_\w+|slot_\w+|left_behind)|notifications\..*|\w+\.settings_\w+",
    ),
    (Kind.KEYS, r"keys\..*"),
)


def kind_of(verb: str) -> Kind:
    """Return what kind of act a stored verb is."""
    return next((kind for kind, pattern in _PATTERNS if re.fullmatch(pattern, verb)), Kind.WORK)


def verbs_of(*kinds: Kind) -> list[str]:
    """Return the verbs of these kinds that any installed app has, in a fixed order."""
    return sorted(verb for verb in every_verb() if kind_of(verb) in kinds)
