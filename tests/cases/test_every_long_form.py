"""Whatever has room for a long text keeps it when the session ends, or ten minutes after the last factor, or says here why not.

Later pages join by themselves.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from cases.models import UnsavedText
from rainbowrail.web.recent import recent_of
from tests.cases.test_typed_texts import end_session_of, text_of
from tests.clients import STAFF_URLS, CarefulClient
from tests.rainbowrail.accounts.test_recent import let_ten_minutes_pass
from tests.staff_pages import ON_THE_WAY, SIGNED_OUT, Scene, fill, make_scene, paths_of
from tests.staff_walk import signed_in, undone

pytestmark = pytest.mark.django_db
TYPED = "Half a sentence about the kestrel"
# Forms with a long text that keep nothing, and why. They are about no case, under whose key the text would be sealed.
JUDGED = {
    "cases:partners": "a few words about an organisation, and nobody's story",
    "cases:partner": "the same, changed",
    "referrals:recipients": "a public key that is pasted, not typed",
    "components:gallery": "shows how forms look, and saves nothing",
}


@dataclass(frozen=True)
class LongForm:
    """A form with a long text: the page it stands on, the route that takes it, its address, and the names of its long texts."""

    page: str
    route: str
    action: str
    texts: tuple[str, ...]


class Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found, self._action, self._texts = page, list[LongForm](), "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action, self._texts = urlsplit(told.get("action") or self.page).path, []
        if tag == "textarea":
            assert told.get("type") != "password"
            self._texts.append(told["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._texts:
            match = resolve(self._action, urlconf=STAFF_URLS)
            self.found.append(LongForm(self.page, match.view_name, self._action, tuple(self._texts)))
            self._texts = []


def long_forms(client: CarefulClient, scene: Scene) -> dict[tuple[str, str], LongForm]:
    """Return every form with a long text, once for each page and route."""
    found: dict[tuple[str, str], LongForm] = {}
    for name, path in paths_of(scene):
        if name in SIGNED_OUT | ON_THE_WAY or name == "account_logout":
            continue
        with undone():
            page = client.get(path)
            if page.status_code == 200 and not page.streaming and page.headers["Content-Type"].startswith("text/html"):
                forms = Forms(path)
                forms.feed(page.content.decode())
                found |= {(name, one.route): one for one in forms.found}
    return found


def asks_for_a_factor(form: LongForm) -> bool:
    return recent_of(resolve(form.action, urlconf=STAFF_URLS).func) is not None


def test_every_long_text_is_found_again_after_signing_in_or_showing_a_factor_or_is_judged() -> None:
    scene = make_scene()
    kept, lost = set[str](), set[str]()
    asked = set[str]()
    with signed_in(scene.everybody, scene.world) as client:
        fill(scene)
        UnsavedText.objects.all().delete()
        forms = long_forms(client, scene)
        for (_page, route), form in forms.items():
            with undone():
                client.force_login(scene.everybody)
                end_session_of(client)
                typed = dict.fromkeys(form.texts, TYPED) | {"reference": scene.world.cases["other"].reference}
                client.post(form.action, typed)
                client.force_login(scene.everybody)
                shown = text_of(client.get(form.page))
                (kept if shown.count(TYPED) >= len(form.texts) else lost).add(route)
            if not asks_for_a_factor(form):
                continue
            with undone():
                client.force_login(scene.everybody)
                let_ten_minutes_pass(client)
                answer = client.post(form.action, typed)
                assert answer.headers["Location"].startswith("/account/confirm/"), route
                assert ("is kept, sealed" in text_of(client.get(answer.headers["Location"]))) is (route not in JUDGED), route
                client.force_login(scene.everybody)
                shown = text_of(client.get(form.page))
                asked.add(route)
                (kept if shown.count(TYPED) >= len(form.texts) and route in kept else lost).add(route)
    assert len(forms) > 20 and {"referrals:write", "cases:conflict", "cases:break_glass", "cases:answer_reading"} <= kept
    assert "cases:break_glass" in asked
    assert lost == set(JUDGED), "keep it (cases.views.typing, referrals.views.typing), or say in JUDGED why not"
