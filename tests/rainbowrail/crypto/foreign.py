"""The tools an office has: what we seal must open with them. Missing, they fail the tests where CI=true and skip elsewhere."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PACKAGES = {"age": "age", "gpg": "gnupg", "openssl": "openssl", "7z": "p7zip-full"}


def tool(name: str) -> str:
    """Return the path of a foreign tool, or end the test."""
    found = shutil.which(name)
    if found is None:
        assert os.environ.get("CI") != "true", f"install {PACKAGES[name]}: what we seal must open with a foreign tool"
        pytest.skip(f"{name} is not installed here")
    return found


# --- OpenPGP ---


@dataclass(frozen=True)
class GnuPG:
    """A GnuPG home of its own, in which an official makes keys and opens files."""

    home: Path

    def run(self, *arguments: str, given: bytes | None = None, on: str = "") -> bytes:
        """Run gpg and return what it prints; `on` is the day it believes in, such as 20200101T000000."""
        command = [
            tool("gpg"),
            "--homedir",
            str(self.home),
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
        ]
        command += ["--faked-system-time", on] if on else []
        return subprocess.run([*command, *arguments], input=given, capture_output=True, check=True, timeout=120).stdout

    def make_key(self, name: str, kind: str = "future-default", ends: str = "2y", *, use: str = "default", on: str = "") -> str:
        """Make a key without a passphrase and return its public half, armoured."""
        self.run("--quick-gen-key", f"{name}@office.example", kind, use, ends, on=on)
        return self.public(name)

    def public(self, name: str) -> str:
        return self.run("--armor", "--export", f"{name}@office.example").decode()

    def fingerprint(self, name: str) -> str:
        """Return the fingerprint that gpg shows for a key whose secret half it holds."""
        lines = self.run("--with-colons", "--list-secret-keys", f"{name}@office.example").decode().splitlines()
        return next(line.split(":")[9] for line in lines if line.startswith("fpr:"))

    def revoke(self, name: str) -> str:
        certificate = self.home / "openpgp-revocs.d" / f"{self.fingerprint(name)}.rev"
        self.run("--import", given=certificate.read_bytes().replace(b":-----BEGIN", b"-----BEGIN"))
        return self.public(name)

    def opens(self, sealed: bytes) -> bytes:
        return self.run("--decrypt", given=sealed)


@contextmanager
def gnupg() -> Iterator[GnuPG]:
    """Lend a home with a short path (gpg's agent has a socket there), and stop the agent afterwards."""
    tool("gpg")
    with tempfile.TemporaryDirectory(prefix="gpg-", ignore_cleanup_errors=True) as folder:
        try:
            yield GnuPG(Path(folder))
        finally:
            subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], capture_output=True, check=False)


# --- S/MIME ---


@dataclass(frozen=True)
class Certified:
    """A certificate and its private key, both as PEM."""

    certificate: str
    private_key: str

    def opens(self, sealed: bytes, folder: Path) -> bytes:
        """Let `openssl cms` open the file. Raises CalledProcessError when it does not open."""
        (folder / "key.pem").write_text(self.private_key)
        command = [tool("openssl"), "cms", "-decrypt", "-inform", "DER", "-inkey", "key.pem"]
        return subprocess.run(command, input=sealed, cwd=folder, capture_output=True, check=True).stdout


def make_certificate(
    *,
    bits: int = 3072,
    days: tuple[int, int] = (-1, 365),
    extensions: tuple[x509.ExtensionType, ...] = (),
    curve: bool = False,
) -> Certified:
    """Return a self-signed certificate of an official, valid from and to so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Maren Tran")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now + timedelta(days=days[0])).not_valid_after(now + timedelta(days=days[1]))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Certified(builder.sign(key, hashes.SHA256()).public_bytes(pem).decode(), private.decode())


def key_usage(*uses: str) -> x509.KeyUsage:
    """Return the extension with these uses, such as key_encipherment."""
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
    names += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: name in uses for name in names})


# --- archives ---


def seven_zip_opens(sealed: bytes, passphrase: str, folder: Path) -> bytes:
    """Let 7-Zip open the archive and return its only entry. Raises CalledProcessError when it does not open."""
    (folder / "sealed.zip").write_bytes(sealed)
    command = [tool("7z"), "e", "-so", "-y", f"-p{passphrase}", "sealed.zip"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout
