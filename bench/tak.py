"""The TAK stream under load, beside the most used small server of the field in the same run.

VARANGIAN_TAKLOAD names the load driver, VARANGIAN_TAKY the program ``taky`` of the peer; without
the driver nothing is measured. Processor time per delivery is what carries over to other machines.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import psutil  # noqa: E402
from bench.web import open_house  # noqa: E402
from tests.stack import Stack, free_ports, team  # noqa: E402

SECONDS = os.environ.get("VARANGIAN_TAK_SECONDS", "12")
AIMS = {
    "plain 100": {"pct": 99.9, "p99_ms": 100},
    "tls 200": {"pct": 99.9, "p99_ms": 150},
    "plain 500": {"pct": 99.0, "p99_ms": None},
}
CHEAPER = 20
BESIDE = (50, 100, 200, 500)
"""Clients of the plain port, ours and the peer's in one run."""
PEER_CONFIG = """[taky]
hostname = bench
bind_ip = 127.0.0.1
root_dir = {folder}
[cot_server]
port = {port}
[dp_server]
upload_path = {folder}/dp
"""


def load(port: int, clients: int, pids: set[int], *more: str) -> dict[str, Any]:
    words = [sys.executable, os.environ["VARANGIAN_TAKLOAD"], "--port", str(port)]
    words += ["--clients", str(clients), "--seconds", SECONDS, *more]
    words += ["--server-pid", *map(str, sorted(pids))]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    sent = max(1, told["sent_s"] * (clients - 1))
    wanted = ("pct", "p50_ms", "p99_ms", "server_us_per_delivery", "server_rss_mb", "load1")
    found = {name: told[name] for name in wanted}
    return {**found, "pct_of_sent": round(100 * told["recv_s"] / sent, 2), "lost": told["lost"]}


def driver(clients: int) -> tuple[str, ...]:
    """One process of it reads no more than so many."""
    return ("--procs", "2") if clients > 200 else ()


def keys(stack: Stack, folder: Path) -> tuple[str, ...]:
    """One certificate for all clients of the driver; its device shares as in an emergency."""
    there = team(stack)
    client = stack.cli("tak", "add", there.operation, "--person", there.leader, actor=there.leader)
    words = ["--as", there.leader, "tak", "package", client["id"], "--out", str(folder)]
    command = [sys.executable, "-m", "varangian.cli", *words]
    subprocess.run(command, env=stack.environment, check=True, capture_output=True)
    import psycopg

    with psycopg.connect(open_house(stack)) as connection:
        connection.execute("update tracking_device set emergency_until = now() + interval '1 hour'")
    files = ("--ca", "ca.pem"), ("--cert", "client.pem"), ("--key", "client.key")
    return ("--tls", *(word for flag, name in files for word in (flag, str(folder / name))))


def ours() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        ports, plain = [free_ports() for _ in range(3)], free_ports()
        given = ",".join(map(str, ports))
        stack = Stack(
            Path(folder) / "home",
            VARANGIAN_TAK="127.0.0.1",
            VARANGIAN_TAK_PORTS=given,
            VARANGIAN_TAK_PLAIN=f"127.0.0.1:{plain}",
        ).start()
        try:
            secure = keys(stack, Path(folder) / "pem")
            pids = stack.pids("live")
            return {
                **{
                    f"plain {clients}": load(plain, clients, pids, *driver(clients))
                    for clients in BESIDE
                },
                "tls 200": load(ports[0], 200, pids, *secure, "--ramp", "15"),
            }
        finally:
            stack.kill()


def peer(program: str, clients: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        port, config = free_ports(), Path(folder) / "taky.conf"
        config.write_text(PEER_CONFIG.format(folder=folder, port=port))
        process = subprocess.Popen(
            [program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            time.sleep(4)
            below = psutil.Process(process.pid).children(recursive=True)
            pids = {process.pid, *(one.pid for one in below)}
            return load(port, clients, pids, *driver(clients))
        finally:
            process.kill()


def cost(told: dict[str, Any]) -> float:
    return float(told["server_us_per_delivery"])


def main() -> None:
    if not os.environ.get("VARANGIAN_TAKLOAD"):
        print(json.dumps({"bench": "tak", "skipped": "VARANGIAN_TAKLOAD names no load driver"}))
        return
    found: dict[str, Any] = {"bench": "tak", "ours": ours(), "aims": AIMS, "peer": "taky-ng"}
    if program := os.environ.get("VARANGIAN_TAKY"):
        found["theirs"] = {f"plain {clients}": peer(program, clients) for clients in BESIDE}
        found["cheaper_than_the_peer"] = {
            name: round(cost(told) / cost(found["ours"][name]), 1)
            for name, told in found["theirs"].items()
        }
        found["aim_cheaper"] = CHEAPER
    print(json.dumps(found))


if __name__ == "__main__":
    main()
