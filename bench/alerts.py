"""From the commit of a duress call to a person's device, beside the bare call to that device.

Prints JSON: milliseconds from commit to arrival (median, p99) of calls that go out in the process
that committed, while the worker's beat runs beside it as the second way; how many arrived twice or
never; the same for an ordinary alert, which waits for the beat; and the ratio to the physical
limit, which is the bare HTTP call. The device is a server on loopback.
"""

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CALLS, ORDINARY = 200, 20
BUDGET_MS = 2000.0
heard: list[tuple[str, float]] = []


class Device(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        heard.append((body.decode(), time.perf_counter()))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:  # pyright: ignore
        """The result is one line."""


def main() -> int:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Device)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as home:
        os.environ |= {"VARANGIAN_HOME": home, "VARANGIAN_DB_ROLE": "owner"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
        from varangian.platform.database.connect import database_at_hand

        with database_at_hand(Path(home)):
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            result = measure(f"127.0.0.1:{server.server_port}")
            close()
    print(json.dumps(result))
    return 0 if result["within_budget"] else 1


def close() -> None:
    from django.db import connection

    from varangian.alerts.services import sending

    for pool in (sending._rushing, sending._pool):
        pool.shutdown()
    connection.close()


def measure(device: str) -> dict[str, Any]:
    from tests import factories

    from varangian.alerts import services
    from varangian.platform.access.scope import SYSTEM

    leader = factories.person("Leader One")
    operation = factories.operation(leader)
    services.set_switch(actor=SYSTEM, service="webhook", on=True, hosts=["127.0.0.1"])
    channel = services.add_channel(actor=leader, url=f"json://{device}/x", from_urgency="inform")
    services.try_channel(actor=leader, pk=channel.pk)
    bare = [seconds_of_a_bare_call(device) for _ in range(50)]
    end = threading.Event()
    beat = threading.Thread(target=beats, args=[end])
    beat.start()
    duress = [took(operation, "duress", n, 0.02) for n in range(CALLS)]
    ordinary = [took(operation, "signal", n, 0.0) for n in range(ORDINARY)]
    times, ticked = arrivals(duress), arrivals(ordinary)
    end.set()
    beat.join()
    middle, limit = statistics.median(times["ms"]), statistics.median(bare) * 1000
    return {
        "duress_ms_median": round(middle, 1),
        "duress_ms_p99": round(p99(times["ms"]), 1),
        "calls": CALLS,
        "never": times["never"],
        "twice": times["twice"],
        "ordinary_ms_median": round(statistics.median(ticked["ms"]), 1),
        "ordinary_never": ticked["never"],
        "bare_call_ms": round(limit, 2),
        "ratio_to_bare_call": round(middle / limit, 1),
        "load_average": os.getloadavg()[0],
        "within_budget": p99(times["ms"]) < BUDGET_MS and not times["never"] and not times["twice"],
    }


def seconds_of_a_bare_call(device: str) -> float:
    import httpx

    begun = time.perf_counter()
    httpx.post(f"http://{device}/bare", content=b"bare", timeout=60)
    return time.perf_counter() - begun


def beats(end: threading.Event) -> None:
    """What the worker does once a second."""
    from django.db import connection

    from varangian.alerts import services
    from varangian.platform.access.context import acting
    from varangian.platform.access.scope import SYSTEM

    while not end.wait(1.0):
        with acting(SYSTEM, purpose="take alerts on"):
            services.tick()
    connection.close()


def took(operation: Any, source: str, number: int, pause: float) -> tuple[str, float]:
    from varangian.alerts import services
    from varangian.platform.access.context import acting
    from varangian.platform.access.scope import SYSTEM

    with acting(SYSTEM, purpose="bench"):
        alert = services.raise_alert(
            operation=operation,
            title="Invented",
            source=source,
            dedupe=f"{source} {number}",
            urgency="now",
        )
    committed = time.perf_counter()
    time.sleep(pause)
    return str(alert.pk), committed


def arrivals(calls: list[tuple[str, float]]) -> dict[str, Any]:
    """The first round of each call; a code may stand for two calls, then the earlier counts."""
    until = time.monotonic() + 60
    codes = Counter(pk[-4:].upper() for pk, _ in calls)
    while time.monotonic() < until:
        got = Counter(code for text, _ in list(heard) for code in codes if f"ALERT {code}," in text)
        if all(got[code] >= count for code, count in codes.items()):
            break
        time.sleep(0.2)
    ms, never = [], 0
    for pk, committed in calls:
        code = f"ALERT {pk[-4:].upper()},"
        at = [t for text, t in list(heard) if code in text and t >= committed - 0.05]
        if at:
            ms.append(max(0.0, (min(at) - committed) * 1000))
        never += not at
    return {"ms": ms, "never": never, "twice": doubled([pk for pk, _ in calls])}


def doubled(alerts: list[str]) -> int:
    """Rows that were sent more than once, as the attempts say; an answered one never is."""
    from varangian.alerts.models import Delivery

    return Delivery.objects.filter(alert_id__in=alerts, channel="apprise", attempts__gt=1).count()


def p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


if __name__ == "__main__":
    sys.exit(main())
