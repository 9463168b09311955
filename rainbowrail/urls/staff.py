"""The staff door: sign-in, trail, cases, referrals."""

from django.conf import settings
from django.urls import include, path

from rainbowrail.accounts.views import language
from rainbowrail.web import health, names

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", language.choose_language, name="language"),
    path("cover-names/", names.cover_names, name="cover_names"),
    path("account/", include("rainbowrail.accounts.urls")),
    path("trail/", include("rainbowrail.audit.urls")),
    path("notices/", include("rainbowrail.notifications.urls")),
    path("panic/", include("rainbowrail.panic.urls")),
    path("referrals/", include("referrals.urls")),
    path("components/", include("rainbowrail.web.urls")),
    *([path("demo/", include("rainbowrail.demo.urls"))] if settings.DEMO else []),
    path("", include("cases.urls")),
]
handler400 = "rainbowrail.web.errors.bad_request"
handler403 = "rainbowrail.web.errors.forbidden"
handler404 = "rainbowrail.web.errors.not_found"
handler500 = "rainbowrail.web.errors.server_error"
