from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "rainbowrail.demo"
    label = "demo"

    def ready(self) -> None:
        from rainbowrail.demo.checks import refuse_real_people

        refuse_real_people()
