"""What we change in allauth: nobody signs up by themselves, no address of a browser is kept, TOTP secrets are sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from rainbowrail.accounts import limits, trail
from rainbowrail.accounts.models import User


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff are invited; there is no page to sign up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Nothing: no limit of ours counts by the address of a browser, and none is kept."""
        return ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at. Raises TooSoon."""
        limits.take_from_budget()
        limits.PASSWORDS.take(_account(credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        person: User | None = super().authenticate(request, **credentials)
        if person is not None:
            limits.PASSWORDS.forget(_account(credentials))
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        trail.password_failed(_account(credentials))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The next page shows what happened; a stored message would add nothing."""


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).strip().lower()
