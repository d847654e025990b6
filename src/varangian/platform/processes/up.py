"""``varangian up``: everything a machine was asked to run, in one terminal, ended by Ctrl-C."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import psycopg

from varangian.kernel.results import Refused
from varangian.platform.database.connect import database_at_hand, owner_dsn, patient
from varangian.platform.database.embedded import EmbeddedServer, home_folder

from .beats import Beats
from .children import Child, stop_all
from .parts import PARTS, addresses, asked, refuse_taken
from .parts import children as of_house
from .ready import await_ready

BEAT = 0.3


class Stopped(Exception):
    """A signal asked us to end."""


def run(only: Sequence[str] = ()) -> int:
    parts = asked(only)
    home = home_folder()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with _only_one(home, parts):
            refuse_taken(parts)
            with database_at_hand(home) as server:
                _refuse_away()
                return _serve(home, server, parts, _prepare(parts))
    except Stopped:
        return 0


def _stop(number: int, frame: FrameType | None) -> None:
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


@contextmanager
def _only_one(home: Path, parts: Sequence[str]):
    """Parts that run alone share the lock of the whole, each with a lock of its own beside it."""
    whole = tuple(parts) == PARTS
    names = ["up.lock"] if whole else ["up.lock", *(f"up-{part}.lock" for part in parts)]
    with ExitStack() as stack:
        try:
            for name in names:
                kind = fcntl.LOCK_EX if whole or name != "up.lock" else fcntl.LOCK_SH
                lock = stack.enter_context((home / name).open("w"))
                fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                "Varangian already runs from this home",
                where=str(home),
                mend="Stop it first, or set VARANGIAN_HOME and VARANGIAN_PORT for a second one.",
            ) from error
        yield


def _prepare(parts: Sequence[str]) -> str:
    """Tables, the worked operation at the first start, and a one-time sign-in secret."""
    link = os.environ.get("VARANGIAN_LINK", "1") if "web" in parts else "0"
    _say("Preparing")
    done = subprocess.run(
        [sys.executable, "-m", "varangian.config.first"],
        env={**os.environ, "VARANGIAN_DB_ROLE": "worker", "VARANGIAN_LINK": link},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused("Preparing failed", mend="See the lines above.")
    return done.stdout.strip()


def _refuse_away() -> None:
    """A database that is not there is told at once and once, not by each process in turn."""
    with psycopg.connect(patient(owner_dsn() or "")):
        pass


def _serve(home: Path, server: EmbeddedServer | None, parts: Sequence[str], link: str) -> int:
    host, port, _ = addresses()
    os.environ["VARANGIAN_PARTS"] = ",".join(parts)
    children = of_house(home, parts)
    beats = Beats(home, children)
    try:
        for child in children:
            child.start()
        beats.start()
        await_ready(children)
        where = f"http://{host}:{port}" if "web" in parts else ", ".join(parts)
        print(f"Varangian is ready: {where}", flush=True)  # noqa: T201
        if link:
            print(f"Sign in once with: http://{host}:{port}/enter/{link}", flush=True)  # noqa: T201
        while True:
            time.sleep(BEAT)
            _tend(children, server)
    finally:
        stop_all(children)
        beats.stop()


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


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201
