"""A program that breaks outside Django, and says something private when it does."""

from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/fine":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"fine"]
    raise RuntimeError("could not serve Canary-7731")
