"""Names covered on the screen, for work where others look over one's shoulder (docs/decisions/0034).

Somebody turns it on for their session, and every staff page then covers the references of cases and referrals and whatever a
template marks with the class `veil`: names, contacts, what identifies. Each is shown as long as its own place is clicked or
reached by keyboard. What is covered is still on the page: this is about eyes, not about what the page may hold.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from rainbowrail.references import ALPHABET
from rainbowrail.web.doors import staff_page

KEY = "names_covered"
COVER = "•••••"
_CODE = rf"(?:RR-)?[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}"
REFERENCE = re.compile(rf"\b{_CODE}\b")
# What holds words that no element may be put into: there the reference is replaced, and shows nowhere.
_PLAIN = re.compile(r"<(title|option|textarea|script|style)\b[^>]*>.*?</\1>", re.DOTALL)
_BETWEEN_TAGS = re.compile(r">[^<>]*[^<>\s][^<>]*<")
_VEIL = '<span class="veil" tabindex="0">'


def is_covered(request: HttpRequest) -> bool:
    return bool(getattr(request, "session", {}).get(KEY))


@staff_page()
@require_POST
def cover_names(request: HttpRequest) -> HttpResponse:
    """Turn it on or off and go back to the same page, as far as that page can be looked at again."""
    if is_covered(request):
        del request.session[KEY]
    else:
        request.session[KEY] = True
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if is_ours else "/")


class CoverNames:
    """Covers the references on every page of a session that asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and is_covered(request):
            response.content = covered(response.content.decode(response.charset))  # type: ignore[attr-defined]
        return response


def covered(html: str) -> str:
    """Return a page with every reference in its words covered, and every marked place reachable by keyboard."""
    pieces, end = [], 0
    for plain in _PLAIN.finditer(html):
        pieces += [_in_words(html[end : plain.start()]), _in_plain(plain)]
        end = plain.end()
    return "".join([*pieces, _in_words(html[end:])])


def _in_words(html: str) -> str:
    html = html.replace('class="veil"', 'class="veil" tabindex="0"')
    return _BETWEEN_TAGS.sub(lambda found: REFERENCE.sub(rf"{_VEIL}\g<0></span>", found[0]), html)


def _in_plain(found: "re.Match[str]") -> str:
    if found[1] in ("title", "option"):
        return ">".join(REFERENCE.sub(COVER, part) if number else part for number, part in enumerate(found[0].split(">", 1)))
    return found[0]
