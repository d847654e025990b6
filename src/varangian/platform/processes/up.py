"""``varangian up``: everything one machine needs, in one terminal, ended by Ctrl-C."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psycopg

from varangian.kernel.results import Refused
from varangian.platform.database.connect import database_at_hand, owner_dsn, patient
from varangian.platform.database.embedded import EmbeddedServer, home_folder

from .children import Child, stop_all

BEAT = 0.3
READY_SECONDS = 60


class Stopped(Exception):
    """A signal asked us to end."""


def run() -> int:
    home = home_folder()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with _only_one(home):
            _refuse_taken(*_addresses())
            with database_at_hand(home) as server:
                _refuse_away()
                return _serve(home, server, _prepare())
    except Stopped:
        return 0


def _stop(number: int, frame: FrameType | None) -> None:
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


@contextmanager
def _only_one(home: Path):
    with (home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                "Varangian already runs from this home",
                where=str(home),
                mend="Stop it first, or set VARANGIAN_HOME and VARANGIAN_PORT for a second one.",
            ) from error
        yield


def _prepare() -> str:
    """Tables, the worked operation at the first start, and a one-time sign-in secret."""
    _say("Preparing")
    done = subprocess.run(
        [sys.executable, "-m", "varangian.config.first"],
        env={**os.environ, "VARANGIAN_DB_ROLE": "worker"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused("Preparing failed", mend="See the lines above.")
    return done.stdout.strip()


def _children(home: Path, host: str, port: int, live: int) -> list[Child]:
    granian = [sys.executable, "-m", "granian", "--no-ws", "--log-level", "warning"]
    granian += ["--workers-kill-timeout", "3"]
    listen = ["--host", host, "--port"]
    workers = os.environ.get("VARANGIAN_WEB_WORKERS", str(min(2, os.cpu_count() or 1)))
    threads = os.environ.get("VARANGIAN_WEB_THREADS", "2")
    web = [*granian, "--interface", "wsgi", *listen, str(port)]
    web += ["--workers", workers, "--blocking-threads", threads]
    stream = [*granian, "--interface", "asgi", *listen, str(live)]
    return [
        Child("web", [*web, "varangian.config.wsgi:application"], "app", home / "logs"),
        Child("live", [*stream, "varangian.config.asgi:application"], "app", home / "logs"),
        Child(
            "worker",
            [sys.executable, "-m", "varangian.platform.jobs.worker"],
            "worker",
            home / "logs",
        ),
    ]


def _addresses() -> tuple[str, int, int]:
    host = os.environ.get("VARANGIAN_HOST", "127.0.0.1")
    port = int(os.environ.get("VARANGIAN_PORT", "8000"))
    return host, port, int(os.environ.get("VARANGIAN_LIVE_PORT", str(port + 1)))


def _refuse_taken(host: str, *ports: int) -> None:
    """Servers that share a port would each answer some of the requests."""
    for port in ports:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise Refused(
                    f"Port {port} cannot be used: {error.strerror}",
                    where=f"{host}:{port}",
                    mend="Set VARANGIAN_PORT to a free port; the next one is used as well.",
                ) from error


def _refuse_away() -> None:
    """A database that is not there is told at once and once, not by each process in turn."""
    with psycopg.connect(patient(owner_dsn() or "")):
        pass


def _serve(home: Path, server: EmbeddedServer | None, link: str) -> int:
    host, port, live = _addresses()
    children = _children(home, host, port, live)
    try:
        for child in children:
            child.start()
        _await_ready(host, port, children)
        print(f"Varangian is ready: http://{host}:{port}", flush=True)  # noqa: T201
        if link:
            print(f"Sign in once with: http://{host}:{port}/enter/{link}", flush=True)  # noqa: T201
        while True:
            time.sleep(BEAT)
            _tend(children, server)
    finally:
        stop_all(children)


def _tend(children: list[Child], server: EmbeddedServer | None) -> None:
    if server is not None and not server.alive():
        _say("PostgreSQL ended; starting it again")
        if not server.revive():
            _say(f"PostgreSQL is not back yet; see {server.folder / 'log'}")
            return
    for child in children:
        if child.ended() and child.due():
            _say(f"{child.name} ended; starting it again")
            child.restart()


def _await_ready(host: str, port: int, children: list[Child]) -> None:
    end = time.monotonic() + READY_SECONDS
    url = f"http://{host}:{port}/healthz"
    while time.monotonic() < end:
        for child in children:
            if child.ended():
                log = child.log_folder / f"{child.name}.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                raise Refused(
                    f"{child.name} did not start: {tail}",
                    where=str(log),
                    mend=f"Is port {port} or {port + 1} in use? VARANGIAN_PORT changes it.",
                )
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if json.load(answer)["status"] == "ok":
                    return
        except (urllib.error.URLError, OSError, ValueError):
            pass
        time.sleep(0.1)
    raise Refused(
        f"Not ready after {READY_SECONDS} s", where=url, mend="Run varangian doctor, see logs/."
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201
