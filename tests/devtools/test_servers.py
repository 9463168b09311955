"""The servers that development and the tests run on."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from rainbowrail.devtools.account import Account, duplicate, within_reach
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.ports import is_free
from rainbowrail.devtools.servers import Servers

pytestmark = pytest.mark.xdist_group("servers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cluster for all tests of this file: each starts it, and leaves it stopped."""
    folder = tmp_path_factory.mktemp("servers")
    yield folder
    Servers(folder, hasty=True).wipe()


def rows(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address) as connection:
        return connection.execute(statement).fetchall()


def test_the_tests_have_a_real_postgresql_and_a_real_redis() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres") as connection:
        assert connection.info.server_version >= 150000
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.ping()


def test_a_second_start_keeps_the_data_and_the_address(folder: Path) -> None:
    with Servers(folder, hasty=True) as servers:
        first = servers.database_url()
        with psycopg.connect(first) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('still here')")
    with Servers(folder, hasty=True) as servers:
        assert servers.database_url() == first
        assert rows(first, "SELECT word FROM kept") == [("still here",)]


def test_the_last_to_leave_stops_the_servers(folder: Path) -> None:
    first, second = Servers(folder, hasty=True), Servers(folder, hasty=True)
    first.start()
    second.start()
    address = first.database_url()

    first.stop()
    assert rows(address, "SELECT 1") == [(1,)]

    second.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=2)


def test_nobody_gets_in_without_the_password(folder: Path) -> None:
    with Servers(folder, hasty=True) as servers:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(servers.database_url(password="a guess"))
        port = int(servers.redis_url().rsplit(":", 1)[1].split("/")[0])
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert stat.S_IMODE((folder / "servers.json").stat().st_mode) == 0o600


def test_the_log_of_postgresql_holds_nothing_of_a_statement(folder: Path) -> None:
    with Servers(folder, hasty=True) as servers:
        with psycopg.connect(servers.database_url(), autocommit=True) as connection, pytest.raises(psycopg.Error):
            connection.execute("SELECT 1/0 AS canary_word")
        with psycopg.connect(servers.database_url(), autocommit=True) as connection, pytest.raises(psycopg.Error):
            connection.execute("SELECT %s::int", ["canary_value"])
        log = (servers.place / "postgres" / "server.log").read_text()
    assert "canary_word" not in log
    assert "division by zero" in log


def test_a_demanded_port_that_is_taken_is_told_in_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(CannotRun, match=f"Port {port} on 127.0.0.1 is taken"):
            Servers(folder, hasty=True, postgres_port=port).start()


def test_servers_in_use_are_not_wiped(folder: Path) -> None:
    with Servers(folder, hasty=True) as servers:
        with pytest.raises(CannotRun, match="in use by another process"):
            Servers(folder).wipe()
        assert rows(servers.database_url(), "SELECT 1") == [(1,)]


def test_a_killed_server_is_started_again_on_its_data(folder: Path) -> None:
    servers = Servers(folder, hasty=True)
    servers.start()
    number = int((servers.place / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(number, 9)
    with Servers(folder, hasty=True) as again:
        assert rows(again.database_url(), "SELECT 1") == [(1,)]
    servers.stop()


def test_a_program_out_of_reach_is_copied_without_touching_the_original(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    tree = closed / "wheel"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / "server").write_text("#!/bin/sh")
    (tree / "bin" / "server").chmod(0o700)
    closed.chmod(0o700)
    stranger = Account(uid=65534, gid=65534, is_ours=False)
    probe = Path("bin/server")
    tmp_path.chmod(0o755)

    copy = within_reach(tree, [probe], tmp_path, stranger)

    assert copy == tmp_path / "wheel"
    assert stat.S_IMODE((copy / probe).stat().st_mode) == 0o755
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert stat.S_IMODE((tree / probe).stat().st_mode) == 0o700
    assert duplicate(tree, tmp_path) == copy


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotRun, match="belongs to somebody else"):
        Account(os.getuid(), os.getgid(), is_ours=True).own(tmp_path / "link")
