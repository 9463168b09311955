"""What the staff door tells higher apps.

`form_after_the_end(request=…, user=…)`: a form came in whose session had run out a short while ago; `user` is whose session it
was. The request is answered with the sign-in page whatever a receiver does.
"""

from django.dispatch import Signal

form_after_the_end = Signal()
