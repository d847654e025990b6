"""The three kinds of processes of a house, and which of them this machine was asked to run."""

import os
import socket
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from varangian.kernel.results import Refused

from .children import Child

PARTS = ("web", "live", "worker")
VISION = "vision"
"""Cameras: beside the others where their packages are installed, or alone on a machine for it."""
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 said by the customer, not bound by us


def asked(only: Sequence[str]) -> tuple[str, ...]:
    """Raises Refused for a part that there is not, or one alone beside the embedded database."""
    wanted = [part for words in only for part in words.split(",")]
    if unknown := [part for part in wanted if part not in (*PARTS, VISION)]:
        every = ", ".join((*PARTS, VISION))
        raise Refused(f"There is no part '{unknown[0]}'", mend=f"There is: {every}.")
    if VISION in wanted and not can_look():
        raise Refused("This machine cannot look", where=VISION, mend="Install varangian[vision].")
    if wanted and not os.environ.get("DATABASE_URL"):
        raise Refused(
            "A part alone needs a database that the other parts reach",
            where="DATABASE_URL",
            mend="Name a PostgreSQL by DATABASE_URL, or start the whole house with varangian up.",
        )
    return tuple(part for part in (*PARTS, VISION) if part in wanted) or PARTS


def can_look() -> bool:
    return all(find_spec(name) is not None for name in ("av", "cv2"))


def running_here() -> tuple[str, ...]:
    """As ``up`` told its children; a process that was started by hand counts on all."""
    return tuple(os.environ.get("VARANGIAN_PARTS", ",".join(PARTS)).split(","))


def addresses() -> tuple[str, int, int]:
    """Where we listen: host, port of the pages, port of the live stream."""
    host = os.environ.get("VARANGIAN_HOST", "127.0.0.1")
    port = int(os.environ.get("VARANGIAN_PORT", "8000"))
    return host, port, int(os.environ.get("VARANGIAN_LIVE_PORT", str(port + 1)))


def near() -> str:
    """An address at which this machine reaches its own processes."""
    host = addresses()[0]
    return LOOPBACK.get(host, host)


def refuse_taken(parts: Sequence[str]) -> None:
    """Servers that share a port would each answer some of the requests."""
    host, port, live = addresses()
    for wanted in [port] * ("web" in parts) + [live] * ("live" in parts):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, wanted))
            except OSError as error:
                raise Refused(
                    f"Port {wanted} cannot be used: {error.strerror}",
                    where=f"{host}:{wanted}",
                    mend="Set VARANGIAN_PORT to a free port; the next one is used as well.",
                ) from error


def children(home: Path, parts: Sequence[str]) -> list[Child]:
    host, port, live = addresses()
    granian = [sys.executable, "-m", "granian", "--no-ws", "--log-level", "warning"]
    granian += ["--workers-kill-timeout", "3"]
    listen = ["--host", host, "--port"]
    workers = os.environ.get("VARANGIAN_WEB_WORKERS", str(min(2, os.cpu_count() or 1)))
    threads = os.environ.get("VARANGIAN_WEB_THREADS", "2")
    web = [*granian, "--interface", "wsgi", *listen, str(port)]
    web += ["--workers", workers, "--blocking-threads", threads]
    stream = [*granian, "--interface", "asgi", *listen, str(live)]
    logs = home / "logs"
    every = [
        Child("web", [*web, "varangian.config.wsgi:application"], "app", logs),
        Child("live", [*stream, "varangian.config.asgi:application"], "app", logs),
        Child("worker", [sys.executable, "-m", "varangian.platform.jobs.worker"], "worker", logs),
    ]
    looker = [sys.executable, "-m", "varangian.surveillance.worker"]
    off = os.environ.get("VARANGIAN_VISION", "1") == "0"
    if VISION in parts or (tuple(parts) == PARTS and can_look() and not off):
        every.append(Child(VISION, looker, "worker", logs))
        parts = (*parts, VISION)
    return [child for child in every if child.name in parts]
