"""Names of symmetric keys: 64 hex digits that tell two keys apart and help nobody to guess one."""

import hashlib
import hmac

from rainbowrail.crypto.encoding import encode


def fingerprint(kind: str, key: bytes) -> str:
    """Return 64 hex digits that name a symmetric key without helping to guess it: the key is 256 random bits."""
    return hmac.new(key, encode("rainbowrail key fingerprint", kind), hashlib.sha256).hexdigest()
