"""Starts the public process of `upload_process` against this test's database."""

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.db import connection

from tests.factories.intake import Sent

MEBIBYTE = 1024 * 1024
MAY_GROW = 32 * MEBIBYTE


def upload(done: Sent, size: int) -> dict[str, Any]:
    """Upload a file of `size` bytes from this session; return {"status", "grew" in bytes, "seconds"}."""
    environment = os.environ | {
        "RAINBOWRAIL_PROCESS": "public",
        "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.dev",
        "UPLOAD_DATABASE": str(connection.settings_dict["NAME"]),
        "UPLOAD_SECRET": done.visit.secret,
        "UPLOAD_BYTES": str(size),
    }
    command = [sys.executable, "-m", "tests.bench.upload_process"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=280)
    assert run.returncode == 0, run.stderr[-3000:]
    return dict(json.loads(run.stdout.splitlines()[-1]))
