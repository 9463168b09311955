"""Every staff page with something real on it, drawn by the URL table: for whoever looks at all of them at once.

A page that is added later joins by itself. If its address has an argument, that needs a line in `ARGUMENTS`, which says what
real thing the page is about; until then the page answers "not found", and a test fails that names it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import ErasurePlan, PossibleDuplicate
from cases.states import CaseState, CodeCheck, ErasureWhy, HiddenWhy, SameReason
from cases.urgency.bands import Band
from intake.marks import Mark
from intake.models import Answer
from intake.states import Audience
from rainbowrail.accounts import inviting
from rainbowrail.accounts.models import Invitation, User
from rainbowrail.audit import chain, tasks, verifying
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.states import NotificationState
from rainbowrail.panic import actions as panic
from rainbowrail.panic.states import WhyBegun, WhyEnded
from rainbowrail.privacy.retention import load
from rainbowrail.roles import Role
from referrals import actions as referral_actions
from referrals.models import RecallNotice, Referral, SentPacket
from referrals.states import ReferralState
from tests.architecture.test_doors import EXAMPLES, pages
from tests.clients import STAFF_URLS, CarefulClient
from tests.factories.accounts import PASSWORD, enrol_app, make_staff
from tests.factories.cases import make_case, make_case_in
from tests.factories.referrals import ABROAD, Crew, make_referral_in
from tests.staff_walk import World, make_world, signed_in, undone

# Pages of the staff door that are no pages of ours to look at, with the reason.
NO_PAGES = {
    "healthz": "tells a machine that the process runs",
    "readyz": "tells a machine that the process can serve",
}
# What somebody sees who is not signed in.
SIGNED_OUT = {"account_login", "account_invitation", "account_inactive"}
# What somebody sees who is on the way in.
ON_THE_WAY = {"mfa_authenticate", "mfa_activate_totp"}
# What lets a page be asked for and shows none: it hands out a file, or leads on.
FILES_AND_WAYS = {"account_home", "account_login_passkey", "cases:file_copy", "cases:reading_copy", "cases:import_template"}


NOWHERE = "no such page"


@dataclass
class Scene:
    """What the pages are about: one world, somebody who has every role, and the secret of an invitation that is open."""

    world: World
    everybody: User
    colleague: User
    token: str = ""
    made: dict[str, Any] = field(default_factory=dict)


ARGUMENTS: dict[str, Callable[[Scene], Any]] = {
    "reference": lambda scene: scene.world.cases["own"].reference,
    "other": lambda scene: scene.world.cases["other"].reference,
    "packet_id": lambda scene: scene.made["with the office"].packet_id,
    "packet_row": lambda scene: scene.made["with the office"].packets.get().pk,
    "recipient_id": lambda scene: scene.made["with the office"].recipient_id,
    "file_id": lambda scene: scene.world.cases["own"].help_request.evidence.get().pk,
    "name": lambda scene: "close",
    "factor_id": lambda scene: Authenticator.objects.filter(user=scene.everybody)[0].pk,
    "person_id": lambda scene: scene.colleague.pk,
    "token": lambda scene: scene.token,
    "partner_id": lambda scene: scene.made["partner"].pk,
    "reading_id": lambda scene: scene.made["reading"].pk,
    "notice_id": lambda scene: RecallNotice.objects.all()[0].pk,
}
# An argument that means another thing on one page.
INSTEAD: dict[tuple[str, str], Callable[[Scene], Any]] = {
    ("referrals:draft", "reference"): lambda scene: scene.made["ready"].reference,
    ("referrals:write", "packet_id"): lambda scene: scene.made["draft"].packet_id,
    ("referrals:consent", "packet_id"): lambda scene: scene.made["draft"].packet_id,
    ("referrals:read", "packet_id"): lambda scene: scene.made["waiting"].packet_id,
}


def make_scene() -> Scene:
    """Make a world in which something goes on on every page."""
    scene = Scene(make_world(), make_staff(*Role, name="Everybody"), make_staff(Role.CASEWORKER, name="Cleo Colleague"))
    enrol_app(scene.everybody)
    return scene


def fill(scene: Scene) -> None:
    """Let it all go on; called with the case "own" in the hands of everybody."""
    world, by, lead = scene.world, scene.everybody.actor, scene.world.lead.actor
    own, other = world.cases["own"], world.cases["other"]
    own.refresh_from_db()
    today, now = timezone.localdate(), timezone.now()
    Answer.objects.create(help_request=own.help_request, text="Yes, until Friday.")
    actions.mark_hard(own, own.help_request_id, is_hard=True, by=by)
    actions.keep_typed(own, page="note", typed={"text": ["Half a note"]}, by=by)
    actions.pass_on(own, to=world.lead, by=by)
    scene.made["reading"] = theirs = actions.pass_on(other, to=scene.everybody, by=lead)
    actions.take_reading(theirs, by=by)
    _people(scene)
    _others(scene, now)
    partner = actions.add_partner(name="Lakeside Clinic", contact="The front desk", notes="Sees people without papers.", by=by)
    actions.make_partner_code(partner, expires_on=today + timedelta(days=90), by=by)
    scene.made["partner"] = partner
    first, second = sorted((own, other), key=lambda case: case.pk)
    PossibleDuplicate.objects.create(case=first, other=second, reasons=[SameReason.NAME.value])
    scene.made["aside"] = fresh = make_case()
    actions.look_twice(fresh.help_request, [Mark.FAST, Mark.TRAP], compare=False)
    ErasurePlan.objects.create(
        case=world.cases["hidden"], due_on=today + timedelta(days=9), why=ErasureWhy.RETENTION, policy=load().version
    )
    _referrals(scene)


def _people(scene: Scene) -> None:
    by = scene.everybody.actor
    row = inviting.invite("uma@example.org", roles=[Role.CASEWORKER], by=by)
    scene.token = inviting.new_link(row.pk)
    gone = inviting.invite("quin@example.org", roles=[Role.VOLUNTEER], by=by)
    Invitation.objects.filter(pk=gone.pk).update(expires_at=timezone.now() - timedelta(hours=1), token_hash=uuid4().hex)
    inviting.ask_reset(scene.colleague, by=by)
    inviting.ask_reset(scene.world.owner, by=scene.world.people[Role.ADMINISTRATOR].actor)
    for _browser in range(2):
        CarefulClient().force_login(scene.everybody)
    Notification.objects.filter(about_id=gone.pk).update(
        state=NotificationState.GIVEN_UP, tries=8, reason_code="mail.SMTPRecipientsRefused"
    )
    chain.link_new(everything=True)
    verifying.ask(by=by)
    tasks.verify()


def _others(scene: Scene, now: Any) -> None:
    """Others want in, one broke the glass, one may not know, one volunteers, and two things wait for a second person."""
    world, cleo = scene.world, scene.colleague.actor
    own, other = world.cases["own"], world.cases["other"]
    actions.ask_access(own, reason="I speak the language.", by=cleo)
    actions.break_glass(other, reason="She is at the door now.", by=cleo)
    actions.restrict(own, people=[world.owner], why=HiddenWhy.COMMUNITY, words="Cousins.", by=world.lead.actor)
    volunteer = world.people[Role.VOLUNTEER]
    begins = now + timedelta(days=2)
    actions.book_slot(volunteer, begins_at=begins, ends_at=begins + timedelta(hours=4), by=world.lead.actor)
    actions.check_person(own, audience=Audience.PERSON, how=CodeCheck.CODE_WORD, by=scene.everybody.actor)
    actions.set_urgency(own, band=Band.EMERGENCY, reason="They were seen.", by=scene.everybody.actor)
    actions.ask_erasure(own, reason="They want nothing kept.", by=scene.everybody.actor)


def _referrals(scene: Scene) -> None:
    crew = Crew(officer=scene.everybody, lead=scene.world.lead)
    states = {"draft": ReferralState.DRAFT, "waiting": ReferralState.WAITING, "with the office": ReferralState.SENT}
    scene.made |= {name: make_referral_in(state, crew=crew) for name, state in states.items()}
    scene.made["ready"] = make_case_in(CaseState.READY, lead=crew.lead, answers=ABROAD)
    referral_actions.recall(SentPacket.objects.filter(referral=scene.made["with the office"]))


@dataclass
class Drawn:
    """The HTML of each page by its name, and what answered a GET neither with a page nor with "that is no page" (405)."""

    pages: dict[str, str] = field(default_factory=dict)
    unfit: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, response: Any) -> None:
        """Keep a page; note what is none."""
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and response.status_code in ({404} if name == NOWHERE else {200, 409, 422}):
            self.pages[name] = response.content.decode()
        elif response.status_code != 405 and name not in FILES_AND_WAYS:
            self.unfit[name] = f"{response.status_code} {response.headers.get('Location', '')}".strip()


def draw(scene: Scene) -> Drawn:
    """Draw every page of the staff door about something real, for somebody who has every role. All of it is undone again."""
    drawn = Drawn()
    with signed_in(scene.everybody, scene.world) as client:
        fill(scene)
        for name, path in paths_of(scene):
            if name in SIGNED_OUT:
                drawn.take(name, CarefulClient().get(path))
            elif name not in ON_THE_WAY:
                drawn.take(name, client.get(path))
        for name, path in views_of(scene):
            drawn.take(name, client.get(path))
        search = reverse("cases:search", urlconf=STAFF_URLS)
        drawn.take("somebody is found", client.post(search, {"words": "Ade"}))
        drawn.take("nobody is found", client.post(search, {"words": "Wilhelmina"}))
        _take_what_others_see(drawn, scene)
        codes: Any = client.post(reverse("mfa_generate_recovery_codes", urlconf=STAFF_URLS), follow=True)
        drawn.take("recovery codes, this once", codes)
    return drawn


def _take_what_others_see(drawn: Drawn, scene: Scene) -> None:
    """Take the pages of whoever has no second factor yet, is asked for it, has no role, or no time now."""
    newcomer = CarefulClient()
    newcomer.force_password_login(scene.colleague)
    drawn.take("the first page of a newcomer", newcomer.get(reverse("mfa_index", urlconf=STAFF_URLS)))
    drawn.take("mfa_activate_totp", newcomer.get(reverse("mfa_activate_totp", urlconf=STAFF_URLS)))
    half_in = CarefulClient()
    half_in.post(reverse("account_login", urlconf=STAFF_URLS), {"login": scene.everybody.email, "password": PASSWORD})
    drawn.take("mfa_authenticate", half_in.get(reverse("mfa_authenticate", urlconf=STAFF_URLS)))
    for name, person, route in (
        ("nobody in particular", make_staff(name="Nobody in particular"), "account_home"),
        ("a volunteer without a time", make_staff(Role.VOLUNTEER, name="Vera"), "cases:queue"),
    ):
        client = CarefulClient()
        client.force_login(person)
        drawn.take(name, client.get(reverse(route, urlconf=STAFF_URLS)))


def paths_of(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield the name and one path of every address, with real things where it has arguments."""
    for name, _entry, converters in pages(STAFF_URLS):
        if name in NO_PAGES:
            continue
        given = {each: _thing(scene, name, each, converter) for each, converter in converters.items()}
        yield name, reverse(name, urlconf=STAFF_URLS, kwargs=given or None)


def _thing(scene: Scene, name: str, argument: str, converter: Any) -> Any:
    """Return what the address is about; for a name that is not in the table an example, of which no page is shown."""
    say = INSTEAD.get((name, argument)) or ARGUMENTS.get(argument)
    return say(scene) if say is not None else EXAMPLES[type(converter).__name__]


def views_of(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield what the same addresses show to somebody who narrows, or looks at another thing."""

    def at(route: str, *arguments: Any, **query: Any) -> str:
        return reverse(route, urlconf=STAFF_URLS, args=arguments) + (f"?{urlencode(query)}" if query else "")

    own, today = scene.world.cases["own"], timezone.localdate()
    yield "a case, opened", at("cases:case", own.reference, show=own.help_request_id)
    yield "a case set aside", at("cases:case", scene.made["aside"].reference)
    yield "a card", at("cases:case", scene.made["ready"].reference)
    yield "the queue, narrowed", at("cases:queue", whose="mine", band="urgent")
    yield "the queue, a mistake", at("cases:queue", reference="RR-9999-9999")
    yield "the trail of a case", at("audit:trail", case=own.reference)
    yield "the trail of a person", at("audit:trail", person=scene.colleague.pk)
    yield "the trail of a day", at("audit:trail", day=today.isoformat(), what="look")
    yield "the trail, a mistake", at("audit:trail", case="nobody")
    yield "the trail, nothing", at("audit:trail", day="2020-01-01")
    yield "patterns of another week", at("audit:unusual", until="2020-01-01")
    yield "myself among the people", at("account_person", scene.everybody.pk)
    yield "nobody leaves anything", at("cases:hand_over", scene.world.people[Role.AUDITOR].pk)
    yield "all who asked", at("cases:access", show="all")
    yield NOWHERE, "/nowhere/"
    for name, referral in scene.made.items():
        if isinstance(referral, Referral):
            yield f"a referral: {name}", at("referrals:referral", referral.packet_id)


def draw_mistakes(scene: Scene) -> Drawn:
    """Send every form empty, and keep what it says is missing."""
    drawn = Drawn()
    with signed_in(scene.everybody, scene.world) as client:
        fill(scene)
        for name, path in paths_of(scene):
            if name in SIGNED_OUT | ON_THE_WAY or name == "account_logout":
                continue
            with undone():
                answer: Any = client.post(path, {})
            if answer.status_code in {409, 422}:
                drawn.take(f"{name}, sent empty", answer)
    return drawn


def draw_states(scene: Scene) -> Drawn:
    """Draw what only another state of the world shows: each stage of a referral, and the panic plan in each of its own."""
    drawn = Drawn()
    crew = Crew(officer=scene.everybody, lead=scene.world.lead)
    with signed_in(scene.everybody, scene.world) as client:
        for state in ReferralState:
            referral = make_referral_in(state, crew=crew)
            drawn.take(f"a referral that is {state}", client.get(referral.get_absolute_url()))
        plan_page = reverse("panic:plan", urlconf=STAFF_URLS)
        session = client.session.session_key or ""
        plan = panic.begin(WhyBegun.DRILL, by=scene.world.people[Role.MANAGER].actor, session_key=session)
        drawn.take("panic: in force", client.get(plan_page))
        drawn.take("panic: the queue meanwhile", client.get(reverse("cases:queue", urlconf=STAFF_URLS)))
        drawn.take("panic: a case meanwhile", client.get(scene.world.cases["own"].get_absolute_url()))
        plan = panic.confirm_hosts(plan, by=scene.everybody.actor)
        drawn.take("panic: hosts confirmed", client.get(plan_page))
        plan = panic.ask_end(plan, why=next(iter(WhyEnded)), by=scene.world.people[Role.MANAGER].actor)
        drawn.take("panic: asked to end", client.get(plan_page))
        panic.end(plan, by=scene.everybody.actor)
        drawn.take("panic: over", client.get(plan_page))
    return drawn
