"""What the staff door tells higher apps.

`form_put_off(request=…, user=…)`: a form came in that is not taken now, because its session had run out a short while ago or
because `user`, whose session it is or was, has to show a factor again first. The request is answered in the same way whatever
a receiver does. A receiver returns True for a form whose text it keeps, whether or not there is such a case for the person:
what they are told must not say so.
"""

from django.dispatch import Signal
from django.http import HttpRequest

from rainbowrail.accounts.models import User

form_put_off = Signal()


def is_kept(request: HttpRequest, user: User) -> bool:
    """Tell higher apps of a form that is not taken now, and return whether one of them keeps what is typed into it."""
    answers: list[tuple[object, object]] = list(form_put_off.send(None, request=request, user=user))
    return any(answer is True for _receiver, answer in answers)
