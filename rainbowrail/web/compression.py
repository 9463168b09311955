"""Pages of the public door, small on a slow line, without telling by their length what stands on them (decision 0033)."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Stands on the element that shows a secret which must never be guessed by length: templates/components/return_code.html.
NEVER = b"data-never-compressed"


class CompressedPages(GZipMiddleware):
    """Compresses whole pages for browsers that take gzip, each with up to 100 random bytes more, so that no length repeats.

    A page that shows a return code goes out as it is.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or NEVER in cast(HttpResponse, response).content:
            return response
        return super().process_response(request, response)
