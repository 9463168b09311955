"""What a browser is told when somebody leaves in a hurry."""

from django.http import HttpResponse

from rainbowrail.web.leaving import forget_everything


def test_the_browser_is_asked_to_drop_what_it_keeps() -> None:
    assert forget_everything(HttpResponse()).headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
