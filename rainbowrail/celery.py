"""The Celery app and the timetable of the clock."""

import os

from celery import Celery
from celery.schedules import crontab

# Whatever serves, and every command that nobody told otherwise, is production; `manage.py` says when a working copy is not.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rainbowrail.settings.production")

app = Celery("rainbowrail")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "drain the deliveries": {"task": "intake.drain", "schedule": 3.0, "options": {"expires": 3}},
    "open what was missed": {"task": "cases.open_missed", "schedule": 60.0, "options": {"expires": 60}},
    "make the clean copies that were missed": {"task": "intake.clean_missed", "schedule": 60.0, "options": {"expires": 60}},
    "cover the names on older cards": {"task": "cases.name_missed", "schedule": 60.0, "options": {"expires": 60}},
    "compare who was not compared": {"task": "cases.compare_missed", "schedule": 15.0, "options": {"expires": 15}},
    "forget what staff typed and left": {"task": "cases.forget_typed", "schedule": 3600.0, "options": {"expires": 3600}},
    "drop from the index what many share": {"task": "intake.thin_index", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget what texts were like": {"task": "cases.forget_texts", "schedule": 3600.0, "options": {"expires": 3600}},
    "send forgotten notices": {"task": "notifications.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "make the files that were missed": {"task": "referrals.build_missed", "schedule": 60.0, "options": {"expires": 60}},
    "forget passphrases not taken": {"task": "referrals.forget_passphrases", "schedule": 3600.0, "options": {"expires": 3600}},
    "show that the clock runs": {"task": "web.heartbeat", "schedule": 60.0, "options": {"expires": 60}},
    "watch the intake keys": {"task": "intake.watch_keys", "schedule": 50.0, "options": {"expires": 50}},
    "turn the intake pair": {"task": "intake.turn_pair", "schedule": 3600.0, "options": {"expires": 3600}},
    "link the audit trail": {"task": "audit.link", "schedule": 1.0, "options": {"expires": 1}},
    "say where the audit trail ends": {"task": "audit.checkpoint", "schedule": 86400.0, "options": {"expires": 3600}},
    "turn the pair after a panic": {"task": "panic.turn_pair", "schedule": 30.0, "options": {"expires": 30}},
    "verify the audit trail when asked": {"task": "audit.verify", "schedule": 10.0, "options": {"expires": 10}},
    "ask that the audit trail be verified": {
        "task": "audit.ask_daily",
        "schedule": crontab("40", "3"),
        "options": {"expires": 3600},
    },
    "shred what is due": {"task": "privacy.shred_due", "schedule": crontab("20", "2"), "options": {"expires": 3600}},
    "forget the staff sessions that ran out": {
        "task": "accounts.clear_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "end the roles to which nobody agreed": {
        "task": "accounts.end_roles_that_waited",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "empty what has expired": {"task": "intake.expire", "schedule": 900.0, "options": {"expires": 900}},
}
