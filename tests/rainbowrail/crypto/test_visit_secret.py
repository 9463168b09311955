from typing import Any
from uuid import UUID, uuid4

import pytest

from rainbowrail.crypto import visit_secret
from rainbowrail.crypto.errors import CryptoError, OpenFailed, UnknownVersion, VisitSecretUnreadable
from tests.rainbowrail.crypto.vectors import cases

CONTEXT = "draft.key.v1"


@pytest.mark.parametrize("case", cases("visit_secret"))
def test_visits_of_long_ago_are_still_found_and_opened(case: dict[str, Any]) -> None:
    assert visit_secret.hash_of(case["secret"]) == case["hash"]
    opened = visit_secret.unwrap(
        case["secret"], bytes.fromhex(case["wrapped"]), context=case["context"], row_id=UUID(case["row_id"])
    )
    assert opened.hex() == case["payload"]


def test_secrets_are_long_and_never_alike() -> None:
    secrets = {visit_secret.new() for _ in range(200)}

    assert len(secrets) == 200
    assert all(len(secret) == 43 for secret in secrets)


def test_a_wrap_opens_with_its_secret_its_context_and_its_row_only() -> None:
    secret, row = visit_secret.new(), uuid4()
    wrapped = visit_secret.wrap(secret, b"a draft key", context=CONTEXT, row_id=row)

    assert visit_secret.unwrap(secret, wrapped, context=CONTEXT, row_id=row) == b"a draft key"
    for wrong in ((visit_secret.new(), CONTEXT, row), (secret, "visit.state.v1", row), (secret, CONTEXT, uuid4())):
        with pytest.raises(OpenFailed):
            visit_secret.unwrap(wrong[0], wrapped, context=wrong[1], row_id=wrong[2])


@pytest.mark.parametrize("cut", [b"", b"\x01", b"\x02" + bytes(100), bytes(20)])
def test_a_broken_wrap_raises_by_name(cut: bytes) -> None:
    with pytest.raises((OpenFailed, UnknownVersion)):
        visit_secret.unwrap(visit_secret.new(), cut, context=CONTEXT, row_id=uuid4())


@pytest.mark.parametrize("cookie", ["", "x", "ü" * 43, "a" * 44, "a" * 42 + "\n", "<" * 43])
def test_a_cookie_of_another_shape_is_refused_without_being_repeated(cookie: str) -> None:
    with pytest.raises(VisitSecretUnreadable) as refusal:
        visit_secret.hash_of(cookie)
    with pytest.raises(CryptoError):
        visit_secret.wrap(cookie, b"", context=CONTEXT, row_id=uuid4())

    assert not cookie or cookie not in str(refusal.value)


def test_the_stored_hash_is_not_the_wrapping_key() -> None:
    secret = visit_secret.new()

    assert bytes.fromhex(visit_secret.hash_of(secret)) != visit_secret._wrapping_key(secret)
