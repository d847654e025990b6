"""Clients for the benchmarks: ``wrk`` when it is there, else threads in a process of their own."""

import http.client
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

Timing = dict[str, Any]
CLIENTS = 16
LUA = """
local count, thread = 0, nil
function setup(t) thread = (thread or 0) + 1; t:set("id", thread) end
function request()
  count = count + 1
  local headers = {%s}
  if wrk.method ~= "GET" then headers["Idempotency-Key"] = "%s-" .. id .. "-" .. count end
  return wrk.format(nil, nil, headers, wrk.body)
end
wrk.method, wrk.body = "%s", [==[%s]==]
"""


def load(url: str, headers: dict[str, str], body: str = "", seconds: int = 6) -> Timing:
    """Requests per second and p50, p99 in milliseconds, at 16 clients."""
    run = _wrk if shutil.which("wrk") else _own
    return run(url, headers, body, seconds)


def _wrk(url: str, headers: dict[str, str], body: str, seconds: int) -> Timing:
    method = "POST" if body else "GET"
    sent = {**headers, **({"Content-Type": "application/json"} if body else {})}
    listed = ", ".join(f'["{name}"] = "{value}"' for name, value in sent.items())
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA % (listed, f"b{time.time_ns()}", method, body))
        script.flush()
        words = ["-t2", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
        done = subprocess.run(
            ["wrk", *words, "-s", script.name, url], capture_output=True, text=True, check=True
        )
    found = dict(re.findall(r"^\s+(50|99)%\s+([\d.]+\w+)", done.stdout, re.M))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    errors = re.search(r"Socket errors: (.*)", done.stdout)
    return {
        "per_s": float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]),
        "p50_ms": _milliseconds(found["50"]),
        "p99_ms": _milliseconds(found["99"]),
        "refused": int(bad[1]) if bad else 0,
        "errors": errors[1] if errors else "",
        "client": "wrk",
    }


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return round(float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit], 2)


def _own(url: str, headers: dict[str, str], body: str, seconds: int) -> Timing:
    order = json.dumps({"url": url, "headers": headers, "body": body, "seconds": seconds})
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "clients"],
        input=order,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _clients(order: dict[str, Any]) -> Timing:
    """Runs in a process of its own."""
    _, _, host, path = order["url"].split("/", 3)
    times: list[float] = []
    refused, end, mark = [0], time.monotonic() + order["seconds"], time.time_ns()

    def work(number: int) -> None:
        line, count = http.client.HTTPConnection(host), 0
        while time.monotonic() < end:
            headers, count = dict(order["headers"]), count + 1
            if order["body"]:
                headers |= {
                    "Content-Type": "application/json",
                    "Idempotency-Key": f"{mark}-{number}-{count}",
                }
            begun = time.perf_counter()
            line.request("POST" if order["body"] else "GET", f"/{path}", order["body"], headers)
            answer = line.getresponse()
            answer.read()
            times.append(time.perf_counter() - begun)
            refused[0] += answer.status >= 400

    threads = [threading.Thread(target=work, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = round(len(times) / order["seconds"], 1)
    return {"per_s": rate, **spread(times), "refused": refused[0], "errors": "", "client": "own"}


def spread(seconds: list[float]) -> Timing:
    """p50 and p99 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49] * 1000, 2), "p99_ms": round(cuts[98] * 1000, 2)}


if __name__ == "__main__" and sys.argv[1:] == ["clients"]:
    json.dump(_clients(json.load(sys.stdin)), sys.stdout)
