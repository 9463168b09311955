"""Names covered on the screen: on for a session, on every page, shown one by one."""

import pytest

from cases.states import CaseState
from rainbowrail.accounts.models import User
from rainbowrail.web.names import covered
from tests.clients import CarefulClient
from tests.factories.cases import make_case_in

VEIL = '<span class="veil" tabindex="0">'


def test_references_are_covered_in_words_and_nowhere_else() -> None:
    page = '<title>RR-K7MT-4QWD</title><a href="/cases/RR-K7MT-4QWD/">RR-K7MT-4QWD</a><input value="RR-K7MT-4QWD">'
    assert covered(page) == (
        f'<title>•••••</title><a href="/cases/RR-K7MT-4QWD/">{VEIL}RR-K7MT-4QWD</span></a><input value="RR-K7MT-4QWD">'
    )


@pytest.mark.parametrize("text", ["<p>K7MT-4QWD</p>", "<p>for RR-K7MT-4QWD, K7MT-4QWD</p>"])
def test_numbers_of_referrals_are_covered_too(text: str) -> None:
    assert covered(text).count(VEIL) == text.count("4QWD")


@pytest.mark.parametrize("text", ["<textarea>RR-K7MT-4QWD</textarea>", "<p>2026-11-21</p>", "<script>RR-K7MT-4QWD</script>"])
def test_what_is_typed_and_what_only_looks_alike_stays(text: str) -> None:
    assert covered(text) == text


def test_an_option_holds_no_element() -> None:
    assert covered('<option value="RR-K7MT-4QWD">RR-K7MT-4QWD</option>') == '<option value="RR-K7MT-4QWD">•••••</option>'


@pytest.mark.django_db
def test_it_is_on_for_the_session_on_every_page_until_turned_off(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    staff_client.force_login(cleo)
    plain = staff_client.get(case.get_absolute_url()).content.decode()
    assert VEIL not in plain and f"<title>{case.reference}</title>" in plain
    answer = staff_client.post("/cover-names/", {"next": case.get_absolute_url()})
    assert answer.headers["Location"] == case.get_absolute_url()
    for address in (case.get_absolute_url(), "/", f"{case.get_absolute_url()}seen/", "/trail/mine/"):
        text = staff_client.get(address).content.decode()
        assert f"<title>{case.reference}" not in text
        assert f">{case.reference}<" not in text.replace(f"{VEIL}{case.reference}</span>", ""), address
    staff_client.post("/cover-names/", {"next": "/"})
    assert VEIL not in staff_client.get(case.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_who_the_person_is_stands_covered(staff_client: CarefulClient, cleo: User) -> None:
    case = make_case_in(CaseState.IN_REVIEW, owner=cleo)
    staff_client.force_login(cleo)
    staff_client.post("/cover-names/", {"next": "/"})
    staff_client.post(f"{case.get_absolute_url()}identity/")
    assert '<bdi class="veil" tabindex="0">Ade</bdi>' in staff_client.get(case.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", ""])
def test_it_leads_to_no_other_host(elsewhere: str, staff_client: CarefulClient, cleo: User) -> None:
    staff_client.force_login(cleo)
    assert staff_client.post("/cover-names/", {"next": elsewhere}).headers["Location"] == "/"
