"""A small server on this machine that speaks Vault's transit API, with real AES-GCM behind it."""

import base64
import json
import os
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "hvs.a-token-of-the-tests"


class TransitServer:
    """Listens on a free port of loopback. `status` answers everything with that status; `asked` counts requests by verb."""

    def __init__(self, key: str = "rainbowrail-store", *, certificate: tuple[Path, Path] | None = None) -> None:
        self.key, self.material = key, AESGCM.generate_key(256)
        self.status = 0
        self.body: bytes | None = None
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                status, answer = outer.answer(self.path, dict(self.headers), json.loads(self.rfile.read(length)))
                body = outer.body if outer.body is not None else json.dumps(answer).encode()
                self.send_response(status)
                if status == 307:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"{self.scheme}://localhost:{self.server.server_port}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, headers: dict[str, str], content: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.status:
            return self.status, {"errors": ["as the test wishes"]}
        if headers.get("X-Vault-Token") != TOKEN:
            return 403, {"errors": ["permission denied"]}
        if headers.get("X-Vault-Request") != "true":
            return 400, {"errors": ["missing header"]}
        self.headers.append(headers)
        match path.split("/"):
            case ["", "v1", "transit", verb, name] if name == self.key:
                self.asked.append(verb)
                return self._encrypt(content) if verb == "encrypt" else self._decrypt(content)
            case _:
                return 404, {"errors": []}

    def _encrypt(self, content: dict[str, str]) -> tuple[int, dict[str, Any]]:
        nonce = os.urandom(12)
        sealed = AESGCM(self.material).encrypt(
            nonce, base64.b64decode(content["plaintext"]), base64.b64decode(content["associated_data"])
        )
        return 200, {"data": {"ciphertext": "vault:v1:" + base64.b64encode(nonce + sealed).decode(), "key_version": 1}}

    def _decrypt(self, content: dict[str, str]) -> tuple[int, dict[str, Any]]:
        try:
            sealed = base64.b64decode(content["ciphertext"].removeprefix("vault:v1:"))
            plaintext = AESGCM(self.material).decrypt(sealed[:12], sealed[12:], base64.b64decode(content["associated_data"]))
        except (InvalidTag, ValueError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(plaintext).decode()}}
