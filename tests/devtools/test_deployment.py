"""The description of the production host keeps what docs/decisions/0001 promises."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rainbowrail.devtools.logins import BROKER_RULES

ROOT = Path(__file__).resolve().parents[2]
OURS = ("migrate", "backup", "public", "staff", "worker", "clock")
ONCE = {"migrate", "backup"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("host") / "secrets"
    command = ["bash", str(ROOT / "docs" / "deploy" / "secrets.sh"), str(folder)]
    subprocess.run(command, env=os.environ | {"SKIP_KEYS": "1"}, check=True, capture_output=True)
    return folder


def test_the_compose_file_follows_the_compose_specification() -> None:
    program = Path(sys.executable).parent / "check-jsonschema"
    command = [program, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"]
    told = subprocess.run(command, text=True, capture_output=True, check=False)
    assert told.returncode == 0, told.stdout


def test_only_the_proxy_is_reachable_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_every_service_is_closed_in(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert name in {"proxy"} or service["user"].split(":")[0] not in {"0", "root"}, name
        assert name in ONCE or "healthcheck" in service, name


def test_the_public_door_reaches_the_proxy_the_database_and_the_broker_only(compose: dict[str, Any]) -> None:
    networks, services = compose["networks"], compose["services"]
    reaches = {
        name
        for name, service in services.items()
        if name != "public" and set(service.get("networks", [])) & set(services["public"]["networks"])
    }
    assert reaches == {"proxy", "database", "broker"}
    assert all(networks[name]["internal"] for name in services["public"]["networks"])


def test_only_the_proxy_and_the_worker_who_sends_mail_can_leave_the_host(compose: dict[str, Any]) -> None:
    open_networks = {name for name, network in compose["networks"].items() if not network.get("internal")}
    leaving = {name for name, service in compose["services"].items() if open_networks & set(service["networks"])}
    assert leaving == {"proxy", "worker"}


def test_each_process_is_given_its_own_keys_and_log_in(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name in OURS:
        told = services[name]["environment"]
        keys = [volume for volume in services[name].get("volumes", []) if "/run/keys" in volume]
        # The worker alone writes to its folder: it turns the intake pair.
        end = "" if name == "worker" else ":ro"
        assert keys == ([] if name == "clock" else [f"./secrets/keys/{told['RAINBOWRAIL_PROCESS']}:/run/keys{end}"])
    assert "DATABASE_URL_FILE" not in services["clock"]["environment"]
    assert services["public"]["secrets"] == ["database_url_public", "broker_url_public"]
    for name in ("staff", "worker"):
        assert "database_url_owner" not in services[name]["secrets"]


def test_the_worker_pins_and_whoever_seals_to_it_reads(compose: dict[str, Any]) -> None:
    pins = {
        name: volume.removeprefix("./secrets/keys/pins:")
        for name, service in compose["services"].items()
        for volume in service.get("volumes", [])
        if "/run/pins" in volume
    }
    assert pins == {"worker": "/run/pins", "public": "/run/pins:ro", "staff": "/run/pins:ro", "migrate": "/run/pins:ro"}


def test_what_makes_backups_only_reads_and_can_open_none(compose: dict[str, Any]) -> None:
    service = compose["services"]["backup"]
    assert service["secrets"] == ["database_url_backup"]
    assert [volume.split(":")[0] for volume in service["volumes"]] == ["./secrets/keys/owner", "./backups"]
    assert service["profiles"] == ["tools"]


def test_who_erases_can_write_the_list_and_the_public_door_does_not_see_it(compose: dict[str, Any]) -> None:
    lists = {
        name: volume
        for name, service in compose["services"].items()
        for volume in service.get("volumes", [])
        if volume.startswith("./erased")
    }
    assert lists == {
        "staff": "./erased:/run/erased",
        "worker": "./erased:/run/erased",
        "migrate": "./erased:/run/erased:ro",
    }


def test_no_secret_stands_in_the_compose_file_and_each_is_written_by_the_script(compose: dict[str, Any], secrets: Path) -> None:
    named = {entry["file"].removeprefix("./secrets/") for entry in compose["secrets"].values()}
    assert named == {path.name for path in secrets.iterdir()}
    for path in secrets.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name
        content = path.read_text()
        assert not content or content not in (ROOT / "docker-compose.yml").read_text()


def test_a_second_run_of_the_script_keeps_every_secret(secrets: Path) -> None:
    before = {path.name: path.read_text() for path in secrets.iterdir()}
    command = ["bash", str(ROOT / "docs" / "deploy" / "secrets.sh"), str(secrets)]
    subprocess.run(command, env=os.environ | {"SKIP_KEYS": "1"}, check=True, capture_output=True)
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before


def test_the_passwords_in_the_addresses_are_those_of_the_roles(secrets: Path) -> None:
    for role in ("owner", "public", "staff", "backup"):
        password = (secrets / f"database_password_{role}").read_text()
        assert (
            secrets / f"database_url_{role}"
        ).read_text() == f"postgresql://rainbowrail_{role}:{password}@database:5432/rainbowrail"


def test_production_and_development_give_the_same_rights_in_redis(secrets: Path) -> None:
    written = {}
    for line in (secrets / "broker_users").read_text().splitlines():
        _, name, state, *rest = line.split()
        written[name] = (state, " ".join(rest[1:]))
    assert written.pop("default")[0] == "off"
    assert written == {name: ("on", rules) for name, rules in BROKER_RULES.items()}
