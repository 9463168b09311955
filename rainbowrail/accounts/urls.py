"""The pages of allauth that we route, each with its mark: sign in, sign out, confirm it is you, second factor. No others exist.

Signing up, resetting a password by mail, managing addresses and social sign-in are not routed: staff are invited, and a mailbox
that somebody else reads must not open a case.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

from rainbowrail.accounts import views
from rainbowrail.web.doors import Door, DoorKind, View, mark_third_party

ANYBODY = Door(DoorKind.OPEN)
STAFF = Door(DoorKind.STAFF)

# Route, view, name, mark. `mfa_authenticate` comes between password and sign-in, so nobody is signed in yet;
# who cancels there signs out.
THIRD_PARTY_PAGES: list[tuple[str, View, str, Door]] = [
    ("login/", account.login, "account_login", ANYBODY),
    ("logout/", account.logout, "account_logout", ANYBODY),
    ("inactive/", account.account_inactive, "account_inactive", ANYBODY),
    ("reauthenticate/", account.reauthenticate, "account_reauthenticate", STAFF),
    ("second-factor/", mfa.index, "mfa_index", STAFF),
    ("second-factor/authenticate/", mfa.authenticate, "mfa_authenticate", ANYBODY),
    ("second-factor/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate", STAFF),
    ("second-factor/app/", totp.activate_totp, "mfa_activate_totp", STAFF),
    ("second-factor/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp", STAFF),
    ("second-factor/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes", STAFF),
    ("second-factor/recovery-codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes", STAFF),
]

urlpatterns = [
    path("", views.home, name="account_home"),
    *(path(route, mark_third_party(view, door), name=name) for route, view, name, door in THIRD_PARTY_PAGES),
]
