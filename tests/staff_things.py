"""What each staff address is about in the walk: a real row about the case that the column names, and a form filled in as it
asks, so that an answer speaks of the role and of the case, and never of a row that is missing or a field that is empty.

A page that is added later is walked with an empty form; once it needs a row or a body, it gets a line in `THINGS`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases import actions
from cases.importing import mending
from cases.models import Case, ErasurePlan, PossibleDuplicate, SecondReading
from cases.states import (
    CloseReason,
    CodeCheck,
    DismissalWhy,
    ErasureWhy,
    HiddenWhy,
    NextStep,
    SameReason,
    Verdict,
    Verification,
)
from cases.urgency.bands import Band
from intake.deliveries import deliver
from intake.drain import drain
from intake.marks import Mark
from intake.models import Delivery, Evidence
from intake.states import Audience, DeliveryKind
from rainbowrail.accounts import actions as account_actions
from rainbowrail.accounts import inviting
from rainbowrail.accounts.models import RoleGrant, StaffSession
from rainbowrail.accounts.models.user import Cover
from rainbowrail.audit import chain
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.states import NotificationState
from rainbowrail.panic import actions as panic
from rainbowrail.panic.states import WhyBegun, WhyEnded
from rainbowrail.privacy.retention import load
from rainbowrail.roles import Role
from referrals.states import HandedOver, OutcomeKind
from tests import referral_things
from tests.clients import CarefulClient
from tests.factories.accounts import PASSWORD, enrol_app
from tests.staff_scene import Given, Scene, today
from tests.staff_walk import kanaris

# --- cases ---


def _asked_access(scene: Scene) -> Given:
    if Case.objects.visible_to(scene.others["reader"]).filter(pk=scene.case.pk).exists():
        asked = actions.ask_access(scene.case, reason="I speak the language.", by=scene.others["officer"].actor)
    else:
        asked = actions.ask_access(scene.case, reason="I speak the language.", by=scene.others["reader"].actor)
    return Given({"request_id": asked.pk}, {"answer": "allow"})


def _restricted(scene: Scene) -> Given:
    people, why = [scene.others["somebody"]], HiddenWhy.COMMUNITY
    (made,) = actions.restrict(scene.case, people=people, why=why, words="Cousins.", by=scene.lead.actor)
    return Given({"restriction_id": made.pk}, {"answer": "lift"})


def _reading(body: dict[str, Any] | None = None, *, of_a_file: bool = False) -> Callable[[Scene], Given]:
    """A reading that is taken: of somebody else's case and with who asks, where the column says "own"; with a colleague for
    the columns of other people's; and where the case is hidden, with who asks, from before it was hidden."""

    def make(scene: Scene) -> Given:
        mine = scene.which in {"own", "hidden"}
        case = scene.world.cases["other"] if scene.which == "own" else scene.case
        file_id = Evidence.objects.filter(help_request=case.help_request_id).values_list("pk", flat=True).first()
        row = SecondReading.objects.create(
            case=case,
            file_id=file_id if of_a_file else None,
            passed_by=scene.lead,
            passed_to=scene.who if mine else scene.others["reader"],
            taken_at=timezone.now(),
        )
        return Given({"reading_id": row.pk}, body or {})

    return make


def _passed_on(scene: Scene) -> Given:
    row = SecondReading.objects.create(case=scene.case, passed_by=scene.lead, passed_to=scene.others["reader"])
    return Given({"reading_id": row.pk})


def _lowered(scene: Scene) -> Given:
    if scene.case.band != int(Band.EMERGENCY):
        actions.set_urgency(scene.case, band=Band.EMERGENCY, reason="They were seen.", by=scene.lead.actor)
        scene.case.refresh_from_db()
    actions.set_urgency(scene.case, band=Band.NORMAL, reason="They are with friends.", by=scene.lead.actor)
    return Given(body={"answer": "confirm"})


def _pair(scene: Scene) -> Given:
    """Another case that may be the same person's, of the same kind as far as there are two."""
    rival = scene.world.cases["unclaimed" if scene.which == "own" else "own"]
    first, second = sorted((scene.case, rival), key=lambda case: case.pk)
    PossibleDuplicate.objects.create(case=first, other=second, reasons=[SameReason.NAME.value])
    return Given({"other": rival.reference}, {"verdict": Verdict.SAME.value})


def _recognised(scene: Scene, *, allowed: bool = False) -> Given:
    made = actions.check_person(scene.case, audience=Audience.PERSON, how=CodeCheck.CODE_WORD, by=scene.lead.actor)
    if allowed and made.needs_second:
        actions.allow_code(made, by=scene.others["lead"].actor)
    return Given(body={"answer": "allow", "code": str(made.pk)})


def _asked(scene: Scene) -> Given:
    actions.ask_applicant(scene.case, question="Are you alone?", by=scene.lead.actor)
    return Given()


def _stopped(scene: Scene) -> Given:
    actions.stop_contact(scene.case, reason="Somebody else reads it.", by=scene.lead.actor)
    return Given(body={"reason": "They are alone again."})


def _erasure_asked(scene: Scene) -> Given:
    actions.ask_erasure(scene.case, reason="They want nothing kept.", by=scene.lead.actor)
    return Given(body={"answer": "refuse"})


def _erasure_planned(scene: Scene) -> Given:
    plan = {"due_on": timezone.localdate() + timedelta(days=9), "why": ErasureWhy.RETENTION, "policy": load().version}
    ErasurePlan.objects.update_or_create(case=scene.case, defaults=plan)
    return Given(body={"until": today(12), "reason": "They are wanted."})


def _suspicion(scene: Scene) -> Given:
    actions.look_twice(scene.case.help_request, [Mark.FAST], compare=False)
    return Given(body={"verdict": "released", "chosen": scene.case.reference})


def _kept_aside(scene: Scene) -> Given:
    deliver(DeliveryKind.ANSWER, {"request": "?"}, subject_id=scene.case.help_request.person_id, sequence=99)
    drain()
    row = Delivery.objects.quarantined().of_subject(scene.case.help_request.person_id).latest("arrival")
    return Given(body={"do": "ask", "why": DismissalWhy.FORGED.value, "chosen": str(row.pk)})


def _file(scene: Scene) -> Given:
    return Given(body={"file": SimpleUploadedFile("requests.csv", mending.template().encode(), "text/csv")})


def _partner(body: Callable[[Scene], dict[str, Any]] = lambda scene: {}) -> Callable[[Scene], Given]:
    def make(scene: Scene) -> Given:
        made = actions.add_partner(name="Lakeside Clinic", contact="The front desk", notes="", by=scene.lead.actor)
        code = actions.make_partner_code(made, expires_on=None, by=scene.lead.actor)
        return Given({"partner_id": made.pk, "code_id": code.pk}, body(scene))

    return make


def _slot(scene: Scene) -> Given:
    begins = timezone.now() + timedelta(days=2)
    ends = begins + timedelta(hours=4)
    made = actions.book_slot(scene.others["volunteer"], begins_at=begins, ends_at=ends, by=scene.lead.actor)
    return Given({"slot_id": made.pk})


def _book(scene: Scene) -> Given:
    begins = timezone.now() + timedelta(days=2)
    body = {"volunteer": scene.others["volunteer"].pk, "begins_at": begins.strftime("%Y-%m-%dT%H:%M")}
    return Given(body={**body, "ends_at": (begins + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")})


def _hand_over(scene: Scene) -> Given:
    heirs = [scene.others["reader"].pk, scene.others["officer"].pk, scene.others["lead"].pk]
    return Given({"person_id": scene.world.owner.pk}, {"heirs": heirs})


def _asks(scene: Scene) -> Given:
    return Given(body={"reference": scene.case.reference, "reason": "I speak the language."})


def _to(name: str) -> Callable[[Scene], Given]:
    return lambda scene: Given(body={"to": scene.others[name].pk})


def _says(**body: Any) -> Callable[[Scene], Given]:
    return lambda scene: Given(body=body)


# --- people ---


def _of_somebody(**body: Any) -> Callable[[Scene], Given]:
    return lambda scene: Given({"person_id": scene.others["somebody"].pk}, body)


def _closed(scene: Scene) -> Given:
    account_actions.deactivate(scene.others["somebody"], by=scene.others["admin"].actor)
    return Given({"person_id": scene.others["somebody"].pk})


def _with_factor(scene: Scene) -> Given:
    enrol_app(scene.others["somebody"])
    return Given({"person_id": scene.others["somebody"].pk})


def _reset_asked(scene: Scene) -> Given:
    enrol_app(scene.others["somebody"])
    asked = inviting.ask_reset(scene.others["somebody"], by=scene.others["admin"].actor)
    return Given({"reset_id": asked.pk}, {"decision": "allow"})


def _role_given(scene: Scene) -> Given:
    enrol_app(scene.who)
    roles = [Role.MANAGER, Role.CASEWORKER]
    account_actions.change_roles(scene.others["somebody"], roles=roles, by=scene.others["admin"].actor)
    return Given({"grant_id": RoleGrant.objects.get(person=scene.others["somebody"]).pk}, {"answer": "agree"}, True)


def _invited(scene: Scene) -> Given:
    made = inviting.invite("uma@example.org", roles=[Role.CASEWORKER], by=scene.others["admin"].actor)
    return Given({"invitation_id": made.pk})


def _own_factor(scene: Scene) -> Given:
    enrol_app(scene.who)
    return Given({"factor_id": Authenticator.objects.get(user=scene.who, type=Authenticator.Type.TOTP).pk}, signs_in_again=True)


def _own_session(scene: Scene) -> Given:
    before = list(StaffSession.objects.filter(person=scene.who).values_list("pk", flat=True))
    CarefulClient().force_login(scene.who)
    return Given({"session_id": StaffSession.objects.filter(person=scene.who).exclude(pk__in=before).get().pk})


def _given_up(scene: Scene) -> Given:
    made = inviting.invite("quin@example.org", roles=[Role.CASEWORKER], by=scene.others["admin"].actor)
    rows = Notification.objects.filter(about_id=made.pk)
    rows.update(state=NotificationState.GIVEN_UP, tries=8, reason_code="mail.SMTPRecipientsRefused")
    return Given({"notification_id": rows.values_list("pk", flat=True).get()})


def _linked(scene: Scene) -> Given:
    chain.link_new(everything=True)
    return Given()


def _panic(*, confirmed: bool = True, asked: bool = False, **body: Any) -> Callable[[Scene], Given]:
    def make(scene: Scene) -> Given:
        manager = scene.others["manager"].actor
        plan = panic.begin(WhyBegun.DRILL, by=manager, session_key=uuid4().hex)
        if confirmed:
            plan = panic.confirm_hosts(plan, by=scene.others["admin"].actor)
        if asked:
            panic.ask_end(plan, why=WhyEnded.DRILL_OVER, by=manager)
        return Given(body=body, signs_in_again=True)

    return make


_CONSENT = {
    "parts": list("BCDEFGH"), "how": "recorded_oral", "language": "ar", "given_on": today(), "ends_on": today(300),
}  # fmt: skip

# Route -> what it is about. About a case also where its address does not say so.
THINGS: dict[str, Callable[[Scene], Given]] = {
    "account_password": _says(former=PASSWORD, password="another long sentence", again="another long sentence"),
    "account_end_session": _own_session,
    "mfa_remove": _own_factor,
    "account_invite": _says(email="uma@example.org", roles=[Role.CASEWORKER.value]),
    "account_person": _of_somebody(roles=[Role.MANAGER.value, Role.AUDITOR.value]),
    "account_close_person": _of_somebody(),
    "account_suspend_person": _of_somebody(),
    "account_reopen_person": _closed,
    "account_send_password_link": _of_somebody(),
    "account_ask_reset": _with_factor,
    "account_decide_reset": _reset_asked,
    "account_answer_role": _role_given,
    "account_send_invitation_again": _invited,
    "account_revoke_invitation": _invited,
    "audit:checkpoint": _linked,
    "notifications:retry": _given_up,
    "panic:begin": _says(why=WhyBegun.DRILL.value),
    "panic:hosts": _panic(confirmed=False, looked="on", ours="on"),
    "panic:ask_end": _panic(why=WhyEnded.DRILL_OVER.value),
    "panic:keep": _panic(asked=True),
    "panic:end": _panic(asked=True),
    "referrals:recipients": referral_things.official,
    "referrals:recipient": referral_things.unchecked,
    "referrals:draft": referral_things.withdrawn,
    "referrals:keep_typed": lambda scene: Given({"page": "withdraw"}, {"reason": "They found"}),
    "referrals:write": referral_things.drafted({"legal_name": "Adeola Ndiaye"}),
    "referrals:consent": referral_things.drafted(_CONSENT),
    "referrals:ask_consent": referral_things.drafted({"parts": list("BC"), "ends_on": today(90)}),
    "referrals:take_back_offer": referral_things.offered,
    "referrals:consent_withdrawal": _says(withdrawn_on=today()),
    "referrals:recall": referral_things.called_back,
    "referrals:recall_told": referral_things.called_back,
    "referrals:recall_confirmed": referral_things.told_back,
    "referrals:submit": referral_things.drafted(),
    "referrals:take_back": referral_things.waiting,
    "referrals:return": referral_things.waiting,
    "referrals:approve": referral_things.read,
    "referrals:retry": referral_things.not_made,
    "referrals:hand_over": lambda scene: Given(body={"on": today(), "how": HandedOver.PORTAL.value}),
    "referrals:receipt": referral_things.sent(),
    "referrals:outcome": referral_things.sent(kind=OutcomeKind.ACCEPTED.value),
    "referrals:revise": referral_things.sent(),
    "referrals:withdraw": _says(reason="They found another way."),
    "cases:search": _says(words=kanaris("own")["call_you"]),
    "cases:judge_set_aside": _suspicion,
    "cases:judge_set_aside_one": _suspicion,
    "cases:decide_kept_aside": _kept_aside,
    "cases:partners": _says(name="Hillside Clinic"),
    "cases:partner": _partner(lambda scene: {"name": "Hillside Clinic", "is_active": "on"}),
    "cases:make_partner_code": _partner(),
    "cases:revoke_partner_code": _partner(),
    "cases:import": _partner(lambda scene: _file(scene).body),
    "cases:import_mend": _partner(lambda scene: _file(scene).body),
    "cases:ask_access": _asks,
    "cases:break_glass": _asks,
    "cases:decide_access": _asked_access,
    "cases:slots": _book,
    "cases:cancel_slot": _slot,
    "cases:hand_over": _hand_over,
    "cases:restrict": lambda scene: Given(body={"people": [scene.others["somebody"].pk], "why": HiddenWhy.COMMUNITY.value}),
    "cases:lift_restriction": _restricted,
    "cases:care": _says(cover=Cover.ALWAYS.value),
    "cases:reading": _reading(),
    "cases:reading_copy": _reading(of_a_file=True),
    "cases:reading_copy_download": _reading(of_a_file=True),
    "cases:keep_reading": _reading({"found": "A date."}),
    "cases:answer_reading": _reading({"found": "A date, and two names."}),
    "cases:take_back": _passed_on,
    "cases:mark_hard": lambda scene: Given({"thing_id": scene.case.help_request_id}, {"answer": "mark"}),
    "cases:pass_on": _to("reader"),
    "cases:pass_on_file": _to("reader"),
    "cases:keep_typed": _says(text="Half a note"),
    "cases:note": _says(text="A note."),
    "cases:ask": _says(question="Are you alone?"),
    "cases:tell": _says(text="We read what you wrote."),
    "cases:assess": _says(verification=Verification.UNCLEAR.value, summary="Two dates fit."),
    "cases:next_step": _says(step=NextStep.READ.value, on=today(2)),
    "cases:give": _to("reader"),
    "cases:give_officer": _to("officer"),
    "cases:urgency": _says(band=str(int(Band.EMERGENCY)), reason="They were seen."),
    "cases:second": _lowered,
    "cases:judge": _pair,
    "cases:new_code": _says(audience=Audience.PERSON.value, how=CodeCheck.CODE_WORD.value),
    "cases:decide_code": _recognised,
    "cases:make_code": lambda scene: _recognised(scene, allowed=True),
    "cases:stop_waiting": _asked,
    "cases:stop_contact": _says(reason="Somebody else reads it."),
    "cases:resume_contact": _stopped,
    "cases:erase": _says(reason="They want nothing kept."),
    "cases:decide_erasure": _erasure_asked,
    "cases:postpone": _erasure_planned,
    "cases:move": _says(close_reason=CloseReason.HELPED.value, reason="Safe now."),
}  # fmt: skip
# Addresses that name no case and are about one all the same.
ABOUT_A_CASE = frozenset({
    "cases:judge_set_aside", "cases:decide_kept_aside", "cases:ask_access", "cases:break_glass", "cases:decide_access",
    "cases:reading", "cases:reading_copy", "cases:reading_copy_download", "cases:keep_reading", "cases:answer_reading",
    "cases:take_back",
})  # fmt: skip


def given_for(route: str, scene: Scene) -> Given:
    """Make what this address is about, and return what it is given."""
    make = THINGS.get(route)
    return make(scene) if make is not None else Given()
