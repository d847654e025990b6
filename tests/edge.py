"""A hub and a node as two whole houses, each in a network namespace, and the link between them.

The test stands outside and reaches both over lines of its own, so that cutting the link between
the two leaves the people at each of them where they are.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from tests import seed
from tests.namespaces import apart, ip
from tests.stack import Stack, Team, free_ports, team

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.database.embedded import DATABASE, OWNER

NUMBER = os.getpid() % 250
LINES = {"hub": f"10.91.{NUMBER}", "node": f"10.92.{NUMBER}"}
LINK = f"10.93.{NUMBER}"
PRESS = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
django.setup()
from varangian.platform.access.models import User
from varangian.protection.services import duress
who = User.objects.get(email=sys.argv[1])
for key in sys.argv[2:]:
    duress.press(person=who, heard=duress.Heard(key=key, via="slide", lat=60.17, lon=24.95))
"""


class House(Stack):
    """A stack whose processes live in a namespace."""

    def __init__(self, home: Path, space: str, host: str, **settings: str) -> None:
        port = free_ports()
        hosts = f"{host},{LINK}.1,127.0.0.1,0.0.0.0"
        given = {"VARANGIAN_HOST": "0.0.0.0", "VARANGIAN_HOSTS": hosts, **settings}
        super().__init__(home, port, **given)
        self.space, self.url = space, f"http://{host}:{port}"

    def inside(self, *words: str) -> list[str]:
        return ["ip", "netns", "exec", self.space, sys.executable, *words]

    def launch(self) -> None:
        self._ready.clear()
        self.process = subprocess.Popen(
            self.inside("-m", "varangian.cli", "up"),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def cli(self, *words: str, actor: str = "", check: bool = True) -> Any:
        before = ["--as", actor] if actor else []
        done = self.run("-m", "varangian.cli", *before, *words, "--json")
        assert not check or done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout) if done.stdout.strip() else None

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.inside(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    def press(self, email: str, *keys: str) -> None:
        """Presses of one person, committed here when this returns."""
        given = {"VARANGIAN_DSN": self.dsn, "VARANGIAN_DB_ROLE": "worker"}
        subprocess.run(
            self.inside("-c", PRESS, email, *keys),
            env={**self.environment, **given},
            check=True,
            timeout=240,
        )

    @property
    def dsn(self) -> str:
        """Of the embedded server, by the file in which it says where it is."""
        lines = (self.home / "postgres" / "postmaster.pid").read_text().splitlines()
        return f"host={lines[4]} port={lines[3]} user={OWNER} dbname={DATABASE}"

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(sql, values).fetchall()

    def await_rows(self, sql: str, wanted: int, *values: object, seconds: float = 60) -> float:
        """Seconds until the query counts so many."""
        begun = time.monotonic()
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            while time.monotonic() - begun < seconds:
                [count] = connection.execute(sql, values).fetchone()
                if count >= wanted:
                    return time.monotonic() - begun
                time.sleep(0.02)
        raise AssertionError(f"{count} of {wanted} after {seconds} s")


@dataclass
class Edge:
    hub: House
    node: House
    team: Team
    officer: str
    token: str
    """Of the officer, at the node."""
    number: int = 0

    def cut(self) -> None:
        ip("-n", self.hub.space, "link", "set", "wire", "down")

    def join(self) -> float:
        """The link is back; returns when that was."""
        ip("-n", self.hub.space, "link", "set", "wire", "up")
        return time.monotonic()

    def act(self, kind: str, **body: Any) -> dict[str, Any]:
        self.number += 1
        return {
            "key": str(new_id()),
            "kind": kind,
            "at": now().isoformat(),
            "seq": self.number,
            "body": {"operation": self.team.operation, **body},
        }

    def at_node(self, *acts: dict[str, Any]) -> list[dict[str, Any]]:
        """The officer's phone speaks with the house in the vehicle."""
        answer = self.node.call(
            "POST",
            "/api/v1/outbox",
            {"device": "phone-of-the-test-1", "acts": list(acts)},
            seconds=60,
            Authorization=f"Bearer {self.token}",
        )
        assert answer.status == 200, answer.body
        return answer.json["acts"]


def _lay(space: str, name: str, net: str) -> None:
    """A namespace and a line to it from where the test runs."""
    ip("netns", "add", space)
    ip("-n", space, "link", "set", "lo", "up")
    outside = f"vg{name}{NUMBER}"
    ip("link", "add", outside, "type", "veth", "peer", "name", "line", "netns", space)
    ip("addr", "add", f"{net}.1/24", "dev", outside)
    ip("link", "set", outside, "up")
    ip("-n", space, "addr", "add", f"{net}.2/24", "dev", "line")
    ip("-n", space, "link", "set", "line", "up")


def _join(hub: str, node: str) -> None:
    ip("-n", hub, "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", node)
    for number, space in ((1, hub), (2, node)):
        ip("-n", space, "addr", "add", f"{LINK}.{number}/24", "dev", "wire")
        ip("-n", space, "link", "set", "wire", "up")


@contextmanager
def edge(folder: Path) -> Iterator[Edge]:
    """A hub with a team, a node that has joined it, and an officer at the node."""
    with apart():
        yield from _edge(folder)


def _edge(folder: Path) -> Iterator[Edge]:
    spaces = {name: f"vg-{name}-{NUMBER}" for name in LINES}
    houses: list[House] = []
    try:
        for name, net in LINES.items():
            _lay(spaces[name], name[0], net)
            home = seed.furnish(folder / name)
            houses.append(House(home, spaces[name], f"{net}.2"))
        _join(spaces["hub"], spaces["node"])
        for house in houses:
            house.launch()
        for house in houses:
            _await(house)
        yield _furnish(*houses)
    finally:
        for house in houses:
            house.kill()
        for space in spaces.values():
            with contextlib.suppress(OSError):
                ip("netns", "del", space)


def _await(house: House) -> None:
    end = time.monotonic() + 300
    while not house._ready.wait(0.1):
        running = house.process.poll() is None and time.monotonic() < end
        assert running, "\n".join(house.said[-20:])


def _furnish(hub: House, node: House) -> Edge:
    made, officer = team(hub), "otto@example.org"
    hub.cli("user", "create", officer, "Otto Officer", "--call-sign", "O1")
    hub.cli("member", "add", made.operation, officer, "officer", actor=made.leader)
    token = hub.cli("node", "enrol", made.operation, "Car 1", actor=made.leader)["token"]
    node.cli("node", "join", f"http://{LINK}.1:{hub.port}", token, "--plain")
    key = node.cli("token", "create", "phone", "--write", actor=officer)["secret"]
    return Edge(hub, node, made, officer, key)
