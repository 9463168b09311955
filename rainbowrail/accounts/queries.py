"""Ways of reading staff people."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rainbowrail.accounts.models import User
from rainbowrail.errors import NotAllowed


def staff_of(request: HttpRequest) -> User:
    """Return who is signed in, on a page behind `staff_page`. Raises NotAllowed where nobody is."""
    if not isinstance(request.user, User):
        raise NotAllowed(_("Please sign in."))
    return request.user
