"""The store key closed by Vault: opened once at start, and every way in which that can fail has a name."""

import json
import socket
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.test import override_settings

from rainbowrail.crypto import checks, datakeys, keyring
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.errors import KeyFileUnreadable, KeyServiceRefused, KeyServiceUnreachable
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import store
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources import files, services
from rainbowrail.crypto.sources.files import Kind
from rainbowrail.crypto.sources.vault import Vault
from rainbowrail.settings.env import Process
from tests.rainbowrail.crypto.folders import MADE_ON, all_folders
from tests.rainbowrail.crypto.vault_server import TOKEN, TransitServer

KEY = bytes(range(32))


@pytest.fixture
def server() -> Iterator[TransitServer]:
    running = TransitServer()
    services._unwrapped.cache_clear()
    yield running
    running.stop()
    services._unwrapped.cache_clear()


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def vault(server: TransitServer, token_file: Path) -> Vault:
    return Vault(server.address, token_file, "rainbowrail-store")


@pytest.fixture
def settings_for(server: TransitServer, token_file: Path) -> dict[str, Any]:
    told = {
        "address": server.address,
        "token_file": token_file,
        "key": "rainbowrail-store",
        "mount": "transit",
        "namespace": "",
        "ca_file": None,
    }
    return {"KEY_SERVICE": "vault", "VAULT": told}


def test_what_vault_closed_it_opens_again(vault: Vault) -> None:
    wrapped = vault.wrap(KEY, what="store key 1")

    assert wrapped.startswith("vault:v1:")
    assert vault.unwrap(wrapped, what="store key 1") == KEY


def test_a_wrap_that_was_put_into_the_place_of_another_is_refused(vault: Vault) -> None:
    wrapped = vault.wrap(KEY, what="store key 1")

    with pytest.raises(KeyServiceRefused, match="did not close what we gave it"):
        vault.unwrap(wrapped, what="store key 2")


def test_a_namespace_is_told(server: TransitServer, token_file: Path) -> None:
    Vault(server.address, token_file, "rainbowrail-store", namespace="team").wrap(KEY, what="x")

    assert server.headers[-1]["X-Vault-Namespace"] == "team"


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (403, KeyServiceRefused, "refuses our token"),
        (404, KeyServiceRefused, "does not know this key"),
        (400, KeyServiceRefused, "does not know this key"),
        (503, KeyServiceUnreachable, "sealed"),
        (429, KeyServiceUnreachable, "standing by"),
        (500, KeyServiceUnreachable, "status 500"),
        (307, KeyServiceUnreachable, "status 307"),
    ],
)
def test_each_refusal_has_a_name_and_repeats_nothing(
    server: TransitServer, vault: Vault, status: int, error: type[Exception], words: str
) -> None:
    server.status = status

    with pytest.raises(error, match=words) as refused:
        vault.unwrap("vault:v1:abc", what="store key 1")

    assert TOKEN not in str(refused.value)
    assert "as the test wishes" not in str(refused.value)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"data": 1}', b'{"data": {"plaintext": 5}}', b'{"data": {}}'])
def test_something_that_is_not_vault_is_refused(server: TransitServer, vault: Vault, body: bytes) -> None:
    server.body = body

    with pytest.raises(KeyServiceRefused):
        vault.unwrap("vault:v1:abc", what="x")
    with pytest.raises(KeyServiceRefused):
        vault.wrap(KEY, what="x")


def test_a_server_that_is_away_is_unreachable(token_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(KeyServiceUnreachable, match="does not answer: ConnectionRefusedError"):
        Vault(f"http://127.0.0.1:{port}", token_file, "k").wrap(KEY, what="x")


@pytest.mark.parametrize(
    "address", ["http://vault.example.org:8200", "vault.example.org", "ftp://localhost", "https://me:secret@localhost", ""]
)
def test_a_token_never_travels_in_the_clear(token_file: Path, address: str) -> None:
    with pytest.raises(KeyServiceRefused):
        Vault(address, token_file, "k").wrap(KEY, what="x")


@pytest.mark.parametrize("key", ["../sys/seal", "a/../b", "a?b", "a b", ""])
def test_a_key_name_cannot_leave_its_path(server: TransitServer, token_file: Path, key: str) -> None:
    with pytest.raises(KeyServiceRefused, match="letters, digits"):
        Vault(server.address, token_file, key).wrap(KEY, what="x")
    assert server.asked == []


@pytest.mark.parametrize(
    ("text", "mode", "words"), [("", 0o600, "holds no token"), (TOKEN, 0o644, "others"), (None, 0, "cannot")]
)
def test_a_token_file_must_be_private_and_hold_a_token(
    server: TransitServer, tmp_path: Path, text: str | None, mode: int, words: str
) -> None:
    path = tmp_path / "other-token"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)

    with pytest.raises(KeyServiceRefused, match=words):
        Vault(server.address, path, "rainbowrail-store").wrap(KEY, what="x")


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    public, private = folder / "certificate.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public, private


def test_a_certificate_is_checked(tmp_path: Path, token_file: Path) -> None:
    pair = certificate(tmp_path)
    server = TransitServer(certificate=pair)
    try:
        trusted = Vault(server.address, token_file, "rainbowrail-store", ca_file=pair[0])
        assert trusted.unwrap(trusted.wrap(KEY, what="x"), what="x") == KEY
        with pytest.raises(KeyServiceUnreachable, match="certificate is not one we trust"):
            Vault(server.address, token_file, "rainbowrail-store").wrap(KEY, what="x")
    finally:
        server.stop()


def test_the_files_of_a_closed_store_key_open_nothing_by_themselves(tmp_path: Path, settings_for: dict[str, Any]) -> None:
    with override_settings(**settings_for):
        root = all_folders(tmp_path / "keys")
        with keyring.using(root / "worker"):
            store_key = keyring.secret(Kind.STORE, 1)

    for path in root.rglob("store-1.key"):
        content = json.loads(path.read_text())
        assert content["service"] == "vault"
        assert "key" not in content
    everything = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert store_key not in everything
    with override_settings(KEY_SERVICE=""), keyring.using(root / "staff"), pytest.raises(KeyServiceRefused, match="vault"):
        services._unwrapped.cache_clear()
        keyring.current()


def test_vault_is_asked_once_and_never_for_a_data_key(
    db: None, tmp_path: Path, server: TransitServer, settings_for: dict[str, Any]
) -> None:
    for rows in (DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    with override_settings(**settings_for):
        root = all_folders(tmp_path / "keys")
        with override_settings(KEYS_DIR=root / "all"):
            call_command("keys", "register", verbosity=0)
            server.asked.clear()
            for _ in range(20):
                datakeys.create(uuid.uuid4(), Compartment.STORY)
                keyring.reload()
            assert server.asked == ["decrypt"]
            keyring.reload()


def test_a_store_key_that_vault_closes_turns_as_any_other(db: None, tmp_path: Path, settings_for: dict[str, Any]) -> None:
    for rows in (DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    with override_settings(**settings_for):
        root = all_folders(tmp_path / "keys")
        with override_settings(KEYS_DIR=root / "all"):
            call_command("keys", "register", verbosity=0)
            person = uuid.uuid4()
            material = datakeys.create(person, Compartment.STORY).material
            store.rotate(Places.of_installation(root), today=MADE_ON)

            assert datakeys.open_key(person, Compartment.STORY).material == material
            assert next(key for key in files.read(root / "worker") if key.kind is Kind.STORE).wrapped.startswith("vault:")
    keyring.reload()


def test_another_key_than_the_file_states_is_refused(tmp_path: Path, settings_for: dict[str, Any], vault: Vault) -> None:
    with override_settings(**settings_for):
        root = all_folders(tmp_path / "keys")
        path = root / "staff" / "store-1.key"
        content = json.loads(path.read_text())
        content["wrapped"] = vault.wrap(KEY, what="rainbowrail store key 1")
        path.write_text(json.dumps(content))

        with keyring.using(root / "staff"), pytest.raises(KeyFileUnreadable, match="another key than its file states"):
            keyring.reload()


def test_a_process_does_not_start_without_its_vault(
    tmp_path: Path, server: TransitServer, settings_for: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.exceptions import ImproperlyConfigured

    with override_settings(**settings_for):
        root = all_folders(tmp_path / "keys")
        started = {"KEYS_DIR": root / "staff", "PROCESS": Process.STAFF, "SECRET_KEY": "c" * 60, "DEMO": False}
        with override_settings(**started):
            checks.refuse_to_start()
            server.status = 503
            services._unwrapped.cache_clear()
            keyring.forget()
            with pytest.raises(ImproperlyConfigured, match="sealed"):
                checks.refuse_to_start()
    assert "Vault is sealed" in capsys.readouterr().err


def test_settings_that_cannot_work_are_named(tmp_path: Path) -> None:
    with override_settings(KEY_SERVICE="cloud"), pytest.raises(KeyServiceRefused, match="say vault"):
        services.configured()
    with (
        override_settings(KEY_SERVICE="vault", VAULT={"address": "", "token_file": None}),
        pytest.raises(CommandError, match="RAINBOWRAIL_VAULT_ADDRESS"),
    ):
        call_command("keys", "make", "--into", str(tmp_path / "keys"))
