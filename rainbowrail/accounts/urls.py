"""The pages of an account, each with its mark. Of allauth's pages only those of the table are routed.

Signing up, resetting a password by mail, managing addresses and social sign-in are not routed: staff are invited, and a mailbox
that somebody else reads must not open a case. allauth's own way of asking again is not routed either: it would keep a form that
was under way in the session, in the clear (decision 0028).
"""

from allauth.account import views as account
from django.urls import path

from rainbowrail.accounts.views import confirm, factors, home, invitation, own_password, people, roles, sessions, signing_in
from rainbowrail.web.doors import Door, DoorKind, View, mark_third_party

ANYBODY = Door(DoorKind.OPEN)
STAFF = Door(DoorKind.STAFF)

# Route, view, name, mark. `mfa_authenticate` comes between password and sign-in, so nobody is signed in yet;
# who cancels there signs out.
THIRD_PARTY_PAGES: list[tuple[str, View, str, Door]] = [
    ("login/", signing_in.password, "account_login", ANYBODY),
    ("logout/", account.logout, "account_logout", ANYBODY),
    ("inactive/", account.account_inactive, "account_inactive", ANYBODY),
    ("second-factor/authenticate/", signing_in.second_factor, "mfa_authenticate", ANYBODY),
    ("second-factor/app/", factors.add_app, "mfa_activate_totp", STAFF),
]

urlpatterns = [
    path("", home.home, name="account_home"),
    path("login/passkey/", signing_in.passkey, name="account_login_passkey"),
    path("confirm/", confirm.confirm, name="account_confirm"),
    path("second-factor/", factors.index, name="mfa_index"),
    path("second-factor/passkey/", factors.add_passkey, name="mfa_add_webauthn"),
    path("second-factor/<int:factor_id>/remove/", factors.remove, name="mfa_remove"),
    path("second-factor/recovery-codes/", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", factors.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("password/", own_password.password, name="account_password"),
    path("sessions/", sessions.sessions, name="account_sessions"),
    path("sessions/end-others/", sessions.end_other_sessions, name="account_end_other_sessions"),
    path("sessions/<uuid:session_id>/end/", sessions.end_session, name="account_end_session"),
    path("invitation/<str:token>/", invitation.invitation, name="account_invitation"),
    path("people/", people.people, name="account_people"),
    path("people/invite/", people.invite, name="account_invite"),
    path("people/<int:person_id>/", people.person, name="account_person"),
    path("people/<int:person_id>/close/", people.close_person, name="account_close_person"),
    path("people/<int:person_id>/suspend/", people.suspend_person, name="account_suspend_person"),
    path("people/<int:person_id>/reopen/", people.reopen_person, name="account_reopen_person"),
    path("people/<int:person_id>/password/", people.send_password_link, name="account_send_password_link"),
    path("people/<int:person_id>/reset/", people.ask_reset, name="account_ask_reset"),
    path("resets/<uuid:reset_id>/", people.decide_reset, name="account_decide_reset"),
    path("roles/", roles.roles, name="account_roles"),
    path("roles/<uuid:grant_id>/", roles.answer_role, name="account_answer_role"),
    path("invitations/<uuid:invitation_id>/again/", people.send_invitation_again, name="account_send_invitation_again"),
    path("invitations/<uuid:invitation_id>/revoke/", people.revoke_invitation, name="account_revoke_invitation"),
    *(path(route, mark_third_party(view, door), name=name) for route, view, name, door in THIRD_PARTY_PAGES),
]
