"""The real server, started as both doors start it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


class Server:
    def __init__(self, url: str, log: Path) -> None:
        self.url, self.log = url, log

    def get(self, path: str) -> tuple[int, dict[str, str]]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:  # noqa: S310 - our own address
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {name.lower(): value for name, value in error.headers.items()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("gunicorn") / "log"
    command = [sys.executable, "-m", "gunicorn", "tests.rainbowrail.web.broken_wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--config", "python:rainbowrail.web.gunicorn_settings", "--log-level", "info", "--no-control-socket"]
    environment = os.environ | {"RAINBOWRAIL_PROCESS": "public", "PYTHONPATH": str(ROOT)}
    with (
        log.open("wb") as stream,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stream, stderr=stream) as process,
    ):
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield Server(f"http://127.0.0.1:{port}", log)
        finally:
            process.terminate()
            process.wait(20)


def test_answers_do_not_name_the_server(server: Server) -> None:
    status, headers = server.get("/fine")
    assert status == 200 and "server" not in headers


def test_an_error_outside_django_is_logged_without_address_and_words(server: Server) -> None:
    status, _ = server.get("/broken?name=Canary-7731")
    assert status == 500
    for _ in range(100):
        text = server.log.read_text()
        if "builtins.RuntimeError" in text:
            break
        time.sleep(0.1)
    assert "builtins.RuntimeError" in text and "broken_wsgi.py" in text
    assert "Canary-7731" not in text and "127.0.0.1" not in text.replace("Listening at", "")


def test_nobodys_visit_is_written_down(server: Server) -> None:
    server.get("/fine")
    assert "/fine" not in server.log.read_text() and "GET" not in server.log.read_text()
