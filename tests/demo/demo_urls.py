"""The staff door's addresses as they are in the demo."""

from django.urls import include, path

from rainbowrail.urls import staff

urlpatterns = [path("demo/", include("rainbowrail.demo.urls")), *staff.urlpatterns]
handler404 = staff.handler404
