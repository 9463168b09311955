"""Routed by the staff door in the demo only."""

from django.urls import path

from rainbowrail.demo import views

app_name = "demo"
urlpatterns = [path("", views.door, name="door")]
