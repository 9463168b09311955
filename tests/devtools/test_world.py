"""`make run`, as a person meets it: it starts, keeps, refuses and stops."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from rainbowrail.devtools import logins
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.ports import free_port
from rainbowrail.devtools.run import port as port_asked
from rainbowrail.devtools.servers import Servers
from rainbowrail.devtools.world import ROOT, World, answers

pytestmark = pytest.mark.xdist_group("world")


def two_ports() -> int:
    """Return a port whose next one is free too."""
    while True:
        port = free_port()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("world")
    yield folder
    Servers(folder / "servers").wipe()


@pytest.fixture(scope="module")
def world(folder: Path) -> Iterator[World]:
    with World(folder, hasty=True) as world:
        yield world


@pytest.mark.timeout(240)
class TestAWorldThatRuns:
    def test_both_doors_answer_and_each_knows_only_its_own_pages(self, world: World) -> None:
        assert answers(f"{world.public_url}/readyz")
        assert answers(f"{world.staff_url}/readyz")
        assert not answers(f"{world.public_url}/account/login/")

    def test_each_process_is_told_only_what_it_may_know(self, world: World) -> None:
        told = {name: psutil.Process(child.process.pid).environ() for name, child in world.children.items() if child.process}
        assert "DATABASE_URL" not in told["clock"]
        assert "RAINBOWRAIL_KEYS" not in told["clock"]
        assert told["public"]["DATABASE_URL"].startswith("postgresql://rainbowrail_public:")
        for name in ("staff", "worker"):
            assert told[name]["DATABASE_URL"].startswith("postgresql://rainbowrail_staff:")
        for name in ("public", "staff", "worker"):
            assert told[name]["RAINBOWRAIL_KEYS"] == str(world.keys / name)
        passwords = json.loads((world.folder / "passwords.json").read_text())
        for name, environment in told.items():
            theirs = {role for role, word in passwords.items() if any(word in value for value in environment.values())}
            assert theirs == {logins.PUBLIC if name == "public" else logins.STAFF}

    def test_the_public_process_has_no_private_key(self, world: World) -> None:
        assert not [
            path
            for path in (world.keys / "public").iterdir()
            if path.name.startswith(("intake-", "store-")) and path.suffix == ".key"
        ]

    def test_the_public_door_sees_nothing_in_redis_but_its_limits(self, world: World) -> None:
        with redis.Redis.from_url(world.access.redis_url(logins.PUBLIC)) as door:
            door.set("limit:test", 1, ex=5)
            with pytest.raises(redis.exceptions.NoPermissionError):
                door.get("celery")
            with pytest.raises(redis.exceptions.NoPermissionError):
                door.keys("*")

    def test_a_second_world_in_the_same_folder_is_refused(self, world: World) -> None:
        running = start(world.folder)
        said, _ = running.communicate(timeout=60)
        assert running.returncode == 1
        assert said.startswith("Rainbowrail already runs from")
        assert said.count("\n") == 1
        assert (world.folder / "children.json").exists()

    def test_a_part_that_dies_is_told_and_started_again(self, world: World) -> None:
        said: list[str] = []
        world.say = said.append
        child = world.children["clock"]
        assert child.process
        first = child.process.pid
        os.kill(first, signal.SIGKILL)
        child.process.wait()
        ends = time.monotonic() + 20
        world.watch(until=lambda: bool(said) or time.monotonic() > ends, every=0.05)
        assert len(said) == 1
        assert said[0].startswith("The clock process died and is started again")
        assert child.process.pid != first

    def test_a_database_that_somebody_else_made_is_left_alone(self, world: World) -> None:
        admin = world.access.admin_database
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("CREATE DATABASE somebody_elses")
        with pytest.raises(CannotRun, match="was not made by this command"):
            logins.ensure_database(admin, "somebody_elses", fresh=True)


def start(folder: Path, **more: str) -> subprocess.Popen[str]:
    environment = os.environ | {"RUN_FOLDER": str(folder), "SEED": "no"} | more
    environment.pop("DATABASE_URL", None)
    environment.pop("REDIS_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "rainbowrail.devtools.run"],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def until_ready(running: subprocess.Popen[str]) -> str:
    said = ""
    assert running.stdout
    for line in running.stdout:
        said += line
        if "Ctrl-C stops everything" in line:
            return said
    raise AssertionError(f"it never became ready: {said}")


@pytest.mark.timeout(240)
def test_ctrl_c_stops_everything_and_a_second_run_keeps_the_data(folder: Path, world: World) -> None:
    world.stop()
    port = two_ports()
    kept = json.loads((folder / "passwords.json").read_text())[logins.OWNER]

    running = start(folder, PORT=str(port))
    said = until_ready(running)
    assert f"http://localhost:{port}" in said
    assert f"http://localhost:{port + 1}" in said
    numbers = [int(number) for number, _ in json.loads((folder / "children.json").read_text())]
    assert len(numbers) == 4

    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=60)

    assert running.returncode == 0, rest
    assert "Stopped; what you did is kept." in rest
    assert not [number for number in numbers if psutil.pid_exists(number)]
    assert not answers(f"http://localhost:{port}/healthz")
    assert json.loads((folder / "passwords.json").read_text())[logins.OWNER] == kept


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        running = start(tmp_path, PORT=str(port))
        said, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert said.strip() == f"Port {port} is taken by another program; choose another: `make run PORT={port + 1000}`."


def test_a_port_that_is_none_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(CannotRun, match="PORT is 'eighty'; it must be a number from 1024 to 65534"):
        port_asked()
