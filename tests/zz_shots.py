from pathlib import Path
import pytest
from django.conf import settings
from cases import actions
from cases.models import Case, NewCode
from cases.states import CodeCheck
from intake.drain import drain
from intake.staff_actions import tell
from intake.staff_codes import make_code, stop_contact
from intake.states import Audience, StopReason
from rainbowrail.actors import APPLICANT, Actor, ActorKind
from tests.clients import PublicClient
from tests.factories.intake import ade, sent
from tests.cases.test_codes import case_of
from tests.intake.coming_back import comes_back, once_on, takes_new_code, takes_second_code
OUT = Path("/tmp/codes_eng/shots")
pytestmark = pytest.mark.django_db
CLEO = Actor(ActorKind.STAFF, staff_id=1)

def keep(name, response):
    (OUT / f"{name}.html").write_bytes(response.content)

@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_public(language):
    done = sent(); drain(); tell(done.visit.help_request_id, "We are looking for a place.", by=CLEO)
    b = PublicClient(); b.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    comes_back(done.code, b)
    keep(f"here-{language}", b.get(b.url("intake:here")))
    keep(f"own-{language}", b.get(b.url("intake:own_code")))
    keep(f"new-{language}", b.get(b.url("intake:new_code")))
    keep(f"write-{language}", b.get(b.url("intake:write")))
    keep(f"second-{language}", b.get(b.url("intake:second_code")))
    takes_second_code(b, done.code)
    keep(f"secondshown-{language}", b.get(b.url("intake:second_code")))
    new = takes_new_code(b, done.code)
    keep(f"ownshown-{language}", b.get(b.url("intake:own_code")))
    wrong = b.post(b.url("intake:new_code"), {"return_code": done.code, "once": "q"})
    keep(f"newwrong-{language}", wrong)
    code = make_code(done.visit.help_request_id, Audience.PERSON, by=CLEO)
    b2 = PublicClient(); b2.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    comes_back(code, b2)
    keep(f"mustchange-{language}", b2.get(b2.url("intake:new_code")))
    form = {"once": once_on(b2, "intake:new_code")}
    b2.post(b2.url("intake:new_code"), form)
    keep(f"older-{language}", b2.get(b2.url("intake:here")))

def test_staff(staff_client, cleo, dana):
    case = case_of(cleo)
    staff_client.force_login(cleo)
    p = f"/cases/{case.reference}/"
    keep("s-newcode", staff_client.get(p + "code/"))
    staff_client.post(p + "code/", {"audience": "person", "how": "code_word"})
    stop_contact(case.help_request, StopReason.DURESS, by=APPLICANT)
    keep("s-case-waiting", staff_client.get(p))
    staff_client.force_login(dana)
    keep("s-case-lead", staff_client.get(p))
    keep("s-allow", staff_client.get(p + "contact/allow/"))
    staff_client.post(p + "code/decide/", {"answer": "allow"})
    Case.objects.filter(pk=case.pk).update(language="fa")
    staff_client.force_login(cleo)
    keep("s-make", staff_client.post(p + "code/make/", {"code": str(NewCode.objects.get().pk)}))
    keep("s-case-made", staff_client.get(p))
    case2 = case_of(cleo, submitter="friend")
    keep("s-newcode-friend", staff_client.get(f"/cases/{case2.reference}/code/"))
    n = actions.check_person(case2, audience=Audience.PERSON, how=CodeCheck.SAFE_CONTACT, by=cleo.actor)
    actions.make_code(n, by=cleo.actor)
    keep("s-ask-friend", staff_client.get(f"/cases/{case2.reference}/ask/"))
