"""What gunicorn serves: the door that RAINBOWRAIL_PROCESS names."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from rainbowrail.crypto import checks  # noqa: E402 - Django must be set up first

checks.refuse_to_start()
