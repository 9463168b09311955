"""Development and the demo: the same processes on one machine, over plain HTTP on loopback."""

import os
from pathlib import Path

# `manage.py score` and other commands that touch no database work on a fresh checkout; `make run` names the real parts.
os.environ.setdefault("RAINBOWRAIL_PROCESS", "owner")
os.environ.setdefault("RAINBOWRAIL_KEYS", str(Path(__file__).resolve().parents[2] / ".run" / "keys" / "owner"))
os.environ.setdefault("DATABASE_URL", "postgresql://localhost/rainbowrail")
os.environ.setdefault("REDIS_URL", "redis://localhost/0")

from rainbowrail.settings import env

env.open_demo()

from rainbowrail.settings.base import *  # noqa: E402 - the demo is opened before it

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# Loopback has no TLS, so a Secure or __Host- cookie would never come back, and HSTS would outlive the demo.
SECURE_SSL_REDIRECT = False
# Whoever tries it out, by hand or in a test, is faster than an applicant; say RAINBOWRAIL_FASTEST_SECONDS to see the mark.
FASTEST_SECONDS = int(env.text("RAINBOWRAIL_FASTEST_SECONDS", "0"))
SECURE_HSTS_SECONDS = 0
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES = False
CSRF_COOKIE_NAME = "form" if IS_PUBLIC else "staff-form"
VISIT_COOKIE_NAME = "visit"
SESSION_COOKIE_NAME = "staff"
GALLERY = True
