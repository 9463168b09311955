"""The public process loads no part of the staff side, in every module that its pages need."""

import json
import os
import subprocess
import sys

from django.conf import settings

PROGRAM = """
import json, os, sys
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import intake.access, intake.actions, intake.limiter, intake.upload
ours = ("rainbowrail.", "intake.", "cases", "referrals", "django.contrib.", "PIL", "pikepdf", "pillow_heif", "lxml")
print(json.dumps(sorted(name for name in sys.modules if name.startswith(ours))))
"""
STAFF_SIDE = (
    "rainbowrail.audit", "rainbowrail.accounts", "rainbowrail.notifications", "rainbowrail.lifecycle", "cases", "referrals",
    "intake.evidence", "intake.arriving_files", "rainbowrail.crypto.clean", "PIL", "pikepdf", "pillow_heif", "lxml",
    "django.contrib.auth", "django.contrib.sessions", "django.contrib.contenttypes",
    "intake.drain", "intake.tasks", "intake.notifications", "intake.staff_actions", "intake.safe_contact", "intake.retention",
)  # fmt: skip


def test_the_public_process_imports_nothing_of_the_staff_side() -> None:
    environment = os.environ | {"RAINBOWRAIL_PROCESS": "public", "DJANGO_SETTINGS_MODULE": "rainbowrail.settings.dev"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert "intake.views.questionnaire" in loaded
    assert [name for name in loaded if name.startswith(STAFF_SIDE)] == []
