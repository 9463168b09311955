"""What both doors tell gunicorn: `gunicorn --config python:rainbowrail.web.gunicorn_settings`.

Its own words pass the allow-list of `logs`, since an error outside Django would otherwise print the address and the message;
and answers do not name the server and its kind.
"""

import os
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from rainbowrail.web import logs


class AllowListLogger(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """Hands every line of gunicorn to the root logger; there is no access log, since it would say who was here and when."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        level = cfg.loglevel.upper()
        logs.configure({"level": level, "process": os.environ.get("RAINBOWRAIL_PROCESS", "")})
        for log in (self.error_log, self.access_log):
            for handler in list(log.handlers):
                log.removeHandler(handler)
        self.error_log.propagate = True

    def access(self, *args: Any, **kwargs: Any) -> None:
        """Write nothing."""


def _headers_without_a_name(self: Any) -> list[str]:
    return [line for line in _default_headers(self) if not line.lower().startswith("server:")]


_default_headers = wsgi.Response.default_headers
wsgi.Response.default_headers = _headers_without_a_name

logger_class = AllowListLogger
accesslog = None
