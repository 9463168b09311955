"""What goes on among the staff of the demo, so that every page has something to show: through the real actions, as of now.

An invitation that ends today, a way in that waits for a second administrator, a volunteer's times, a case that somebody asks to
open and one behind broken glass, a hidden case, readings passed on, partners, requests set aside, a lost code, a wish to erase,
referrals that wait and that are with an office, a notice that did not leave, and acts that the auditor may ask about.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from cases import actions
from cases.erasures import day_of, plan_row
from cases.models import Case, ErasurePlan
from cases.states import CaseState, CodeCheck, ErasureWhy, HiddenWhy
from cases.urgency.bands import Band
from intake.marks import Mark
from intake.states import Audience
from rainbowrail.accounts import inviting
from rainbowrail.accounts.models import Invitation, User
from rainbowrail.crypto import datakeys
from rainbowrail.demo.cast import COLLEAGUES, STAFF
from rainbowrail.demo.dossiers import let_one_wait_and_one_leave
from rainbowrail.notifications.models import Notification
from rainbowrail.notifications.states import NotificationState
from rainbowrail.roles import Role

type People = dict[str, User]

PARTNERS = (
    ("Lakeside Clinic", "The front desk, by telephone", "Sees people without papers. Ask for the evening hours."),
    ("Harbour Legal Aid", "legal@harbour.example", "Removal and detention, two lawyers."),
)
IN_VAIN = ("Wilhelmina", "Wilhelmina Q", "Vilhelmine", "W. Quist", "Quisst")
OTHERS = tuple(f"{name.lower()}@example.org" for name in COLLEAGUES)
ENDS_TODAY, RAN_OUT = "pia@example.org", "quin@example.org"
NEAR = 4
OUTSIDE = 9  # cases that the lead opens in one day, of which none is her own


def happen() -> None:
    """Let it all happen, once, in a world that has the cast and its cases. What there is no case for is left out."""
    people = {key: User.objects.get(email=f"{key}@example.org") for key, _name, _roles in STAFF}
    with datakeys.scope():
        _people_come_and_lose_their_way(people)
        _volunteers_have_times(people)
        _partners_send_people(people)
        _some_look_like_machines(people)
        _others_open_cases(people)
        _one_case_is_hidden(people)
        _readings_are_passed_on(people)
        _two_people_must_agree(people)
        _closed_cases_end(people)
        _somebody_looks_a_lot(people)
        _a_notice_stays()
        let_one_wait_and_one_leave(people["cleo"], people["dana"], people["eli"])


def _cases(**wanted: object) -> Iterator[Case]:
    """Return open cases that nobody of the cast's own story needs, the latest first."""
    rows = Case.objects.select_related("help_request", "latest_score").exclude(help_request__language="").filter(closed_at=None)
    return iter(rows.filter(**wanted).order_by("-received_at", "pk").distinct())


def _people_come_and_lose_their_way(people: People) -> None:
    hana = people["hana"].actor
    inviting.invite("uma@example.org", roles=[Role.CASEWORKER], by=hana)
    for address, hours in ((ENDS_TODAY, 3), (RAN_OUT, -20)):
        row = inviting.invite(address, roles=[Role.VOLUNTEER], by=hana)
        inviting.new_link(row.pk)
        Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() + timedelta(hours=hours))
        # It was sent days ago: sending it again would make a new link.
        _notice_ended(row.pk, NotificationState.SENT, tries=1)
    inviting.ask_reset(people["gus"], by=hana)


def _volunteers_have_times(people: People) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for begins, hours in ((now - timedelta(hours=1), 6), (now + timedelta(days=1), 4), (now + timedelta(days=3), 8)):
        actions.book_slot(people["vera"], begins_at=begins, ends_at=begins + timedelta(hours=hours), by=people["dana"].actor)


def _partners_send_people(people: People) -> None:
    dana = people["dana"].actor
    for name, contact, notes in PARTNERS:
        partner = actions.add_partner(name=name, contact=contact, notes=notes, by=dana)
        actions.make_partner_code(partner, expires_on=timezone.localdate() + timedelta(days=90), by=dana)


def _some_look_like_machines(people: People) -> None:
    fresh = Case.objects.filter(state=CaseState.RECEIVED, due_at__gt=timezone.now()).exclude(band=Band.EMERGENCY)
    fresh = fresh.select_related("help_request")
    for case, marks in zip(fresh.order_by("-received_at", "pk")[:2], ([Mark.FAST], [Mark.TRAP, Mark.FAST]), strict=False):
        actions.look_twice(case.help_request, marks, compare=False)


def _others_open_cases(people: People) -> None:
    """Cleo asks for one case, has another one for a while, and broke the glass for a third; Oto waits too."""
    cleo, dana = people["cleo"].actor, people["dana"].actor
    others = _cases(owner__email__in=["ida@example.org", "jun@example.org", "kemi@example.org", "luz@example.org"])
    oto = User.objects.get(email="oto@example.org").actor
    for case, act in zip(others, ("ask", "allow", "break", "ask as Oto"), strict=False):
        if act == "ask":
            actions.ask_access(case, reason="I speak the language; the owner is away until Monday.", by=cleo)
        elif act == "allow":
            asked = actions.ask_access(case, reason="The person called me by mistake and asked for a call back.", by=cleo)
            actions.allow_access(asked, by=dana)
        elif act == "break":
            actions.break_glass(case, reason="She is at the door of the clinic now; the owner does not answer.", by=cleo)
        else:
            actions.ask_access(case, reason="Two of my people name this address. I must know if it is the same house.", by=oto)


def _one_case_is_hidden(people: People) -> None:
    dana = people["dana"].actor
    for case in _cases(owner__email="mika@example.org"):
        actions.restrict(case, people=[people["cleo"]], why=HiddenWhy.COMMUNITY, words="They go to the same church.", by=dana)
        return


def _readings_are_passed_on(people: People) -> None:
    dana, cleo = people["dana"], people["cleo"]
    for case in _cases(owner=cleo):
        actions.mark_hard(case, case.help_request_id, is_hard=True, by=cleo.actor)
        actions.pass_on(case, to=dana, by=cleo.actor)
        break
    for case in _cases(owner__email="noa@example.org"):
        noa = User.objects.get(email="noa@example.org")
        actions.take_reading(actions.pass_on(case, to=dana, by=noa.actor), by=dana.actor)
        break


def _two_people_must_agree(people: People) -> None:
    """A lower urgency, a lost code, an erasing: each waits for a second person."""
    cleo = people["cleo"].actor
    for case in _cases(band=Band.EMERGENCY):
        actions.set_urgency(case, band=Band.URGENT, reason="A cousin took them in; the door locks.", by=people["dana"].actor)
        break
    for case in _cases(owner=people["cleo"], band=Band.URGENT):
        actions.check_person(case, audience=Audience.PERSON, how=CodeCheck.CODE_WORD, by=cleo)
        break
    for case in _cases(owner=people["cleo"], band=Band.ELEVATED):
        actions.ask_erasure(case, reason="They called and want nothing kept.", by=cleo)
        break


def _closed_cases_end(people: People) -> None:
    """Cases of which the rules say that their day is near; one is put off, and somebody asked us to delete everything."""
    today = timezone.localdate()
    closed = sorted((day_of(case), case.pk, case) for case in Case.objects.closed().order_by("-closed_at")[:500])
    ahead = [case for day, _id, case in closed if day > today][:NEAR]
    # In a world of sixty cases few come to their day just now; these do.
    near = [
        plan_row(case, due=min(day_of(case), today + timedelta(days=6 * number)), why=ErasureWhy.RETENTION)
        for number, case in enumerate(ahead, 1)
    ]
    ErasurePlan.objects.bulk_create(near)
    for row in near[:1]:
        until, why = today + timedelta(days=60), "The brother came to the office and asked for the file."
        actions.postpone_erasure(row.case, until=until, reason=why, by=people["dana"].actor)
    for case in _cases(owner__email="ivo@example.org"):
        actions.hear_wish(case.help_request)
        break


def _somebody_looks_a_lot(people: People) -> None:
    for case, _turn in zip(_cases(owner__email__in=OTHERS), range(OUTSIDE), strict=False):
        actions.open_identity(case, by=people["dana"].actor)
    for words in IN_VAIN:
        actions.search(words, by=people["cleo"].actor)


def _a_notice_stays() -> None:
    row = Invitation.objects.get(email=RAN_OUT)
    _notice_ended(row.pk, NotificationState.GIVEN_UP, tries=8, reason_code="mail.SMTPRecipientsRefused")


def _notice_ended(about_id: UUID, state: NotificationState, *, tries: int, reason_code: str = "") -> None:
    """Replace the notice about this by one that ended so: the invented past has no server that took or refused it."""
    for row in Notification.objects.filter(about_id=about_id):
        row.delete()
        Notification.objects.create(kind=row.kind, about_id=about_id, state=state, tries=tries, reason_code=reason_code)
