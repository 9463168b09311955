"""The applicant door: intake and health, nothing else."""

from django.urls import include, path

from rainbowrail.web import health, language

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", language.choose_language, name="language"),
    path("language/<slug:code>", language.begin_in, name="language_of"),
    path("", include("intake.urls")),
]
handler400 = "rainbowrail.web.errors.bad_request"
handler403 = "rainbowrail.web.errors.forbidden"
handler404 = "rainbowrail.web.errors.not_found"
handler500 = "rainbowrail.web.errors.server_error"
