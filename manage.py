#!/usr/bin/env python
"""The command line of Rainbowrail: `python manage.py help` lists what it can do."""

import os
import sys
from pathlib import Path

# `make` leaves it in the environment that it installs. Without it this is no working copy, and the settings are production's.
WORKING_COPY = Path(sys.prefix) / ".rainbowrail-installed"


def main() -> None:
    kind = "dev" if WORKING_COPY.exists() else "production"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"rainbowrail.settings.{kind}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
