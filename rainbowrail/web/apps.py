from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "rainbowrail.web"

    def ready(self) -> None:
        from rainbowrail.web import tasks_scope

        tasks_scope.connect()
