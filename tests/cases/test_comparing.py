"""Cases of one person are found, shown to those who may see both, judged by a person, and never merged."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases import actions, tasks
from cases.models import Case, PossibleDuplicate
from cases.states import CaseState, SameReason, Verdict
from intake import finding
from rainbowrail.accounts.models import User
from rainbowrail.audit.models import AuditEvent
from rainbowrail.crypto import datakeys
from rainbowrail.errors import NotAllowed, NotPossible
from tests.clients import CarefulClient
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db
SAYED = finding.Known(names={"فاطمة السيد"})
SYRIAN = {"nationality": "SYR", "current_country": "LBN", "age_band": "18_24"}


def case_of(name: str, *, channel: str = "none", address: str = "", **answers: Any) -> Case:
    contact = {"channel": channel, "address": address} if address else {"channel": channel}
    return make_case({**SYRIAN, **answers}, identity={"call_you": name, "contact": contact})


def reasons(pair: PossibleDuplicate) -> list[str]:
    return [SameReason(reason).name for reason in pair.reasons]


def test_a_drained_case_waits_to_be_compared_and_is_then_done_with() -> None:
    case = case_of("Fátima Al-Sayed")
    assert tasks.compare_missed() == 1
    case.refresh_from_db()
    assert case.is_compared
    assert tasks.compare_missed() == 0
    assert not PossibleDuplicate.objects.exists()


@pytest.mark.parametrize("other", ["fatima elsayed", "فاطمة السيد"])
def test_a_name_in_another_script_and_the_same_nationality_may_be_one_person(other: str) -> None:
    first, second = case_of("Fátima Al-Sayed"), case_of(other)
    assert actions.compare(second) == 1
    pair = PossibleDuplicate.objects.get()
    assert {pair.case, pair.other} == {first, second}
    assert reasons(pair) == ["NAME"]
    assert pair.verdict == Verdict.OPEN


def test_the_same_name_of_another_nationality_is_somebody_else() -> None:
    case_of("Fátima Al-Sayed")
    assert actions.compare(case_of("fatima elsayed", nationality="EGY")) == 0


def test_a_single_word_needs_the_same_country_and_age_as_well() -> None:
    case_of("Fátima")
    assert actions.compare(case_of("fatima", current_country="TUR")) == 0
    again = case_of("فاطمة")
    assert actions.compare(again) == 1
    assert [reasons(pair) for pair in PossibleDuplicate.objects.all()] == [["CIRCUMSTANCES"]]


@pytest.mark.parametrize(
    ("channel", "one", "other", "reason"),
    [
        ("email", "ade@example.org", "ADE+x@example.org", "EMAIL"),
        ("text", "+961 70 123456", "70123456", "PHONE"),
    ],
)
def test_an_equal_address_is_enough(channel: str, one: str, other: str, reason: str) -> None:
    case_of("Ade", channel=channel, address=one, nationality="UGA")
    assert actions.compare(case_of("Bo", channel=channel, address=other)) == 1
    assert reasons(PossibleDuplicate.objects.get()) == [reason]


def test_a_partners_code_alone_is_no_reason() -> None:
    case_of("Ade", partner="HELP77")
    assert actions.compare(case_of("Bo", partner="HELP77")) == 0


def test_a_pair_is_kept_once_whoever_is_compared_and_however_often() -> None:
    first, second = case_of("Fátima Al-Sayed"), case_of("fatima elsayed")
    assert [actions.compare(case) for case in (first, second, first)] == [1, 0, 0]
    pair = PossibleDuplicate.objects.get()
    turned = PossibleDuplicate(case=pair.other, other=pair.case, reasons=[])
    with pytest.raises(IntegrityError, match="duplicate_pair_in_order"), transaction.atomic():
        turned.save(force_insert=True)


def test_a_correction_is_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = case_of("Golnar Pejman"), case_of("Fátima Al-Sayed")
    tasks.compare_missed()
    assert not PossibleDuplicate.objects.exists()
    person_id = first.help_request.person_id
    monkeypatch.setattr(finding, "sources", [lambda people: {one: SAYED for one in people if one == person_id}])
    finding.reindex_person(person_id)
    assert tasks.compare_missed() == 1
    assert PossibleDuplicate.objects.of(second).count() == 1


def test_an_erased_person_stops_nobody() -> None:
    gone, stays = case_of("Fátima Al-Sayed"), case_of("fatima elsayed")
    datakeys.destroy(gone.help_request.person_id)
    assert [actions.compare(case) for case in (gone, stays)] == [0, 0]


def test_the_trail_says_how_many_were_opened_and_names_nobody() -> None:
    first, second = case_of("Fátima Al-Sayed"), case_of("fatima elsayed")
    actions.compare(second)
    told = AuditEvent.objects.get(verb="cases.compared")
    assert (told.case_id, told.actor_kind, told.detail) == (second.pk, "system", {"count": 1})
    assert set(AuditEvent.objects.filter(verb="cases.may_be_same").values_list("case_id", flat=True)) == {first.pk, second.pk}


def test_the_reasons_are_sealed_in_the_row() -> None:
    case_of("Fátima Al-Sayed")
    actions.compare(case_of("fatima elsayed"))
    assert b"name" not in bytes(PossibleDuplicate.objects.values_list("reasons", flat=True).get())


# --- judging ---


@pytest.fixture
def pair(cleo: User) -> PossibleDuplicate:
    """Two cases of Cleo's that may be one person's."""
    first, second = case_of("Fátima Al-Sayed"), case_of("fatima elsayed")
    for case in (first, second):
        actions.claim(case, by=cleo.actor)
    actions.compare(second)
    return PossibleDuplicate.objects.select_related("case", "other").get()


def judge_url(pair: PossibleDuplicate) -> str:
    return f"/cases/{pair.case.reference}/same/{pair.other.reference}/"


@pytest.mark.parametrize(("verdict", "verb"), [(Verdict.SAME, "cases.same_person"), (Verdict.DIFFERENT, "cases.not_the_same")])
def test_the_owner_judges_on_the_page_and_both_trails_tell(
    verdict: Verdict, verb: str, staff_client: CarefulClient, cleo: User, pair: PossibleDuplicate
) -> None:
    staff_client.force_login(cleo)
    page = staff_client.get(f"/cases/{pair.case.reference}/").content.decode()
    assert "May be the same person as" in page
    assert pair.other.reference in page
    assert "names that sound alike" in page
    assert staff_client.post(judge_url(pair), {"verdict": verdict}).status_code == 302
    pair.refresh_from_db()
    assert (pair.verdict, pair.judged_by) == (verdict, cleo)
    assert set(AuditEvent.objects.filter(verb=verb).values_list("case_id", flat=True)) == {pair.case_id, pair.other_id}
    page = staff_client.get(f"/cases/{pair.other.reference}/").content.decode()
    assert f"Judged: {verdict.label}" in page
    assert Case.objects.filter(pk__in=[pair.case_id, pair.other_id], state=CaseState.IN_REVIEW).count() == 2, (
        "nothing is merged"
    )


def test_who_may_see_only_one_of_them_does_not_learn_of_the_other(
    staff_client: CarefulClient, cleo: User, dana: User, pair: PossibleDuplicate
) -> None:
    actions.assign(pair.other, to=dana, by=cleo.actor)
    staff_client.force_login(cleo)
    page = staff_client.get(f"/cases/{pair.case.reference}/").content.decode()
    assert pair.other.reference not in page
    assert "May be the same person" not in page
    assert staff_client.post(judge_url(pair), {"verdict": "same"}).status_code == 404
    staff_client.force_login(dana)
    assert pair.other.reference in staff_client.get(f"/cases/{pair.case.reference}/").content.decode()


def test_a_pair_that_nobody_found_is_not_judged(staff_client: CarefulClient, cleo: User, pair: PossibleDuplicate) -> None:
    third = case_of("Golnar Pejman")
    staff_client.force_login(cleo)
    assert staff_client.post(f"/cases/{pair.case.reference}/same/{third.reference}/", {"verdict": "same"}).status_code == 404


def test_a_verdict_is_one_of_two_and_posted(staff_client: CarefulClient, cleo: User, pair: PossibleDuplicate) -> None:
    staff_client.force_login(cleo)
    assert staff_client.post(judge_url(pair), {"verdict": "perhaps"}).status_code == 409
    assert staff_client.get(judge_url(pair)).status_code == 405
    with pytest.raises(NotPossible):
        actions.judge(pair, on=pair.case, verdict=Verdict.OPEN, by=cleo.actor)


def test_a_stranger_to_the_case_judges_nothing(pair: PossibleDuplicate, eli: User) -> None:
    with pytest.raises(NotAllowed):
        actions.judge(pair, on=pair.case, verdict=Verdict.SAME, by=eli.actor)
    pair.refresh_from_db()
    assert pair.verdict == Verdict.OPEN
