from django.apps import AppConfig
from django.core import checks


class DemoConfig(AppConfig):
    name = "rainbowrail.demo"
    label = "demo"

    def ready(self) -> None:
        from rainbowrail.demo.checks import check_demo

        checks.register(check_demo, checks.Tags.security)
