from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "rainbowrail.lifecycle"
