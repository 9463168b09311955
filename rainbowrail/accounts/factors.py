"""What second factors somebody has."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy

from rainbowrail.accounts.models import User
from rainbowrail.accounts.whose_factor import is_theirs

# For somebody who has factors, of which none is bound to them.
NONE_OPENS = gettext_lazy("None of your second factors opens your account any more. Ask an administrator to reset your factor.")
PASSKEY, APP, CODES = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True, slots=True)
class Owned:
    """The factors of one person: passkeys in the order they were added, the app, and how many recovery codes are unused."""

    passkeys: tuple[Authenticator, ...] = ()
    app: Authenticator | None = None
    codes_left: int | None = None

    @property
    def any(self) -> bool:
        """Whether the person can sign in with a second factor; recovery codes alone are none."""
        return bool(self.passkeys or self.app)

    @property
    def opens(self) -> bool:
        """Whether anything here gets the person past the second step of signing in."""
        return self.any or self.codes_left is not None

    @property
    def is_last(self) -> bool:
        """Whether removing one would leave none."""
        return len(self.passkeys) + bool(self.app) == 1


def kinds_of(person: User) -> Owned:
    """Return what factors a person has: one query. One that was added by nobody, or by somebody else, is none of theirs."""
    rows = [row for row in Authenticator.objects.filter(user_id=person.pk).order_by("pk") if is_theirs(row)]
    codes = next((row for row in rows if row.type == CODES), None)
    return Owned(
        passkeys=tuple(row for row in rows if row.type == PASSKEY),
        app=next((row for row in rows if row.type == APP), None),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )
