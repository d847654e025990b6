"""1,000 phones at one position a second, and one screen that watches: how late, at what cost.

Phones are sockets of a process of their own, each of which waits for its answer, so that what was
acknowledged is what was committed. Phone to screen is from the moment a phone has a position to
the moment the stream of a signed-in browser brings it. Peers, on the same database: one row and
one NOTIFY a transaction, as simple servers do, and a bare COPY of the same rows, which is the least
that keeping them can cost.

    PYTHONPATH=. python bench/positions.py [phones] [seconds]
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import psutil  # noqa: E402
from bench.load import spread  # noqa: E402
from bench.web import open_house, visitor  # noqa: E402
from tests.stack import Stack  # noqa: E402

PHONES, SECONDS, WARM = 1000, 20, 5.0
TARGET_MS = 500
ROWS, BATCH = 2_000, 50


async def phone(port: int, secret: str, number: int, end: float, told: list[float]) -> None:
    """One keep-alive connection; a position each second, and the wait for its answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(number % 1000 / 1000)
    due = time.time()
    while due < end:
        at = time.time()
        place = {"lat": 60.1 + number / 1e4, "lon": 24.9 + (at % 100) / 1e4, "tst": at}
        body = json.dumps({"_type": "location", "acc": 5, "batt": 80, "vel": 5, "cog": 90, **place})
        writer.write(
            f"POST /ingest/{secret} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        status = await reader.readline()
        length = 0
        while line := (await reader.readline()).strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        await reader.readexactly(length)
        if b" 200 " in status:
            told.append(time.time() - at)
        due += 1
        await asyncio.sleep(max(0, due - time.time()))
    writer.close()


async def phones(order: dict[str, Any]) -> None:
    told: list[float] = []
    end = time.time() + order["seconds"]
    work = [phone(order["port"], secret, n, end, told) for n, secret in enumerate(order["secrets"])]
    for failed in await asyncio.gather(*work, return_exceptions=True):
        if failed is not None:
            sys.stderr.write(f"{failed!r}\n")
    json.dump(told, sys.stdout)


async def screen(order: dict[str, Any]) -> None:
    """Seconds from each position to its arrival, until a line comes on standard input."""
    reader, writer = await asyncio.open_connection("127.0.0.1", order["port"], limit=2**22)
    lines = ["GET /live HTTP/1.1", f"Host: 127.0.0.1:{order['port']}", "Accept: text/event-stream"]
    lines += [f"{name}: {value}" for name, value in order["headers"].items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    late: list[list[float]] = []

    async def listen() -> None:
        while line := await reader.readline():
            if line.startswith(b"data: {"):
                arrived = time.time()
                rows = json.loads(line[6:]).get("data") or ()
                late.extend([arrived, arrived - row[3]] for row in rows)

    listening = asyncio.create_task(listen())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    listening.cancel()
    json.dump(late, sys.stdout)


def child(words: str, order: dict[str, Any]) -> "subprocess.Popen[str]":
    started = subprocess.Popen(
        [sys.executable, str(Path(__file__)), words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    started.stdin.write(json.dumps(order) + "\n")
    started.stdin.flush()
    return started


def enrol(slug: str, count: int) -> tuple[list[str], list[UUID]]:
    from datetime import timedelta

    from varangian.kernel.clock import now
    from varangian.operations.models import Operation
    from varangian.tracking.models import Device
    from varangian.tracking.tokens import digest

    operation = Operation.objects.get(slug=slug)
    secrets = [f"bench-phone-{n:05d}-token" for n in range(count)]
    made = Device.objects.bulk_create(
        Device(
            compartment_id=operation.compartment_id,
            operation=operation,
            kind="owntracks",
            label=f"Phone {n}",
            digest=digest(secret),
            emergency_until=now() + timedelta(days=1),
        )
        for n, secret in enumerate(secrets)
    )
    return secrets, [device.pk for device in made]


def spent(processes: list[psutil.Process]) -> float:
    """Processor seconds so far; one that came or went in between counts as far as it is there."""
    total = 0.0
    for one in processes:
        with suppress(psutil.Error):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def postgres_of(stack: Stack) -> list[psutil.Process]:
    head = psutil.Process(next(iter(stack.pids("postgres"))))
    return [head, *head.children(recursive=True)]


def measure(stack: Stack, count: int, seconds: int) -> dict[str, Any]:
    dsn = open_house(stack)
    _, cookie, slug = visitor()
    secrets, ids = enrol(slug, count)
    port = stack.port + 1
    watcher = child("screen", {"port": port, "headers": cookie})
    assert watcher.stdout.readline().strip() == "ready"
    live = [psutil.Process(pid) for pid in stack.pids("live")]
    sender = child("phones", {"port": port, "secrets": secrets, "seconds": seconds + WARM})
    time.sleep(WARM)
    base = postgres_of(stack)
    began, before = time.time(), (spent(live), spent(base))
    sent, _ = sender.communicate(timeout=seconds + 120)
    lasted, used = time.time() - began, (spent(live) - before[0], spent(base) - before[1])
    time.sleep(1)
    seen, _ = watcher.communicate("stop\n", timeout=60)
    answered = json.loads(sent)
    late = [one for at, one in json.loads(seen) if at > began]
    rows = kept(dsn, ids)
    found = {
        "phones": count,
        "seconds": seconds,
        "acknowledged": len(answered),
        "kept": rows,
        "lost": len(answered) - rows,
        "seen_percent": round(100 * len(late) / max(1, count * seconds), 1),
        **{f"screen_{name}": value for name, value in spread(late).items()},
        **{f"answer_{name}": value for name, value in spread(answered).items()},
        "live_cpu_percent": round(100 * used[0] / lasted, 1),
        "postgres_cpu_percent": round(100 * used[1] / lasted, 1),
        "cpu_us_per_position": round(sum(used) / max(1, count * lasted) * 1e6, 1),
        **beside(dsn, ids),
    }
    found["within_target"] = found["screen_p99_ms"] < TARGET_MS and found["lost"] <= 0
    return found


def kept(dsn: str, ids: list[UUID]) -> int:
    import psycopg

    with psycopg.connect(dsn) as connection:
        asked = "select count(*) from tracking_position where device_id = any(%s)"
        return connection.execute(asked, [ids]).fetchone()[0]


def beside(dsn: str, ids: list[UUID]) -> dict[str, Any]:
    """Processor microseconds a position, ours and PostgreSQL's: in batches, one at a time, and a
    bare COPY. Processor time, since other work on the machine does not count in it."""
    import psycopg

    with psycopg.connect(dsn) as connection:
        connection.execute("create table bench_positions (like tracking_position including all)")
        connection.execute("alter table bench_positions disable row level security")
        connection.commit()
        ours = timed(connection, ids, 1, BATCH)
        single = timed(connection, ids, 2, 1)
        copy = copied(connection, ids)
        connection.execute("drop table bench_positions")
    return {
        "batched_cpu_us": round(ours, 1),
        "one_by_one_cpu_us": round(single, 1),
        "bare_copy_cpu_us": round(copy, 1),
        "times_cheaper_than_one_by_one": round(single / ours, 1),
        "times_dearer_than_bare_copy": round(ours / copy, 1),
    }


def timed(connection: Any, ids: list[UUID], offset: int, batch: int) -> float:
    from datetime import timedelta

    from varangian.kernel.clock import now
    from varangian.tracking import store
    from varangian.tracking.fix import Fix

    count = ROWS if batch > 1 else ROWS // 10
    base = now() - timedelta(hours=offset)
    fixes = [
        Fix(ids[n % len(ids)], base + timedelta(seconds=n // len(ids)), now(), 60.1, 24.9)
        for n in range(count)
    ]
    began = cpu_of(connection)
    for start in range(0, count, batch):
        with connection.cursor() as cursor:
            store.write(cursor, fixes[start : start + batch])
        connection.commit()
    return (cpu_of(connection) - began) / count * 1e6


def copied(connection: Any, ids: list[UUID]) -> float:
    from datetime import timedelta

    from varangian.kernel.clock import now

    base, words = now(), "copy bench_positions (device_id, at, compartment_id, heard_at, lat, lon)"
    began = cpu_of(connection)
    for start in range(0, ROWS, BATCH):
        with connection.cursor() as cursor, cursor.copy(f"{words} from stdin") as copy:
            for n in range(start, start + BATCH):
                pk = ids[n % len(ids)]
                copy.write_row((pk, base + timedelta(seconds=n), pk, base, 60.1, 24.9))
        connection.commit()
    return (cpu_of(connection) - began) / ROWS * 1e6


def cpu_of(connection: Any) -> float:
    """Of this process and of the one that serves it."""
    return time.process_time() + spent([psutil.Process(connection.info.backend_pid)])


def main(count: int, seconds: int) -> int:
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as folder:
        stack = Stack(Path(folder), VARANGIAN_DEMO="1")
        try:
            stack.start(240)
            found = measure(stack, count, seconds)
        finally:
            stack.kill()
    print(json.dumps(found))
    return 0 if found["within_target"] else 1


if __name__ == "__main__":
    if sys.argv[1:] in (["phones"], ["screen"]):
        asyncio.run({"phones": phones, "screen": screen}[sys.argv[1]](json.loads(input())))
    else:
        given = [int(word) for word in sys.argv[1:]]
        sys.exit(main(*(given + [PHONES, SECONDS][len(given) :])))
