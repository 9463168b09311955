"""Somebody with a code, on any browser: what the tests of codes share. Finds things as a person does, by pages and forms."""

import re
from typing import Any

from rainbowrail.crypto import return_code
from tests.clients import PublicClient

ONCE = re.compile(r'name="once" value="([^"]+)"')


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def shown_code(response: Any) -> str:
    found = re.search(r'<bdi class="code__groups".*?</bdi>', response.content.decode(), re.DOTALL)
    assert found is not None, text_of(response)
    return return_code.read(re.sub(r"<[^>]+>", "", found[0]))


def comes_back(code: str, browser: PublicClient | None = None) -> PublicClient:
    """Type the code on a browser (a fresh one) and get in."""
    browser = browser or PublicClient()
    response = browser.post(browser.url("intake:back"), {"return_code": code})
    assert response.status_code == 302, text_of(response)
    return browser


def is_refused(code: str) -> bool:
    """Whether the code opens nothing."""
    browser = PublicClient()
    response = browser.post(browser.url("intake:back"), {"return_code": code})
    return response.status_code == 200 and "nothing belongs to this code" in text_of(response)


def once_on(browser: PublicClient, page: str) -> str:
    found = ONCE.search(browser.get(browser.url(page)).content.decode())
    assert found is not None
    return found[1]


def takes_new_code(browser: PublicClient, present: str) -> str:
    """Change the code, and return the new one."""
    form = {"return_code": present, "once": once_on(browser, "intake:new_code")}
    response = browser.post(browser.url("intake:new_code"), form)
    assert response.status_code == 302, text_of(response)
    return shown_code(browser.get(browser.url("intake:own_code")))


def takes_second_code(browser: PublicClient, present: str) -> str:
    """Set a second code, and return it."""
    form = {"return_code": present, "once": once_on(browser, "intake:second_code")}
    response = browser.post(browser.url("intake:second_code"), form)
    assert response.status_code == 302, text_of(response)
    return shown_code(browser.get(browser.url("intake:second_code")))


def writes(browser: PublicClient, text: str) -> Any:
    return browser.post(browser.url("intake:write"), {"text": text, "once": once_on(browser, "intake:write")})
