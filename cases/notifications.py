"""What staff are told by mail: what kind of thing waits, and the way to the door. Never a name, a country or a reason."""

from uuid import UUID

from django.apps import apps

from cases.states import CaseState
from rainbowrail.accounts import languages
from rainbowrail.accounts.models import User
from rainbowrail.notifications.kinds import (
    SEND_NOW,
    Audience,
    Decision,
    NotificationKind,
    always_now,
    register,
    send_never,
)


def to_person(staff_id: int) -> UUID:
    """Return the id under which a notice is about a member of staff: two notices that wait for one person are one notice."""
    return UUID(int=staff_id)


def _address_of_person(about_id: UUID) -> str | None:
    return User.objects.filter(pk=about_id.int, is_active=True).values_list("email", flat=True).first()


def _address_of_owner(case_id: UUID) -> str | None:
    owner_ids = apps.get_model("cases", "Case")._default_manager.filter(pk=case_id).values("owner")
    return User.objects.filter(pk__in=owner_ids, is_active=True).values_list("email", flat=True).first()


def _language_of_owner(case_id: UUID) -> str:
    owner_ids = apps.get_model("cases", "Case")._default_manager.filter(pk=case_id).values_list("owner", flat=True)
    return languages.of_staff(owner_ids.first())


def _while_an_emergency_waits(about_id: UUID) -> Decision:
    """Ask just before sending: a mail about what somebody took in the meantime teaches people to ignore mails."""
    unclaimed = apps.get_model("cases", "Case")._default_manager.filter(state=CaseState.RECEIVED, band=0)
    return SEND_NOW if unclaimed.exists() else send_never("taken_meanwhile")


NEW_EMERGENCY = NotificationKind(
    name="cases.new_emergency",
    subject_template="emails/cases/new_emergency.subject.txt",
    text_template="emails/cases/new_emergency.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=_while_an_emergency_waits,
)
ANSWER_CAME = NotificationKind(
    name="cases.answer_came",
    subject_template="emails/cases/answer_came.subject.txt",
    text_template="emails/cases/answer_came.txt",
    audience=Audience.STAFF,
    recipient=_address_of_owner,
    language=_language_of_owner,
    may_send_now=always_now,
)
CASE_GIVEN = NotificationKind(
    name="cases.case_given",
    subject_template="emails/cases/case_given.subject.txt",
    text_template="emails/cases/case_given.txt",
    audience=Audience.STAFF,
    recipient=_address_of_owner,
    language=_language_of_owner,
    may_send_now=always_now,
)
CONTACT_STOPPED = NotificationKind(
    name="cases.contact_stopped",
    subject_template="emails/cases/contact_stopped.subject.txt",
    text_template="emails/cases/contact_stopped.txt",
    audience=Audience.STAFF,
    recipient=_address_of_owner,
    language=_language_of_owner,
    may_send_now=always_now,
)
LOOK_AT_CASE = NotificationKind(
    name="cases.look_at_case",
    subject_template="emails/cases/contact_stopped.subject.txt",
    text_template="emails/cases/look_at_case.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=always_now,
)
KEPT_ASIDE = NotificationKind(
    name="cases.kept_aside",
    subject_template="emails/cases/kept_aside.subject.txt",
    text_template="emails/cases/kept_aside.txt",
    audience=Audience.STAFF,
    recipient=_address_of_person,
    language=languages.of_person,
    may_send_now=always_now,
)


def _about_a_person(name: str) -> NotificationKind:
    """A notice to one member of staff, sent at once."""
    return NotificationKind(
        name=f"cases.{name}",
        subject_template=f"emails/cases/{name}.subject.txt",
        text_template=f"emails/cases/{name}.txt",
        audience=Audience.STAFF,
        recipient=_address_of_person,
        language=languages.of_person,
        may_send_now=always_now,
    )


GLASS_BROKEN = _about_a_person("glass_broken")
CONFLICT_DECLARED = _about_a_person("conflict_declared")
ACCESS_ASKED = _about_a_person("access_asked")
ACCESS_DECIDED = _about_a_person("access_decided")
CASES_GIVEN = _about_a_person("cases_given")
READING_PASSED = _about_a_person("reading_passed")


def register_kinds() -> None:
    told_of_cases = (NEW_EMERGENCY, ANSWER_CAME, CASE_GIVEN, CONTACT_STOPPED, LOOK_AT_CASE, KEPT_ASIDE)
    for kind in (*told_of_cases, GLASS_BROKEN, CONFLICT_DECLARED, ACCESS_ASKED, ACCESS_DECIDED, CASES_GIVEN, READING_PASSED):
        register(kind)
