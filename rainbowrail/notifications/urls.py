from django.urls import path

from rainbowrail.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.given_up, name="given_up"),
    path("<uuid:notification_id>/retry/", views.retry, name="retry"),
]
