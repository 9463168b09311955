"""Return codes that staff make: for a lost one by two people, for somebody whose friend filed by one (docs/decisions/0047)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.planning import lock
from cases.audit_verbs import CaseVerb
from cases.models import Case, NewCode
from cases.permissions import check_allow_code, check_give_code, person
from cases.states import FOR_LOST_CODES, CodeCheck, CodeReason
from intake import staff_codes
from intake.models import HelpRequest
from intake.staff_actions import audiences_of
from intake.states import Audience
from rainbowrail.actors import APPLICANT, Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotAllowed, NotPossible


def check_person(case: Case, *, audience: Audience, how: CodeCheck, by: Actor) -> NewCode:
    """Record that somebody was recognised and shall get a code: a new one for a lost one, or their own first one.

    Raises NotPossible when a code is under way already, or when the way they were recognised is not enough.
    """
    with transaction.atomic():
        locked = _open_case(case)
        check_give_code(by, locked)
        has_code = audience in audiences_of(locked.help_request)
        reason = CodeReason.LOST if has_code else CodeReason.FIRST
        if audience is Audience.FILER and not has_code:
            raise NotPossible(_("Nobody filed this request for somebody else, so there is no such code."))
        if has_code and how not in FOR_LOST_CODES:
            raise NotPossible(_("They have a code. To replace a lost one, ask for the code word or for two answers."))
        if not has_code and how is not CodeCheck.SAFE_CONTACT:
            raise NotPossible(_("Their own first code is given after a safe contact with them, and not before."))
        if NewCode.objects.under_way().filter(case=locked).exists():
            raise NotPossible(_("A new code is under way already. Finish or refuse it first."))
        new_code = NewCode.objects.create(
            case=locked, audience=audience, reason=reason, checked_how=how, checked_by_id=person(by)
        )
        record(CaseVerb.CODE_CHECKED, by=by, on=new_code, case_id=case.pk, detail={"cause": reason.value})
    return new_code


def allow_code(new_code: NewCode, *, by: Actor) -> NewCode:
    """Be the second person. Raises NotAllowed for whoever checked the person, NotPossible when it is decided."""
    with transaction.atomic():
        case, locked = _under_way(new_code)
        check_allow_code(by, case)
        if locked.checked_by_id == by.staff_id:
            raise NotAllowed(_("You checked the person. A lost code is replaced by two people, so another lead must allow it."))
        if not locked.needs_second:
            raise NotPossible(_("This needs no second person, or one has allowed it already."))
        locked.allowed_by_id, locked.allowed_at = by.staff_id, timezone.now()
        locked.save(update_fields=["allowed_by", "allowed_at"])
        record(CaseVerb.CODE_ALLOWED, by=by, on=locked, case_id=case.pk)
    return locked


def refuse_code(new_code: NewCode, *, by: Actor) -> NewCode:
    """Decide that no code is made; whoever checked the person may take it back in the same way."""
    with transaction.atomic():
        case, locked = _under_way(new_code)
        if locked.checked_by_id != by.staff_id:
            check_allow_code(by, case)
        locked.refused_at = timezone.now()
        locked.save(update_fields=["refused_at"])
        record(CaseVerb.CODE_REFUSED, by=by, on=locked, case_id=case.pk)
    return locked


def make_code(new_code: NewCode, *, by: Actor) -> str:
    """Make the code and return it, once. It opens only what is written from now on, and must be changed at first use.

    Raises NotPossible before a second person has allowed it, and for one that was made or refused; Busy when too many codes
    are being made.
    """
    with transaction.atomic():
        case, locked = _under_way(new_code)
        check_give_code(by, case)
        if locked.needs_second:
            raise NotPossible(_("A second person has to allow this first."))
        code = staff_codes.make_code(case.help_request_id, Audience(locked.audience), by=by)
        locked.made_by_id, locked.made_at = person(by), timezone.now()
        locked.save(update_fields=["made_by", "made_at"])
        record(CaseVerb.CODE_MADE, by=by, on=locked, case_id=case.pk, detail={"cause": locked.reason})
    return code


def hear_code_changed(help_request: HelpRequest, audience: Audience) -> None:
    """Note the day on which a code that staff made was changed by its owner; any change is on record."""
    case = Case.objects.filter(help_request=help_request).first()
    if case is None:
        return
    made = NewCode.objects.made().filter(case=case, audience=audience, changed_on=None)
    made.update(changed_on=timezone.localdate())
    record(CaseVerb.CODE_CHANGED, by=APPLICANT, on=case, case_id=case.pk)


def _open_case(case: Case) -> Case:
    locked = lock(case)
    if not locked.is_open:
        raise NotPossible(_("This case is closed. Reopen it first."))
    return locked


def _under_way(new_code: NewCode) -> tuple[Case, NewCode]:
    """Return the case and the row, both locked. Raises NotPossible when it was made or refused."""
    case = _open_case(new_code.case)
    locked = NewCode.objects.under_way().select_for_update(of=("self",)).filter(pk=new_code.pk).first()
    if locked is None:
        raise NotPossible(_("This is decided already: the code was made or refused. A code is shown once only."))
    return case, locked
