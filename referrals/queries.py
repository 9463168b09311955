"""Ways of reading referrals. Every staff read begins at `visible_to`; what it hides is answered with 404."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models

from cases import need_to_know
from rainbowrail.actors import Actor
from rainbowrail.roles import Role
from referrals.states import OPEN_STATES, ReferralState

if TYPE_CHECKING:
    from rainbowrail.accounts.models import User
    from referrals.models import ConsentRecord, PacketPassphrase, RecallNotice, Recipient, Referral  # noqa: F401 - named in quotes below

READERS = frozenset({Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD, Role.MANAGER, Role.CASEWORKER})
# Who calls a file back: whatever the person asked for since, and whoever is away, an office is told.
RECALLERS = frozenset({Role.REFERRAL_OFFICER, Role.TRIAGE_LEAD})


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, who: "User | Actor") -> Self:
        """The referrals of the cases of which this person sees at least the outline; how deep they see, their case says."""
        actor = who if isinstance(who, Actor) else who.actor
        if not actor.roles & READERS:
            return self.none()
        return self.filter(case__in=apps.get_model("cases", "Case")._default_manager.visible_to(actor).values("pk"))

    def open(self) -> Self:
        """Referrals that still wait for somebody: us or the office."""
        return self.filter(state__in=OPEN_STATES)

    def building_since(self, moment: datetime) -> Self:
        """Referrals whose file has been in the making since before `moment`: the worker was lost, or never heard."""
        return self.filter(state=ReferralState.BUILDING, changed_at__lte=moment)

    def with_list_columns(self) -> Self:
        """What one line of the list shows, in one query."""
        return self.select_related("case__officer", "recipient", "drafted_by", "approved_by")


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def of(self, programme: str) -> Self:
        return self.filter(programme=programme)

    def active(self) -> Self:
        return self.filter(retired_on=None)

    def may_receive(self) -> Self:
        """Officials whose key a second person has checked over another channel."""
        return self.active().filter(key_checked_by__isnull=False)


class PacketPassphraseQuerySet(models.QuerySet["PacketPassphrase"]):
    def of(self, referral: "Referral") -> Self:
        """Those of every file of this referral; deleted when none of its files may be opened any more."""
        return self.filter(packet__referral=referral.pk)


class RecallQuerySet(models.QuerySet["RecallNotice"]):
    def visible_to(self, who: "User | Actor") -> Self:
        """The notices this person may see: all that are not of a case hidden from them, for officers and leads.

        A notice names a file and never the person, so it is for every officer, also of a case that is another officer's, is
        closed to them because the person asked us to delete everything, or holds nothing any more.
        """
        actor = who if isinstance(who, Actor) else who.actor
        if not actor.roles & RECALLERS:
            return self.none()
        return self.exclude(packet__referral__case__in=need_to_know.hidden_ids(actor))

    def waiting(self) -> Self:
        """Notices that nobody has sent yet."""
        return self.filter(told_on=None)

    def of(self, referral: "Referral") -> Self:
        return self.filter(packet__referral=referral.pk)


class ConsentQuerySet(models.QuerySet["ConsentRecord"]):
    def about(self, referral: "Referral") -> Self:
        """Every act of consent for the case, programme and official of this referral, the latest first."""
        acts = self.filter(case=referral.case_id, programme=referral.programme, recipient=referral.recipient_id)
        return acts.order_by("-arrival", "-recorded_at", "-id")
