"""What staff are told by mail: what kind of thing waits, and the way to the door. Never a name, a country or a reason."""

from uuid import UUID

from django.apps import apps

from cases.states import CaseState
from rainbowrail.accounts import languages
from rainbowrail.accounts.models import User
from rainbowrail.accounts.notices import notice_to_person
from rainbowrail.notifications.kinds import (
    SEND_NOW,
    Audience,
    Decision,
    NotificationKind,
    always_now,
    register,
    send_never,
)


def _address_of_owner(case_id: UUID) -> str | None:
    """Return the address of who owns the case now, or None: nobody, somebody who left, or somebody from whom it is hidden."""
    owner_ids = apps.get_model("cases", "Case")._default_manager.filter(pk=case_id).values("owner")
    # A closed case keeps its owner also when it is hidden from them, and it may be hidden while the notice waits.
    hidden = apps.get_model("cases", "Restriction")._default_manager.filter(case=case_id, lifted_at=None)
    staff = User.objects.filter(pk__in=owner_ids, is_active=True).exclude(pk__in=hidden.values("person"))
    return staff.values_list("email", flat=True).first()


def _language_of_owner(case_id: UUID) -> str:
    owner_ids = apps.get_model("cases", "Case")._default_manager.filter(pk=case_id).values_list("owner", flat=True)
    return languages.of_staff(owner_ids.first())


def _while_an_emergency_waits(about_id: UUID) -> Decision:
    """Ask just before sending: a mail about what somebody took in the meantime teaches people to ignore mails."""
    unclaimed = apps.get_model("cases", "Case")._default_manager.filter(state=CaseState.RECEIVED, band=0)
    return SEND_NOW if unclaimed.exists() else send_never("taken_meanwhile")


def _to_the_owner(name: str) -> NotificationKind:
    """Return a notice about a case, to whoever owns it when it is sent."""
    return NotificationKind(
        name=f"cases.{name}",
        subject_template=f"emails/cases/{name}.subject.txt",
        text_template=f"emails/cases/{name}.txt",
        audience=Audience.STAFF,
        recipient=_address_of_owner,
        language=_language_of_owner,
        may_send_now=always_now,
    )


NEW_EMERGENCY = notice_to_person("cases", "new_emergency", may_send_now=_while_an_emergency_waits)
ANSWER_CAME = _to_the_owner("answer_came")
CASE_GIVEN = _to_the_owner("case_given")
CONTACT_STOPPED = _to_the_owner("contact_stopped")
LOOK_AT_CASE = notice_to_person("cases", "look_at_case", subject="contact_stopped")
KEPT_ASIDE = notice_to_person("cases", "kept_aside")
GLASS_BROKEN = notice_to_person("cases", "glass_broken")
CONFLICT_DECLARED = notice_to_person("cases", "conflict_declared")
ACCESS_ASKED = notice_to_person("cases", "access_asked")
ACCESS_DECIDED = notice_to_person("cases", "access_decided")
OFFICER_GIVEN = notice_to_person("cases", "officer_given")
CASES_GIVEN = notice_to_person("cases", "cases_given")
READING_PASSED = notice_to_person("cases", "reading_passed")


def register_kinds() -> None:
    told_of_cases = (NEW_EMERGENCY, ANSWER_CAME, CASE_GIVEN, CONTACT_STOPPED, LOOK_AT_CASE, KEPT_ASIDE)
    told_of_access = (GLASS_BROKEN, CONFLICT_DECLARED, ACCESS_ASKED, ACCESS_DECIDED)
    for kind in (*told_of_cases, *told_of_access, OFFICER_GIVEN, CASES_GIVEN, READING_PASSED):
        register(kind)
