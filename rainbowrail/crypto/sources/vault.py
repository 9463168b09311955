"""HashiCorp Vault's (or OpenBao's) transit engine closes the store key: two calls of its HTTP API, and no library.

    POST /v1/<mount>/encrypt/<key>   {"plaintext": base64, "associated_data": base64}   gives data.ciphertext, "vault:v1:…"
    POST /v1/<mount>/decrypt/<key>   {"ciphertext": "vault:v1:…", "associated_data": base64}   gives data.plaintext, base64

Set up there once: `vault write -f transit/keys/rainbowrail-store type=aes256-gcm96 exportable=false`, and a token whose policy
allows `update` on `transit/decrypt/rainbowrail-store` (and on `encrypt`, for whoever makes keys). The token is read from a file
for each call, since an agent renews it. TLS certificates are checked; plain HTTP is for loopback only. No redirect is followed
and no proxy is asked: either would see the token. What Vault says in an error is not repeated, its status is.

Source: developer.hashicorp.com/vault/api-docs/secret/transit, read in November 2026.
"""

import base64
import http.client
import ipaddress
import json
import re
import ssl
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings

from rainbowrail.crypto.errors import KeyServiceRefused, KeyServiceUnreachable

SECONDS = 10
MOST_BYTES = 65_536  # of an answer; ours have some hundred
PATH_PART = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
SEALED, STANDBY = 503, 429


@dataclass(frozen=True)
class Vault:
    """One transit key of one server. `address` as in `https://vault.example.org:8200`."""

    address: str
    token_file: Path
    key: str
    mount: str = "transit"
    namespace: str = ""
    ca_file: Path | None = None
    name: str = "vault"

    @classmethod
    def configured(cls) -> Self:
        """Return the one that the settings name. Raises KeyServiceRefused for settings that cannot work."""
        told: dict[str, Any] = settings.VAULT
        if not told["address"] or not told["token_file"]:
            raise KeyServiceRefused("The key service vault needs RAINBOWRAIL_VAULT_ADDRESS and RAINBOWRAIL_VAULT_TOKEN_FILE.")
        return cls(**told)

    def wrap(self, key: bytes, *, what: str) -> str:
        """Return the key closed by Vault: `vault:v1:` and base64."""
        answer = self._ask("encrypt", {"plaintext": _base64(key)}, what)
        if not isinstance(closed := answer.get("ciphertext"), str) or not closed.startswith("vault:"):
            raise KeyServiceRefused("Vault closed the key to something that is not one of its ciphertexts.")
        return closed

    def unwrap(self, wrapped: str, *, what: str) -> bytes:
        """Return the key that `wrap` closed under the same name."""
        answer = self._ask("decrypt", {"ciphertext": wrapped}, what)
        try:
            return base64.b64decode(answer["plaintext"], validate=True)
        except (KeyError, TypeError, ValueError):
            pass  # raised below, without what Vault sent as its context
        raise KeyServiceRefused("Vault's answer holds no key.")

    def _ask(self, verb: str, content: dict[str, str], what: str) -> dict[str, Any]:
        for part in (self.mount, self.key):
            if not PATH_PART.fullmatch(part) or ".." in part:
                raise KeyServiceRefused(
                    "RAINBOWRAIL_VAULT_MOUNT and _KEY take letters, digits, dots, dashes, underscores only."
                )
        body = json.dumps({**content, "associated_data": _base64(what.encode())})
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true", "Content-Type": "application/json"}
        if self.namespace:
            headers["X-Vault-Namespace"] = self.namespace
        prefix = urlsplit(self.address).path.rstrip("/")
        connection = self._connection()
        try:
            connection.request("POST", f"{prefix}/v1/{self.mount}/{verb}/{self.key}", body, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read(MOST_BYTES)
        except ssl.SSLCertVerificationError:
            trouble = "its certificate is not one we trust (RAINBOWRAIL_VAULT_CA names the authority)"
        except (OSError, http.client.HTTPException) as error:
            trouble = type(error).__name__
        else:
            return _data_of(status, text)
        finally:
            connection.close()
        raise KeyServiceUnreachable(f"Vault at {self.address} does not answer: {trouble}.")

    def _connection(self) -> http.client.HTTPConnection:
        url = urlsplit(self.address)
        if url.username or not url.hostname:
            raise KeyServiceRefused("RAINBOWRAIL_VAULT_ADDRESS is like https://vault.example.org:8200.")
        if url.scheme == "https":
            trusted = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
            return http.client.HTTPSConnection(url.hostname, url.port or 443, timeout=SECONDS, context=trusted)
        if url.scheme == "http" and _is_loopback(url.hostname):
            return http.client.HTTPConnection(url.hostname, url.port or 80, timeout=SECONDS)
        raise KeyServiceRefused("RAINBOWRAIL_VAULT_ADDRESS must begin with https://; http:// is for this machine only.")

    def _token(self) -> str:
        try:
            mode, token = stat.S_IMODE(self.token_file.stat().st_mode), self.token_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            trouble = type(error).__name__
        else:
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise KeyServiceRefused(f"{self.token_file} can be used by others on this machine; chmod 600 it.")
            if not token or not token.isprintable():
                raise KeyServiceRefused(f"{self.token_file} holds no token.")
            return token
        raise KeyServiceRefused(f"The token of the key service cannot be read from {self.token_file} ({trouble}).")


def _data_of(status: int, text: bytes) -> dict[str, Any]:
    match status:
        case 200:
            pass
        case 403:
            raise KeyServiceRefused("Vault refuses our token (403): expired, or its policy does not allow this key.")
        case 400 | 404:
            raise KeyServiceRefused(f"Vault does not know this key, or did not close what we gave it ({status}).")
        case _ if status in {SEALED, STANDBY}:
            raise KeyServiceUnreachable(f"Vault is sealed or standing by ({status}); unseal it, or name the active server.")
        case _:
            raise KeyServiceUnreachable(f"Vault answered with status {status}.")
    try:
        data = json.loads(text)["data"]
    except (ValueError, KeyError, TypeError):
        data = None
    if not isinstance(data, dict):
        raise KeyServiceRefused("What answers at RAINBOWRAIL_VAULT_ADDRESS does not speak as Vault does.")
    return data


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
