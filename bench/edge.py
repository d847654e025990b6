"""From the return of a cut link to a press at the hub, and the catching up behind it.

A hub and a node, each one process in a network namespace with a database of its own; the link
between them is cut while the node goes on. One JSON line. Needs root, for the namespaces; the
network of the machine stays as it is.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varangian.config.settings")

from tests.namespaces import apart  # noqa: E402

ROUNDS = int(os.environ.get("EDGE_ROUNDS", "10"))
ACTS = int(os.environ.get("EDGE_ACTS", "100"))
NET = "10.94.7"
PORT = 8123
SPACES = ("vg-bench-hub", "vg-bench-node")
HUB = """
from wsgiref.simple_server import make_server
from socketserver import ThreadingMixIn
from tests import factories
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.roles import Role
from varangian.protection.services.nodes import enrol_node
with acting(SYSTEM, purpose="bench"):
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    officer = factories.member(operation, Role.OFFICER, factories.person("Otto Officer"))
    node, token = enrol_node(actor=leader, operation=operation, label="Car 1")
print(json.dumps([token, officer.email, operation.slug]), flush=True)
from wsgiref.simple_server import WSGIServer, WSGIRequestHandler
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
class Quiet(WSGIRequestHandler):
    def log_message(self, *_): pass
from varangian.config.wsgi import application
make_server("0.0.0.0", PORT, application, Server, Quiet).serve_forever()
"""
NODE = """
import asyncio, threading
from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.context import acting
from varangian.platform.access.models import User
from varangian.platform.access.scope import SYSTEM
from varangian.protection import node_sender
from varangian.protection.services import duress, outbox, uplinks
token, email, slug = json.loads(sys.argv[1])
with acting(SYSTEM, purpose="bench"):
    uplinks.join(actor=SYSTEM, url=f"http://{NET}.1:{PORT}", token=token, plain=True)
    officer = User.objects.get(email=email)
threading.Thread(target=lambda: asyncio.run(node_sender.run()), daemon=True).start()
print("joined", flush=True)
number = 0
for line in sys.stdin:
    acts, press = json.loads(line)
    with acting(officer, purpose="bench"):
        for _ in range(acts):
            number += 1
            body = {"operation": slug, "text": f"n-{number:04}"}
            act = outbox.Act(new_id(), "log", now(), number, "phone", body)
            outbox.receive(actor=officer, device="phone-of-the-bench", acts=[act])
    if press:
        duress.press(person=officer, heard=duress.Heard(key=press, via="slide"))
    print("done", flush=True)
"""
HEAD = """
import json, os, sys, django
sys.path[:0] = {root}
os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
django.setup()
NET, PORT = "{net}", {port}
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def lay() -> None:
    for space in SPACES:
        ip("netns", "add", space)
        ip("-n", space, "link", "set", "lo", "up")
    hub, node = SPACES
    ip("-n", hub, "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", node)
    for number, space in enumerate(SPACES, 1):
        ip("-n", space, "addr", "add", f"{NET}.{number}/24", "dev", "wire")
        ip("-n", space, "link", "set", "wire", "up")


def link(state: str) -> float:
    ip("-n", SPACES[0], "link", "set", "wire", state)
    return time.monotonic()


def start(space: str, text: str, dsn: str, home: Path, *more: str) -> "subprocess.Popen[str]":
    given = {
        "VARANGIAN_DSN": dsn,
        "VARANGIAN_HOME": str(home),
        "VARANGIAN_DB_ROLE": "worker",
        "VARANGIAN_HOSTS": f"{NET}.1",
    }
    head = HEAD.format(net=NET, port=PORT, root=[str(ROOT), str(ROOT / "src")])
    return subprocess.Popen(
        ["ip", "netns", "exec", space, sys.executable, "-c", head + text, *more],
        env={**os.environ, **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: "subprocess.Popen[str]") -> str:
    """The next line that is ours; the log of the house goes there as well."""
    for line in process.stdout or ():
        if line.startswith(("[", "joined", "done")):
            return line.strip()
    raise SystemExit("a house ended")


def until(dsn: str, sql: str, wanted: int, seconds: float = 300) -> float:
    with psycopg.connect(dsn, autocommit=True) as connection:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            row = connection.execute(sql).fetchone()  # pyright: ignore
            if row and row[0] >= wanted:
                return time.monotonic()
            time.sleep(0.01)
    raise SystemExit(f"{row} of {wanted}: {sql}")


def run(hub_dsn: str, node_dsn: str, folder: Path) -> dict[str, Any]:
    hub = start(SPACES[0], HUB, hub_dsn, folder / "hub")
    node = None
    try:
        told = said(hub)
        node = start(SPACES[1], NODE, node_dsn, folder / "node", told)
        assert said(node) == "joined"
        return measure(node, hub_dsn, node_dsn)
    finally:
        for process in (hub, node):
            if process is not None:
                process.kill()


def measure(node: "subprocess.Popen[str]", hub_dsn: str, node_dsn: str) -> dict[str, Any]:
    presses, caught = [], []
    order = node.stdin
    for number in range(1, ROUNDS + 1):
        link("down")
        print(json.dumps([ACTS, f"press-{number}"]), file=order, flush=True)
        assert said(node) == "done"
        time.sleep(3)
        back = link("up")
        presses.append(until(hub_dsn, "select count(*) from protection_press", number) - back)
        entries = "select count(*) from log_logentry where kind = 'entry'"
        caught.append(until(hub_dsn, entries, number * ACTS) - back)
    rows = ask(
        hub_dsn, "select number from protection_nodeact where kind = 'log' order by received_at, id"
    )
    order_kept = [row[0] for row in rows] == sorted(row[0] for row in rows)
    acts = ask(hub_dsn, "select count(*), count(distinct key) from protection_nodeact")[0]
    until(node_dsn, "select -count(*) from protection_parcel where state = 'waiting'", 0)
    return {
        "bench": "edge",
        "rounds": ROUNDS,
        "press_after_link_s": {"median": middle(presses), "most": round(max(presses), 2)},
        "acts_behind_it": ACTS,
        "all_caught_up_s": {"median": middle(caught), "most": round(max(caught), 2)},
        "sent": ROUNDS * (ACTS + 1),
        "at_the_hub": acts[0],
        "distinct": acts[1],
        "in_order": order_kept,
        "load_average": os.getloadavg()[0],
    }


def middle(values: list[float]) -> float:
    return round(sorted(values)[len(values) // 2], 2)


def ask(dsn: str, sql: str) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(sql).fetchall()  # pyright: ignore


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="varangian-edge-") as folder, apart():
        try:
            lay()
            bench(Path(folder))
        finally:
            for space in SPACES:
                subprocess.run(["ip", "netns", "del", space], check=False)


def bench(folder: Path) -> None:
    from varangian.platform.database.connect import database_at_hand
    from varangian.platform.database.schema import ensure_schema

    with database_at_hand(folder):
        ensure_schema()
        dsn = os.environ["VARANGIAN_DSN"]
        base = psycopg.conninfo.conninfo_to_dict(dsn)
        plain = psycopg.conninfo.make_conninfo
        with psycopg.connect(plain(**{**base, "dbname": "postgres"}), autocommit=True) as owner:
            for name in ("hub", "node"):
                owner.execute(f'create database "{name}" template "{base["dbname"]}"')  # pyright: ignore
        found = [plain(**{**base, "dbname": name}) for name in ("hub", "node")]
        print(json.dumps(run(found[0], found[1], folder)), flush=True)


if __name__ == "__main__":
    main()
