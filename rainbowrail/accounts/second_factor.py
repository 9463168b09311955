"""Keeps the secrets of staff's second factors sealed; allauth stores them in the clear unless it is told otherwise.

Only the staff web holds the TOTP key. `rainbowrail.accounts.middleware` asks everybody for a second factor (decision 0028).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.safestring import mark_safe

from rainbowrail.crypto import keyring, small_seals
from rainbowrail.crypto.sources.files import Kind

LABEL = "staff second factor"
CONTEXT = "authenticator.secret.v1"
# allauth does not say whose secret it seals; `whose_factor` binds each factor to its person.
NO_ROW = UUID(int=0)


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    def encrypt(self, text: str) -> str:
        """Return key id and sealed secret, as text. Raises KeyNotHeld outside the staff web."""
        key_id, key = keyring.newest(Kind.TOTP)
        sealed = small_seals.seal(key, text.encode(), label=LABEL, context=CONTEXT, row_id=NO_ROW)
        return f"{key_id}.{urlsafe_b64encode(sealed).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises KeyNotHeld, KeyMissing, OpenFailed; a secret that is not sealed does not open either."""
        key_id, _, sealed = encrypted_text.partition(".")
        key = keyring.secret(Kind.TOTP, key_id)
        return small_seals.open_sealed(key, urlsafe_b64decode(sealed), label=LABEL, context=CONTEXT, row_id=NO_ROW).decode()

    def get_totp_issuer(self) -> str:
        """A neutral name: it stands on the screen of a private phone."""
        return "Office"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host that passkeys belong to: as configured, never as a request says."""
        return {"id": settings.STAFF_HOST, "name": self.get_totp_issuer()}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Never by allauth's own pages; ours say why the last one stays."""
        return False

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, as an `<svg>` that stands in the page itself: our content policy allows no data: address."""
        drawn: str = super().build_totp_svg(url)
        return mark_safe("<svg" + drawn.partition("<svg")[2])  # noqa: S308 - drawn by the library from a secret of ours, no input
