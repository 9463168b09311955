"""The classes of fields in tables we did not write. All of them are about staff, or about the program itself."""

from rainbowrail.privacy.classification import PrivacyClass

CLEAR, STAFF, KEY, LOOKUP = PrivacyClass.CLEAR, PrivacyClass.STAFF, PrivacyClass.KEY, PrivacyClass.LOOKUP

FIELDS: dict[str, dict[str, PrivacyClass]] = {
    "contenttypes.ContentType": {"id": CLEAR, "app_label": CLEAR, "model": CLEAR},
    "auth.Permission": {"id": CLEAR, "name": CLEAR, "content_type": CLEAR, "codename": CLEAR},
    "auth.Group": {"id": CLEAR, "name": CLEAR},
    "auth.Group_permissions": {"id": CLEAR, "group": CLEAR, "permission": CLEAR},
    # Signed, not sealed: who is signed in, and where allauth stands with them.
    "sessions.Session": {"session_key": KEY, "session_data": STAFF, "expire_date": STAFF},
    "account.EmailAddress": {"id": STAFF, "user": STAFF, "email": STAFF, "verified": STAFF, "primary": STAFF},
    "account.EmailConfirmation": {"id": STAFF, "email_address": STAFF, "created": STAFF, "sent": STAFF, "key": KEY},
    # `data` holds secrets that rainbowrail.accounts.second_factor sealed.
    "mfa.Authenticator": {"id": STAFF, "user": STAFF, "type": STAFF, "data": KEY, "created_at": STAFF, "last_used_at": STAFF},
}
