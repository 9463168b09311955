"""Partner organisations and their codes; and noting through whom a request came (docs/decisions/0094)."""

import secrets
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.audit_verbs import CaseVerb
from cases.models import Case, CaseOrigin, PartnerCode, PartnerOrganisation
from cases.permissions import check_keep_partners, person
from cases.states import CameBy
from intake.likeness import contacts
from intake.models import HelpRequest
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from rainbowrail.references import ALPHABET

# 22**6 codes: short enough to read aloud; guessing one wins nothing.
CODE_LENGTH = 6


def add_partner(*, name: str, contact: str, notes: str, by: Actor) -> PartnerOrganisation:
    """Add an organisation. Raises NotPossible for a name that is taken."""
    check_keep_partners(by)
    partner = PartnerOrganisation(name=name, contact=contact, notes=notes, added_by_id=person(by))
    _save(partner, force_insert=True)
    record(CaseVerb.PARTNER_ADDED, by=by, on=partner)
    return partner


def change_partner(
    partner: PartnerOrganisation, *, name: str, contact: str, notes: str, is_active: bool, by: Actor
) -> PartnerOrganisation:
    """Change what stands about an organisation. Codes of one that is not active mark a request as of a past partner."""
    check_keep_partners(by)
    partner.name, partner.contact, partner.notes, partner.is_active = name, contact, notes, is_active
    _save(partner)
    record(CaseVerb.PARTNER_CHANGED, by=by, on=partner)
    return partner


def make_partner_code(partner: PartnerOrganisation, *, expires_on: date | None, by: Actor) -> PartnerCode:
    """Make a code for an organisation that is active. Raises NotPossible for one that is not, or a last day gone by."""
    check_keep_partners(by)
    if not partner.is_active:
        raise NotPossible(_("This organisation is not active. Make it active first."))
    if expires_on is not None and expires_on < timezone.localdate():
        raise NotPossible(_("The last day of a code must not have gone by."))
    code = "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))
    with transaction.atomic():
        made = PartnerCode.objects.create(partner=partner, code=code, expires_on=expires_on, made_by_id=person(by))
        record(CaseVerb.PARTNER_CODE_MADE, by=by, on=made)
    return made


def revoke_partner_code(code: PartnerCode, *, by: Actor) -> None:
    """End a code from today. Requests that still name it are accepted as before, and marked."""
    check_keep_partners(by)
    with transaction.atomic():
        locked = PartnerCode.objects.select_for_update().get(pk=code.pk)
        if locked.revoked_on is None:
            locked.revoked_on = timezone.localdate()
            locked.save(update_fields=["revoked_on"])
            record(CaseVerb.PARTNER_CODE_REVOKED, by=by, on=locked)


def note_origin(help_request: HelpRequest, *, partner_id: UUID | None) -> CaseOrigin | None:
    """Keep through whom a new request came: `partner_id`'s file, or the code in its answers; None when it names neither.

    A code that nobody knows is noted as such and hurts nobody. Opens STORY. Safe to run twice.
    """
    case = Case.objects.filter(help_request=help_request).first()
    if case is None or CaseOrigin.objects.filter(case=case).exists():
        return None
    if partner_id is not None:
        PartnerOrganisation.objects.filter(pk=partner_id).update(filed=F("filed") + 1)
        return CaseOrigin.objects.create(case=case, told={"partner": str(partner_id), "how": CameBy.FILE.value})
    typed = str((help_request.answers or {}).get("partner") or "").strip()
    if not typed:
        return None
    code = PartnerCode.objects.select_related("partner").filter(code=contacts.partner(typed)).first()
    if code is None:
        return CaseOrigin.objects.create(case=case, told={"partner": "", "how": CameBy.UNKNOWN.value})
    PartnerCode.objects.filter(pk=code.pk).update(uses=F("uses") + 1)
    how = CameBy.CODE if code.is_good else CameBy.PAST
    return CaseOrigin.objects.create(case=case, told={"partner": str(code.partner_id), "how": how.value})


def _save(partner: PartnerOrganisation, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            partner.save(force_insert=force_insert)
    except IntegrityError:
        raise NotPossible(_("There is an organisation of this name already.")) from None
