"""Pages, lists and writes at 16 clients, beside what the same machine can do at all.

Starts a stack of its own with the worked operation, puts 20,000 operations behind the list, and
prints JSON. The limits of the same run: a bare granian WSGI application that says hello, and a
plain psycopg insert with its commit. Absolute times on a busy machine say little; ratios do.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.load import CLIENTS, load, spread  # noqa: E402
from tests.stack import Stack, free_ports  # noqa: E402

ROWS, CIRCLES = 20_000, 200
TARGETS = {"list": 150, "list_page": 150, "write": 100, "board": 200}
HELLO = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
"""


def open_house(stack: Stack) -> str:
    """Point this process at the database of the stack, as its owner; returns the DSN."""
    lines = (stack.home / "postgres" / "postmaster.pid").read_text().splitlines()
    dsn = f"host={lines[4]} port={lines[3]} user=postgres dbname=varangian"
    os.environ |= {
        "VARANGIAN_HOME": str(stack.home),
        "VARANGIAN_DSN": dsn,
        "VARANGIAN_DB_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "varangian.config.settings",
    }
    import django

    django.setup()
    return dsn


def fill(rows: int, circles: int) -> None:
    """Closed operations of the past. With as many circles as rows each has one of its own."""
    from datetime import timedelta

    from varangian.kernel.clock import now
    from varangian.operations.models import Operation
    from varangian.platform.access.models import Compartment

    first = Operation.objects.select_related("engagement").order_by("created_at").first()
    made = [
        Compartment(label=f"past-{n}", parent_id=first.engagement.compartment_id)
        for n in range(circles)
    ]
    Compartment.objects.bulk_create(made, batch_size=2000)
    Operation.objects.bulk_create(
        (
            Operation(
                key_id=first.key_id,
                compartment=made[n % circles],
                engagement=first.engagement,
                principal_id=first.principal_id,
                slug=f"past-{n}",
                state="closed",
                title=f"Past visit {n}",
                intent="Invented",
                starts=now() - timedelta(days=30, hours=n),
            )
            for n in range(rows)
        ),
        batch_size=1000,
    )


def analyse(dsn: str) -> None:
    """What autovacuum does by itself within a minute."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def visitor() -> tuple[dict[str, str], dict[str, str], str]:
    """Headers of a token and of a browser session of the leader; the operation in hand."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from varangian.demo.services import LEADER
    from varangian.operations.models import Operation
    from varangian.platform.access.models import User
    from varangian.platform.access.services import issue_token

    user = User.objects.get(email=LEADER)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    secret = issue_token(user=user, label="bench", writes=True)[1]
    active = Operation.objects.exclude(state="closed").order_by("created_at").first()
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}
    return {"Authorization": f"Bearer {secret}"}, cookie, active.slug


def hello(seconds: int) -> dict[str, Any]:
    """The floor under every page: the same server with nothing behind it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "hello.py").write_text(HELLO)
        port = free_ports()
        words = ["--interface", "wsgi", "--no-ws", "--blocking-threads", "4", "--port", str(port)]
        server = subprocess.Popen(
            [sys.executable, "-m", "granian", *words, "hello:application"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(2)
            return load(f"http://127.0.0.1:{port}/", {}, seconds=seconds)
        finally:
            server.terminate()
            server.wait(10)


def commits(dsn: str, seconds: int) -> dict[str, Any]:
    """The floor under every write: one durable insert a transaction, 16 connections."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create table if not exists bench_commit (id bigserial, text text)")
    times: list[float] = []
    end = time.monotonic() + seconds

    def work() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while time.monotonic() < end:
                begun = time.perf_counter()
                connection.execute("insert into bench_commit (text) values ('arrived')")
                times.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"per_s": round(len(times) / seconds, 1), **spread(times)}


def alone(url: str, headers: dict[str, str], times: int = 15) -> dict[str, float]:
    """One client: the time of the server itself."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        urllib.request.urlopen(urllib.request.Request(url, headers=headers)).read()
        taken.append(time.perf_counter() - begun)
    return {
        "median_ms": round(statistics.median(taken[2:]) * 1000, 1),
        "worst_ms": round(max(taken[2:]) * 1000, 1),
    }


def measure(stack: Stack, seconds: int, circles: int) -> dict[str, Any]:
    dsn = open_house(stack)
    begun = time.perf_counter()
    fill(ROWS, circles)
    analyse(dsn)
    filled = time.perf_counter() - begun
    token, cookie, slug = visitor()
    listed, page = f"{stack.url}/api/v1/operations", f"{stack.url}/operations/"
    write = f"{stack.url}/api/v1/operations/{slug}/log"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda url: alone(url, cookie | token, 3), [listed, page, stack.url + "/"]))
    found = {
        "list_alone": alone(listed, token),
        "list_page_alone": alone(page, cookie),
        "board": alone(f"{stack.url}/", cookie),
        "list": load(listed, token, seconds=seconds),
        "list_page": load(page, cookie, seconds=seconds),
        "write": load(write, token, json.dumps({"event": "arrived"}), seconds=seconds),
        "hello": hello(seconds),
        "commit": commits(dsn, min(seconds, 4)),
    }
    return {"filled_s": round(filled, 1), **found}


def main(circles: int = CIRCLES, seconds: int = 6) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as folder:
        stack = Stack(Path(folder), VARANGIAN_DEMO="1")
        try:
            stack.start(180)
            found = measure(stack, seconds, circles)
        finally:
            stack.kill()
    return {
        "bench": "web",
        "rows": ROWS,
        "circles": circles,
        "clients": CLIENTS,
        "load_before": round(os.getloadavg()[0], 1),
        **found,
        "list_p99_to_hello_p99": round(found["list"]["p99_ms"] / found["hello"]["p99_ms"], 1),
        "write_p99_to_commit_p99": round(found["write"]["p99_ms"] / found["commit"]["p99_ms"], 1),
        "targets_ms": TARGETS,
        "met": {
            name: found[name]["per_s"] > 0 and found[name]["p99_ms"] < TARGETS[name]
            for name in ("list", "list_page", "write")
        }
        | {
            "board": found["board"]["median_ms"] < TARGETS["board"],
        },
    }


if __name__ == "__main__":
    json.dump(main(*(int(word) for word in sys.argv[1:])), sys.stdout, indent=2)
    sys.stdout.write("\n")
