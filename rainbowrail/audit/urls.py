from django.urls import path

from rainbowrail.audit.views import footprint, trail, unusual, whole

app_name = "audit"
urlpatterns = [
    path("", trail.trail, name="trail"),
    path("table/", trail.table, name="table"),
    path("unusual/", unusual.unusual, name="unusual"),
    path("whole/", whole.whole, name="whole"),
    path("whole/verify/", whole.verify, name="verify"),
    path("whole/checkpoint/", whole.checkpoint, name="checkpoint"),
    path("mine/", footprint.footprint, name="footprint"),
    path("my-cases/", footprint.my_cases, name="my_cases"),
]
