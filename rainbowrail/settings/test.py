"""Tests: every app and every key in one process; the doors as real processes are the journeys' business."""

import os
import tempfile
from pathlib import Path

# The suite is one process that plays all parts; tests/conftest.py makes the servers and the keys before this is read.
os.environ.setdefault("RAINBOWRAIL_PROCESS", "test")
os.environ.setdefault("RAINBOWRAIL_KEYS", str(Path(tempfile.gettempdir()) / "rainbowrail-test-keys"))
os.environ.setdefault("DATABASE_URL", "postgresql://localhost/rainbowrail")
os.environ.setdefault("REDIS_URL", "redis://localhost/0")

from rainbowrail.settings.dev import *

SECRET_KEY = SECRET_KEY or "only-for-tests-and-static-checks"
# Argon2 at full strength would spend the suite's minutes on invented passwords.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest needs collectstatic; tests look at names, not at hashes.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Nothing was collected; files are looked for when they are asked for.
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = False
