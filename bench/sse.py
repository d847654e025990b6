"""200 open screens hear 100 events: how many arrive, how late, at what cost in processor time.

Events are sent as the services send them, by NOTIFY in a transaction of the database; the screens
are plain sockets in a process of their own, so that their work does not count as the server's.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import psutil  # noqa: E402
from bench.load import spread  # noqa: E402
from bench.web import open_house, visitor  # noqa: E402
from tests.stack import Stack  # noqa: E402

SCREENS, EVENTS, EVERY, GRACE = 200, 100, 0.05, 2.0
TARGET_MS = 250


async def screen(order: dict[str, Any], heard: list[list[Any]], ready: asyncio.Semaphore) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", order["port"])
    lines = ["GET /live HTTP/1.1", f"Host: 127.0.0.1:{order['port']}", "Accept: text/event-stream"]
    lines += [f"{name}: {value}" for name, value in order["headers"].items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    while line := await reader.readline():
        if not line.startswith(b"data: {"):
            continue
        news = json.loads(line[6:])
        if news.get("topic") == "hello":
            ready.release()
        elif news.get("topic") == "bench":
            heard.append([news["record"], time.time()])


async def screens(order: dict[str, Any]) -> None:
    """Runs in a process of its own: says ``ready``, then all that it heard."""
    heard: list[list[Any]] = []
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(screen(order, heard, ready)) for _ in range(SCREENS)]
    for _ in range(SCREENS):
        await asyncio.wait_for(ready.acquire(), 60)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    for task in tasks:
        task.cancel()
    json.dump(heard, sys.stdout)


def send(dsn: str, compartment: str) -> dict[str, float]:
    """Commit one event after the other; returns when each was committed."""
    import psycopg

    sent = {}
    with psycopg.connect(dsn, autocommit=True) as connection:
        for _ in range(EVENTS):
            record = str(uuid.uuid4())
            news = {"topic": "bench", "kind": "changed", "record": record}
            sent[record] = time.time()
            connection.execute(
                "select pg_notify('varangian_live', %s)",
                [json.dumps({**news, "compartment": compartment})],
            )
            time.sleep(EVERY)
    return sent


def measure(stack: Stack) -> dict[str, Any]:
    dsn = open_house(stack)
    _, cookie, slug = visitor()
    from varangian.operations.models import Operation

    compartment = str(Operation.objects.get(slug=slug).compartment_id)
    clients = subprocess.Popen(
        [sys.executable, str(Path(__file__)), "screens"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    clients.stdin.write(json.dumps({"port": stack.port + 1, "headers": cookie}) + "\n")
    clients.stdin.flush()
    assert clients.stdout.readline().strip() == "ready"
    live = [psutil.Process(pid) for pid in stack.pids("live")]
    before = sum(sum(one.cpu_times()[:2]) for one in live)
    begun = time.time()
    sent = send(dsn, compartment)
    time.sleep(GRACE)
    spent = sum(sum(one.cpu_times()[:2]) for one in live) - before
    lasted = time.time() - begun
    size = sum(one.memory_full_info().pss for one in live) / 1e6
    out, _ = clients.communicate("stop\n", timeout=30)
    late = [at - sent[record] for record, at in json.loads(out) if record in sent]
    return {
        "delivered_percent": round(100 * len(late) / (SCREENS * EVENTS), 2),
        **spread(late),
        "worst_ms": round(max(late) * 1000, 1),
        "live_cpu_s": round(spent, 2),
        "live_cpu_us_per_delivery": round(spent / len(late) * 1e6, 1),
        "live_cpu_percent_of_one_core": round(100 * spent / lasted, 1),
        "live_pss_mb": round(size, 1),
    }


def main() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as folder:
        stack = Stack(Path(folder), VARANGIAN_DEMO="1")
        try:
            stack.start(180)
            found = measure(stack)
        finally:
            stack.kill()
    met = found["p99_ms"] < TARGET_MS and found["delivered_percent"] == 100
    shown = {"screens": SCREENS, "events": EVENTS, "target_ms": TARGET_MS}
    return {"bench": "sse", **shown, **found, "met": met}


if __name__ == "__main__":
    if sys.argv[1:] == ["screens"]:
        asyncio.run(screens(json.loads(sys.stdin.readline())))
    else:
        json.dump(main(), sys.stdout, indent=2)
        sys.stdout.write("\n")
