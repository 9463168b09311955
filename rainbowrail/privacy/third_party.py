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
    "account.EmailAddress": {"id": STAFF, "user": STAFF, "email": STAFF, "verified": STAFF, "primary": STAFF},
    "account.EmailConfirmation": {"id": STAFF, "email_address": STAFF, "created": STAFF, "sent": STAFF, "key": KEY},
    # `data` holds secrets that rainbowrail.accounts.second_factor sealed.
    "mfa.Authenticator": {"id": STAFF, "user": STAFF, "type": STAFF, "data": KEY, "created_at": STAFF, "last_used_at": STAFF},
}

STAFF_LIFE = Life(Ends.STAYS, because="while the account exists")
PROGRAM_LIFE = Life(Ends.STAYS, because="belongs to the program; about nobody")
KEY_LIFE = Life(Ends.STAYS, because="public halves, numbers and days of keys; about nobody")
TRAIL_LIFE = Life(Ends.GOES, (Kept.TRAIL,), "without content; by `manage.py audit expire`, as the owner and with the audit key")
MARK_LIFE = Life(Ends.STAYS, because="numbers, seals and days of the trail; about nobody but the staff who asked")

LIVES: dict[str, Life] = {
    "contenttypes.ContentType": PROGRAM_LIFE,
    "auth.Permission": PROGRAM_LIFE,
    "auth.Group": PROGRAM_LIFE,
    "auth.Group_permissions": PROGRAM_LIFE,
    "account.EmailAddress": STAFF_LIFE,
    "account.EmailConfirmation": STAFF_LIFE,
    "mfa.Authenticator": STAFF_LIFE,
    "accounts.User": Life(Ends.STAYS, because="closed when the person leaves; the name stays with what they did"),
    "accounts.StaffSession": Life(Ends.GOES, because="30 minutes after the last page, 8 hours at most; the row 16 hours"),
    "accounts.Invitation": Life(Ends.STAYS, because="who invited whom, and when; the link works 72 hours"),
    "accounts.FactorReset": STAFF_LIFE,
    "accounts.RoleGrant": Life(Ends.STAYS, because="who gave which role to whom, and who agreed; it waits 14 days"),
    "audit.AuditEvent": TRAIL_LIFE,
    "audit.AuditLink": TRAIL_LIFE,
    "audit.AuditExpiry": MARK_LIFE,
    "audit.AuditAnchor": MARK_LIFE,
    "audit.AuditAsked": Life(Ends.GOES, because="some seconds: until the worker has walked the trail"),
    "audit.AuditVerification": MARK_LIFE,
    "notifications.Notification": Life(Ends.STAYS, because="ids and hours of notices; no address, no text"),
    "crypto.IntakeKey": KEY_LIFE,
    "crypto.StoreKey": KEY_LIFE,
    "crypto.DestroyedKey": KEY_LIFE,
    "crypto.DataKey": Life(Ends.GOES, CASE_SPANS, "deleting the row is what erases"),
}
