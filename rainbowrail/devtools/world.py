"""The whole system on one machine, from real parts: servers, keys, database, worker, clock and the two doors.

    with World(Path(".run/demo"), port=8000) as world:
        world.public_url, world.staff_url       # the doors answer
        world.watch()                           # restarts what dies, until told to stop

`make run` and the browser journeys use the same class, each with a folder of its own. Each process gets its own environment and
nothing else: its keys, its database log-in, its Redis log-in (docs/decisions/0001).
"""

import fcntl
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from rainbowrail.devtools.access import Access
from rainbowrail.devtools.child import Child, end_leftovers, note_of, passed_on
from rainbowrail.devtools.errors import CannotRun
from rainbowrail.devtools.mail import MailCatcher
from rainbowrail.devtools.ports import free_port, is_free
from rainbowrail.devtools.servers import Servers
from rainbowrail.devtools.stamps import Stamp

ROOT = Path(__file__).resolve().parents[2]
QUEUES = "default,drain,scoring,notices,files,exports"
READY_SECONDS = 90
# A part that dies this often within this time (seconds) will not get better by itself.
DEATHS, WITHIN = 5, 60.0


class World:
    """Everything that runs, in one folder.

    run_folder    where servers, keys, logs, mails and notes live; two worlds need two folders and two clusters (roles and their
                  passwords belong to a whole cluster)
    port          the public door's port; the staff door takes `staff_port` or the next one. None: any free ports
    fresh         throw away what the folder and the database held
    database      the name of the database; one that we did not make is never touched
    database_url  an administrator's log-in on a given PostgreSQL, used instead of the embedded one; likewise `redis_url`
    seed          arguments of `seed_demo`, run once in a fresh world; None leaves the world empty
    extra         variables that every process gets besides its own, e.g. {"RAINBOWRAIL_LOG_LEVEL": "DEBUG"}
    hasty         servers without safety after a power cut: for tests
    say           takes each sentence meant for the terminal
    """

    def __init__(
        self,
        run_folder: Path,
        *,
        port: int | None = None,
        staff_port: int | None = None,
        fresh: bool = False,
        database: str = "rainbowrail_demo",
        database_url: str | None = None,
        redis_url: str | None = None,
        seed: list[str] | None = None,
        extra: Mapping[str, str] | None = None,
        hasty: bool = False,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.folder = run_folder.resolve()
        self.public_port = port or free_port()
        self.staff_port = staff_port or (port + 1 if port else free_port())
        self.fresh, self.database, self.seed, self.say = fresh, database, seed, say
        self.extra = dict(extra or {})
        self._given_database, self._given_redis = database_url, redis_url
        self.servers = Servers(self.folder / "servers", hasty=hasty)
        self.keys, self.logs = self.folder / "keys", self.folder / "logs"
        self.mail = MailCatcher(self.folder / "mail")
        self.children: dict[str, Child] = {}
        self._stack = ExitStack()

    # --- what callers read ---

    @property
    def public_url(self) -> str:
        return f"http://localhost:{self.public_port}"

    @property
    def staff_url(self) -> str:
        return f"http://localhost:{self.staff_port}"

    def log_of(self, name: str) -> Path:
        """Return the log of `public`, `staff`, `worker`, `clock` or `manage`."""
        return self.logs / f"{name}.log"

    @property
    def access(self) -> Access:
        """Who is told what; known once the servers run."""
        told = {
            "RAINBOWRAIL_SMTP_HOST": "127.0.0.1",
            "RAINBOWRAIL_SMTP_PORT": str(self.mail.port),
            "RAINBOWRAIL_STAFF_URL": self.staff_url,
            **self.extra,
        }
        admin_database = self._given_database or self.servers.database_url()
        return Access(self.folder, self.database, admin_database, self._given_redis or self.servers.redis_url(), told)

    def manage(self, *arguments: str, process: str = "owner", shown: bool = False) -> str:
        """Run a management command as one of the processes and return what it said. Raises CannotRun when it fails.

        `shown` lets its progress bar reach the terminal.
        """
        command = [sys.executable, "manage.py", *arguments]
        environment = {**passed_on(), **self.access.environment(process)}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if shown and sys.stderr.isatty() else subprocess.STDOUT,
            text=True,
            check=False,
        )
        with self.log_of("manage").open("a") as log:
            log.write(f"--- {' '.join(arguments)}\n{done.stdout}")
        if done.returncode:
            last = (done.stdout.strip() or "it said nothing").splitlines()[-1]
            raise CannotRun(f"`manage.py {' '.join(arguments[:2])}` failed: {last} (all of it: {self.log_of('manage')})")
        return done.stdout

    # --- up and down ---

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Bring everything up and wait until both doors answer. Raises CannotRun; what had started is stopped."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self._only_one()
        try:
            self._end_leftovers()
            self._look_at_ports()
            self._start_servers()
            self._make_keys()
            self._make_database()
            self._collect_static()
            self._start_mail()
            self._start_children()
            self._wait_for_doors()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything in the order that loses nothing: doors, clock, worker, mail, servers."""
        for name in ("public", "staff", "clock", "worker"):
            if name in self.children:
                self.children[name].stop()
        if self.children:
            self.children.clear()
            (self.folder / "children.json").unlink(missing_ok=True)
        self._stack.close()

    def watch(self, *, until: Callable[[], bool] = lambda: False, every: float = 0.5) -> None:
        """Restart what dies and say so, until `until()` is true. Raises CannotRun when something keeps dying."""
        while not until():
            for child in self.children.values():
                if child.has_died():
                    self._revive(child)
            time.sleep(every)

    # --- the steps ---

    def _only_one(self) -> None:
        lock = self._stack.enter_context((self.folder / "world.lock").open("a"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._stack.close()
            raise CannotRun(f"Rainbowrail already runs from {self.folder}; stop it there with Ctrl-C first.") from None

    def _end_leftovers(self) -> None:
        note = self.folder / "children.json"
        if note.exists() and (ended := end_leftovers(json.loads(note.read_text()))):
            self.say(f"Ended {ended} processes that an earlier run had left behind.")

    def _look_at_ports(self) -> None:
        for port in (self.public_port, self.staff_port):
            if not is_free(port):
                raise CannotRun(
                    f"Port {port} is taken by another program; choose another: `make run PORT={self.public_port + 1000}`."
                )

    def _start_servers(self) -> None:
        if self._given_database and self._given_redis:
            return
        if self.fresh and not self._given_database:
            self.servers.wipe()
        self._stack.callback(self.servers.stop)
        self.servers.start()
        self.say("PostgreSQL and Valkey run.")

    def _make_keys(self) -> None:
        if self.fresh:
            shutil.rmtree(self.keys, ignore_errors=True)
        if not (self.keys / "public").is_dir():
            self.manage("keys", "make", "--into", str(self.keys), "--if-missing")
            self.say("Keys are made; each process holds only its own.")

    def _make_database(self) -> None:
        self.access.open(fresh=self.fresh)
        self.manage("prepare")
        self.say("The database is up to date.")
        seeded = self.folder / "seeded.txt"
        if self.fresh:
            seeded.unlink(missing_ok=True)
        if self.seed is not None and not seeded.exists():
            self.say("Filling an invented world …")
            seeded.write_text(self.manage("seed_demo", *self.seed, process="demo", shown=True))

    def _collect_static(self) -> None:
        stamp = Stamp(self.folder / "static.stamp", [ROOT / "static", ROOT / "requirements.lock"])
        if self.fresh or not stamp.holds() or not (self.folder / "static").is_dir():
            self.manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
            stamp.set()

    def _start_mail(self) -> None:
        if self.fresh:
            shutil.rmtree(self.mail.box.folder, ignore_errors=True)
        self.mail.start()
        self._stack.callback(self.mail.stop)

    def _start_children(self) -> None:
        clock = self.folder / "clock"
        clock.mkdir(exist_ok=True)
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "rainbowrail.celery"]
        alone = ["--hostname", "worker@localhost", "--without-gossip", "--without-mingle"]
        commands = {
            "worker": [*celery, "worker", "--queues", QUEUES, "--concurrency", "2", *alone],
            "clock": [*celery, "beat", "--schedule", str(clock / "schedule"), "--pidfile", ""],
            "staff": gunicorn(python, self.staff_port),
            "public": gunicorn(python, self.public_port),
        }
        for name, command in commands.items():
            self.log_of(name).write_bytes(b"")
            self.children[name] = Child(name, command, self.access.environment(name), self.log_of(name), ROOT)
            self.children[name].start()
        self._note_children()

    def _wait_for_doors(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        for name, url in (("public", self.public_url), ("staff", self.staff_url)):
            while not answers(f"{url}/healthz"):
                for child in self.children.values():
                    if child.has_died():
                        raise CannotRun(f"The {child.name} process did not start: {child.last_words(1)} (its log: {child.log})")
                if time.monotonic() > ends:
                    raise CannotRun(
                        f"The {name} door did not answer within {READY_SECONDS} seconds; its log: {self.log_of(name)}"
                    )
                time.sleep(0.1)

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        child.deaths = [death for death in child.deaths if now - death < WITHIN] + [now]
        if len(child.deaths) >= DEATHS:
            raise CannotRun(
                f"The {child.name} process died {DEATHS} times in {WITHIN:.0f} seconds: {child.last_words(1)} ({child.log})"
            )
        self.say(f"The {child.name} process died and is started again; its log: {child.log}")
        child.stop()
        child.start()
        self._note_children()

    def _note_children(self) -> None:
        (self.folder / "children.json").write_text(json.dumps(note_of(list(self.children.values()))))


def gunicorn(python: str, port: int) -> list[str]:
    """Return the command of a door on loopback. No access log: addresses of visitors are written nowhere."""
    return [
        *(python, "-m", "gunicorn", "rainbowrail.wsgi:application"),
        *("--config", "python:rainbowrail.web.gunicorn_settings"),
        *("--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "4", "--log-level", "warning", "--no-control-socket"),
    ]


def answers(url: str) -> bool:
    """Say whether a page is there now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False
