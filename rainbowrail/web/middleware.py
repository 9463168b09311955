"""What every answer of both doors carries, and what every request opens and forgets."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import patch_vary_headers

from rainbowrail.crypto import datakeys
from rainbowrail.crypto.errors import Busy
from rainbowrail.errors import NotAllowed, NotPossible
from rainbowrail.web import errors, onion
from rainbowrail.web.doors import DoorKind, door_of

type GetResponse = Callable[[HttpRequest], HttpResponseBase]

_NO_FEATURES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen",
        "geolocation", "gyroscope", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
        "picture-in-picture", "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking",
    )
)  # fmt: skip

PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": _NO_FEATURES,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-DNS-Prefetch-Control": "off",
}


class PrivateResponses:
    """Nothing is kept by the browser or a proxy, nothing is embedded, no device feature is offered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response = errors.method_not_allowed(request, response.headers["Allow"])
        for name, value in PRIVATE_HEADERS.items():
            response.headers[name] = value
        if settings.IS_PUBLIC:
            onion.point_to_onion(request, response)
        patch_vary_headers(response, ["Cookie"])
        return response


class HeadersOnly:
    """Answers HEAD as GET, so that every page has both; the server leaves the body out. No view has to think of it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"


class PublicDoor:
    """Refuses on the public door every view that is not marked for it, also one that nobody marked at all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        door = door_of(view)
        if door is None or door.kind is DoorKind.STAFF:
            return errors.not_found(request)
        return None


class FormOrigin(CsrfViewMiddleware):
    """Django's check against forged forms, for browsers that we ourselves tell to send no referrer (decision 0021).

    Under `Referrer-Policy: no-referrer` a browser sends `Origin: null` with our own forms, and no Referer; Django refuses both.
    What stands in for them: the token against a `SameSite=Strict` cookie with the `__Host-` prefix, which neither another site
    nor a neighbour on the network can set or send, and `Sec-Fetch-Site` from every browser that knows it.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.headers["origin"] == "null":
            return comes_from_our_own_page(request)
        verified: bool = super()._origin_verified(request)  # type: ignore[misc]  # the stubs know only the public methods
        return verified

    def _check_referer(self, request: HttpRequest) -> None:
        if "referer" not in request.headers and comes_from_our_own_page(request):
            return
        super()._check_referer(request)  # type: ignore[misc]


def comes_from_our_own_page(request: HttpRequest) -> bool:
    """Whether the browser says so; a browser too old to say is believed here and must still show the token."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


class KeyScope:
    """Opened data keys live as long as the request and not longer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with datakeys.scope():
            return self.get_response(request)


class DomainErrors:
    """Turns the two ways an action says no, and a full house, into pages: 403 not you, 409 not now, 503 in a moment."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match exception:
            case NotAllowed():
                return errors.forbidden(request, exception)
            case NotPossible():
                return errors.not_possible(request, exception)
            case Busy():
                return errors.busy(request)
            case _:
                return None
