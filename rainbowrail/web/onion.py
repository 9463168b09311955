"""The public door as an onion service, beside its ordinary address (decision 0092).

An onion address is its own key: Tor encrypts and proves whom one speaks to, so there is no certificate and the address begins
with `http:`. Tor Browser takes it for secure, keeps `Secure` cookies there, and nothing may send it to `https:`.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.security import SecurityMiddleware


def host() -> str:
    """Return the host name of the onion service, empty without one."""
    return urlsplit(settings.ONION_LOCATION).hostname or ""


def is_onion(request: HttpRequest) -> bool:
    """Whether the visitor came through the onion service."""
    return bool(host()) and request.headers.get("host", "").partition(":")[0].lower() == host()


class Transport(SecurityMiddleware):
    """Django's rules for HTTPS, which do not hold at the onion address."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:  # type: ignore[override]
        return None if is_onion(request) else super().process_request(request)


def point_to_onion(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell Tor Browser where the same page is as an onion service: on pages alone, and not on the onion service itself.

    The path goes along and the rest of the address does not. Source: "Onion-Location", Tor Project, community.torproject.org.
    """
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if settings.ONION_LOCATION and is_page and not is_onion(request):
        response.headers["Onion-Location"] = settings.ONION_LOCATION.rstrip("/") + request.path
