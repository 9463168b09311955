"""Pages of the public door go out small; a page that shows a code goes out as it is (decision 0033)."""

import gzip

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from rainbowrail.web.compression import CompressedPages
from tests.clients import CarefulClient, PublicClient

ACCEPTS = "gzip, deflate, br"
PAGE = "<p>One sentence after another, as pages have them.</p>" * 40


def sent(html: str, accepts: str = ACCEPTS) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/", headers={"accept-encoding": accepts})
    answer = CompressedPages(lambda _request: HttpResponse(html))(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_browser_that_takes_it_gets_a_small_page() -> None:
    answer = sent(PAGE)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.content).decode() == PAGE
    assert len(answer.content) < len(PAGE) / 4


def test_a_browser_that_does_not_gets_the_page_as_it_is() -> None:
    assert sent(PAGE, accepts="").content.decode() == PAGE


def test_the_same_page_has_another_length_each_time() -> None:
    lengths = [len(sent(PAGE).content) for _ in range(20)]
    assert len(set(lengths)) > 5


def test_a_page_that_shows_a_code_is_not_compressed() -> None:
    code = render_to_string("components/return_code.html", {"shown": "12345 67890 12345 67890 12345"})
    answer = sent(PAGE + code)
    assert "Content-Encoding" not in answer.headers
    assert answer.content.decode() == PAGE + code


@pytest.mark.parametrize("path", ["/", "/more", "/nowhere"])
def test_the_public_door_compresses_its_pages(path: str) -> None:
    assert PublicClient().get(path, headers={"accept-encoding": ACCEPTS}).headers["Content-Encoding"] == "gzip"


def test_the_staff_door_compresses_none() -> None:
    assert "rainbowrail.web.compression.CompressedPages" not in settings.STAFF_MIDDLEWARE
    assert "Content-Encoding" not in CarefulClient().get("/nowhere/", headers={"accept-encoding": ACCEPTS}).headers
