"""Ways of reading staff people."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rainbowrail.accounts.models import User
from rainbowrail.accounts.whose_factor import NOTE
from rainbowrail.errors import NotAllowed
from rainbowrail.roles import AGREERS


def staff_of(request: HttpRequest) -> User:
    """Return who is signed in, on a page behind `staff_page`. Raises NotAllowed where nobody is."""
    if not isinstance(request.user, User):
        raise NotAllowed(_("Please sign in."))
    return request.user


def has_second_factor(person: str) -> Exists:
    """Return whether the person of a row, named by the column of their id, has a second factor; recovery codes are none.

    One that is bound to nobody is none either. Whose it is can only be asked where the staff web's key is
    (`whose_factor.is_theirs`): every sign-in does so, and agreeing to a role.
    """
    factors = Authenticator.objects.filter(user_id=OuterRef(person), data__has_key=NOTE)
    return Exists(factors.exclude(type=Authenticator.Type.RECOVERY_CODES))


def agreers() -> QuerySet[User]:
    """Everybody whose role lets them agree to a role that somebody else gave."""
    return User.objects.filter(roles__overlap=sorted(AGREERS), is_active=True).order_by("pk")


def could_agree() -> QuerySet[User]:
    """Those of them who have a second factor."""
    return agreers().filter(has_second_factor("pk"))
