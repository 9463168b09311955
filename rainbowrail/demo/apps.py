from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "rainbowrail.demo"
    label = "demo"
