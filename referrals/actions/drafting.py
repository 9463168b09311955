"""Writing a referral: from a case that is ready to words that a second person can read."""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import begin_as_officer
from cases.models import Case
from cases.states import CaseState
from intake import finding
from rainbowrail.actors import Actor
from rainbowrail.audit.record import record
from rainbowrail.errors import NotPossible
from referrals import workflow
from referrals.actions.locking import lock_to_write, move
from referrals.actions.people import staff_id_of
from referrals.audit_verbs import ReferralVerb
from referrals.models import PacketPassphrase, Recipient, Referral
from referrals.permissions import check_prepare
from referrals.programmes import programme as programme_called
from referrals.programmes.base import Answer, Programme


def draft(case: Case, *, recipient: Recipient, language: str, by: Actor) -> Referral:
    """Start a referral of a case that is ready, with what the programme's form begins with and what intake knows for certain.

    Whoever starts it becomes the officer of the case. Raises NotAllowed when another officer has it, NotPossible when the case
    is not ready, the official may not receive, or the case has an open referral to this programme.
    """
    check_prepare(by)
    chosen = programme_called(recipient.programme)
    if not (recipient.is_active and recipient.is_checked):
        raise NotPossible(_("A second person has to check this official's key first."))
    if language not in dict(chosen.languages):
        raise NotPossible(_("This programme does not take documents in this language."))
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("help_request").get(pk=case.pk)
        if locked.state != CaseState.READY:
            raise NotPossible(_("This case is not marked ready for referral."))
        if Referral.objects.open().filter(case=locked, programme=chosen.slug).exists():
            raise NotPossible(_("This case has an open referral to this programme."))
        begin_as_officer(locked, by=by)
        identity, account = _beginning(locked, chosen)
        referral = Referral(
            id=uuid.uuid4(),
            case=locked,
            person_id=locked.help_request.person_id,
            programme=chosen.slug,
            recipient=recipient,
            language=language,
            drafted_by_id=staff_id_of(by),
            edited_by=[staff_id_of(by)],
            identity=identity,
            account=account,
            approved_digest="",
        )
        referral.save(force_insert=True)
        record(ReferralVerb.STARTED, by=by, on=referral, case_id=locked.pk, detail={"programme": chosen.slug})
    return referral


def _beginning(case: Case, programme: Programme) -> tuple[dict[str, str], dict[str, str]]:
    request = case.help_request
    known = {
        "used_name": request.identity.get("call_you"),
        "pronouns": request.identity.get("pronouns"),
        "nationality": request.answers.get("nationality"),
    }
    identity: dict[str, str] = {}
    account: dict[str, str] = {}
    for asked in programme.fields:
        words = str(known.get(asked.key) or asked.initial or "")
        if words:
            (identity if asked.is_identity else account)[asked.key] = words
    return identity, account


def save_draft(
    referral: Referral, *, words: Mapping[str, str], recipient: Recipient | None = None, language: str = "", by: Actor
) -> Referral:
    """Write in a draft; whoever writes can never approve it.

    `words` answers keys of the programme; a key that is missing keeps its words.

    Raises NotPossible when it is not a draft any more, and ValueError for a key or choice that the programme does not know.
    """
    with transaction.atomic():
        locked = lock_to_write(referral, by=by)
        if not locked.is_editable:
            raise NotPossible(_("This referral is not a draft any more. Take it back first."))
        locked.identity, locked.account = _with_words(locked, words)
        if recipient is not None:
            if recipient.programme != locked.programme or not (recipient.is_active and recipient.is_checked):
                raise NotPossible(_("A second person has to check this official's key first."))
            locked.recipient = recipient
        locked.language = language or locked.language
        locked.edited_by = sorted({*locked.edited_by, staff_id_of(by)})
        locked.changed_at = timezone.now()
        locked.save(update_fields=["identity", "account", "recipient", "language", "edited_by", "changed_at"])
        record(ReferralVerb.WRITTEN, by=by, on=locked, case_id=locked.case_id)
        finding.reindex_person(locked.person_id)
    return locked


def _with_words(referral: Referral, words: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    chosen = programme_called(referral.programme)
    identity, account = dict(referral.identity), dict(referral.account)
    for key, told in words.items():
        asked = chosen.asked(key)
        if asked.answer is Answer.CHOICE and told and told not in dict(asked.choices):
            raise ValueError(f"{key} must be one of {', '.join(dict(asked.choices))}.")
        where = identity if asked.is_identity else account
        if told:
            where[key] = told
        else:
            where.pop(key, None)
    return identity, account


def revise(referral: Referral, *, by: Actor) -> Referral:
    """Begin the next version of what the office has: it asked for more, or something was wrong."""
    changes = {
        "version": referral.version + 1,
        "approved_by_id": None,
        "approved_at": None,
        "approved_digest": "",
        "changed_at": timezone.now(),
    }
    with transaction.atomic():
        moved = move(referral, workflow.REVISE, by=by, changes=changes)
        PacketPassphrase.objects.of(moved).delete()
    return moved
