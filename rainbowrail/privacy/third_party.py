"""The classes of fields in tables we did not write, and how rows of these and of the kernel's own tables end.

All of them are about staff, or about the program itself.
"""

from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.privacy.keeping import CASE_SPANS, Ends, Life
from rainbowrail.privacy.retention import Kept

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

STAFF_LIFE = Life(Ends.STAYS, because="while the account exists")
PROGRAM_LIFE = Life(Ends.STAYS, because="belongs to the program; about nobody")
KEY_LIFE = Life(Ends.STAYS, because="public halves, numbers and days of keys; about nobody")
TRAIL_LIFE = Life(Ends.STAYS, (Kept.TRAIL,), "without content")

LIVES: dict[str, Life] = {
    "contenttypes.ContentType": PROGRAM_LIFE,
    "auth.Permission": PROGRAM_LIFE,
    "auth.Group": PROGRAM_LIFE,
    "auth.Group_permissions": PROGRAM_LIFE,
    "sessions.Session": Life(Ends.GOES, because="8 hours, or until the browser closes"),
    "account.EmailAddress": STAFF_LIFE,
    "account.EmailConfirmation": STAFF_LIFE,
    "mfa.Authenticator": STAFF_LIFE,
    "accounts.User": Life(Ends.STAYS, because="closed when the person leaves; the name stays with what they did"),
    "audit.AuditEvent": TRAIL_LIFE,
    "audit.AuditLink": TRAIL_LIFE,
    "notifications.Notification": Life(Ends.STAYS, because="ids and hours of notices; no address, no text"),
    "crypto.IntakeKey": KEY_LIFE,
    "crypto.StoreKey": KEY_LIFE,
    "crypto.DestroyedKey": KEY_LIFE,
    "crypto.DataKey": Life(Ends.GOES, CASE_SPANS, "deleting the row is what erases"),
}
