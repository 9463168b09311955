from django.urls import path

from rainbowrail.audit.views import trail

app_name = "audit"
urlpatterns = [path("", trail.trail, name="trail")]
