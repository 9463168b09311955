"""The applicant's wish that we delete everything. Safe for the public process (docs/decisions/0048)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from intake import access, codes
from intake.deliveries import send
from intake.models import ReturnCode
from intake.opened import OpenVisit
from intake.states import Audience, DeliveryKind
from rainbowrail.crypto.grants import set_visitor
from rainbowrail.errors import NotPossible


def ask_to_delete(visit: OpenVisit) -> None:
    """Send the wish, end the session and let the code open nothing any more, all at once; the caller takes the cookie away.

    From a page that a second code opened a DURESS delivery goes out instead, and that code alone opens nothing any more: one
    that still did would tell what it is. Raises NotPossible for who filed for somebody else, and when the code was changed
    elsewhere meanwhile.
    """
    check_may_ask(visit)
    with transaction.atomic():
        codes.lock_codes(visit.help_request_id)
        if not codes.is_in_use(visit):
            raise NotPossible(_("Your code was changed in another browser. Use the newest one."))
        send(visit, DeliveryKind.WISH)
        set_visitor(visit_hash=visit.row.visit_hash, locator_hash=visit.locator_hash, help_request_id=visit.help_request_id)
        visit.row.delete()
        if visit.duress:
            codes.forget_second_code(visit)
        else:
            ReturnCode.objects.filter(help_request_id=visit.help_request_id, audience=visit.audience).delete()
        access.leave_farewell(visit.secret)


def check_may_ask(visit: OpenVisit) -> None:
    """Raise NotPossible for who filed for somebody else."""
    if visit.audience is not Audience.PERSON:
        raise NotPossible(_("Only the person you wrote for can ask us to delete everything. Write to us, and we ask them."))
