from django.urls import path

from rainbowrail.panic import views

app_name = "panic"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("begin/", views.begin, name="begin"),
    path("hosts/", views.hosts, name="hosts"),
    path("ask-end/", views.ask_end, name="ask_end"),
    path("keep/", views.keep, name="keep"),
    path("end/", views.end, name="end"),
]
