"""The long forms of a referral keep what was typed and not saved, for each referral of a case by itself."""

import pytest

from cases.models import UnsavedText
from tests.cases.test_typed_texts import NOT_SAVED, TYPED, end_session_of, raw_rows, text_of
from tests.clients import CarefulClient
from tests.factories.accounts import make_staff
from tests.factories.referrals import Crew, make_referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(db: None) -> Crew:
    return Crew.new()


def test_a_referral_that_was_written_for_an_hour_is_found_after_signing_in_again(
    crew: Crew, staff_client: CarefulClient
) -> None:
    referral, other = make_referral(crew=crew), make_referral(crew=crew)
    page = f"{referral.get_absolute_url()}write/"
    staff_client.force_login(crew.officer)
    form = staff_client.get(page).context["form"]
    asked = [one for one in form.programme.fields if form[one.key].field.widget.__class__.__name__ == "Textarea"]
    staff_client.post(page, {one.key: "Before." for one in asked})
    end_session_of(staff_client)
    answer = staff_client.post(page, {asked[0].key: TYPED, asked[1].key: ""})
    assert answer.headers["Location"].startswith("/account/login/") and "kestrel" not in raw_rows()
    staff_client.force_login(crew.officer)
    shown = staff_client.get(page)
    assert NOT_SAVED in text_of(shown) and TYPED in text_of(shown)
    assert shown.context["form"][asked[1].key].value() == "", "what was emptied stays empty"
    assert TYPED not in text_of(staff_client.get(f"{other.get_absolute_url()}write/"))
    staff_client.post(page, {asked[0].key: TYPED})
    assert UnsavedText.objects.count() == 0 and NOT_SAVED not in text_of(staff_client.get(page))


def test_while_it_is_typed_the_script_keeps_it_and_a_button_throws_it_away(crew: Crew, staff_client: CarefulClient) -> None:
    referral = make_referral(crew=crew)
    page, keep = (f"{referral.get_absolute_url()}{part}" for part in ("withdraw/", "typed/withdraw/"))
    staff_client.force_login(crew.officer)
    assert f'data-keep-to="{keep}"' in text_of(staff_client.get(page))
    assert staff_client.post(keep, {"reason": TYPED}).status_code == 204
    assert TYPED in text_of(staff_client.get(page))
    staff_client.force_login(crew.lead)
    assert TYPED not in text_of(staff_client.get(page))
    staff_client.force_login(crew.officer)
    assert staff_client.post(keep, {"answer": "drop"}).headers["Location"] == page
    assert UnsavedText.objects.count() == 0
    assert staff_client.post(f"{referral.get_absolute_url()}typed/passphrase/", {"reason": TYPED}).status_code == 404


def test_nothing_is_kept_of_a_referral_that_the_person_may_not_see(crew: Crew, staff_client: CarefulClient) -> None:
    referral = make_referral(crew=crew)
    staff_client.force_login(make_staff())
    end_session_of(staff_client)
    staff_client.post(f"{referral.get_absolute_url()}write/", {"reason": TYPED})
    assert UnsavedText.objects.count() == 0
