"""What gunicorn serves: the door that RAINBOWRAIL_PROCESS names."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rainbowrail.settings.production")

application = get_wsgi_application()

from rainbowrail.crypto import checks  # noqa: E402 - Django must be set up first

checks.refuse_to_start()
