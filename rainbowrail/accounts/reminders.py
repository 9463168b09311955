"""What `doctor` says about accounts."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator

from rainbowrail.accounts.models import User
from rainbowrail.accounts.queries import could_agree
from rainbowrail.accounts.whose_factor import NOTE


def complaints() -> Iterator[str]:
    """Say when roles that an administrator gives would wait for nobody, and when factors open nothing. Three queries."""
    number = could_agree().count()
    if number < 2 and User.objects.filter(is_active=True).exists():
        yield (
            f"{'Only one person' if number else 'Nobody'} could agree to roles that somebody gives; it takes two people with a "
            "second factor. Add a lead, a manager or another administrator (`manage.py staff add`), or agree at the host "
            "to one who was invited (`manage.py staff agree`)."
        )
    if unbound := Authenticator.objects.filter(user__is_active=True).exclude(data__has_key=NOTE).count():
        yield (
            f"{unbound} second factors are bound to nobody and open nothing: they were not added on the pages of this version. "
            "Whoever cannot sign in asks an administrator to reset their factor; otherwise find out who wrote to the database."
        )
