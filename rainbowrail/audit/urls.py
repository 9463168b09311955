from django.urls import path

from rainbowrail.audit.views import footprint, trail

app_name = "audit"
urlpatterns = [
    path("", trail.trail, name="trail"),
    path("mine/", footprint.footprint, name="footprint"),
]
