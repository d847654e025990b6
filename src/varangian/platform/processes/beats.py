"""The supervisor tells the database that its parts are there, in a thread that may wait for it."""

import hashlib
import os
import socket
import threading
from contextlib import suppress
from pathlib import Path

import psycopg

from varangian import __version__
from varangian.platform.database.connect import role_dsn

from .children import Child

EVERY = 5.0
TELL = """insert into processes_part (machine, part, version, library, seen_at)
values (%s, %s, %s, %s, now()) on conflict (machine, part) do update
set version = excluded.version, library = excluded.library, seen_at = excluded.seen_at"""
LEAVE = "delete from processes_part where machine = %s and part = any(%s)"


def machine() -> str:
    """Two houses of one machine differ by their port."""
    return f"{socket.gethostname()}:{os.environ.get('VARANGIAN_PORT', '8000')}"[:100]


def library_print(home: Path) -> str:
    """The customer's own libraries must be the same on all machines; empty when there are none."""
    files = sorted((home / "library").glob("**/*.yaml"))
    told = hashlib.sha256()
    for path in files:
        told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest() if files else ""


class Beats:
    def __init__(self, home: Path, children: list[Child]) -> None:
        self.home, self.children = home, children
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beats", daemon=True)

    def start(self) -> "Beats":
        self._thread.start()
        return self

    def stop(self) -> None:
        """A machine that leaves in good order is not missed."""
        self._end.set()
        self._thread.join(2)
        with suppress(psycopg.Error, OSError), psycopg.connect(_dsn()) as connection:
            connection.execute(LEAVE, [machine(), [child.name for child in self.children]])

    def _run(self) -> None:
        while not self._end.is_set():
            with suppress(psycopg.Error, OSError):
                self._tell()
            self._end.wait(EVERY)

    def _tell(self) -> None:
        with psycopg.connect(_dsn(), autocommit=True) as connection:
            while not self._end.is_set():
                told = (__version__, library_print(self.home))
                for child in self.children:
                    if not child.ended():
                        connection.execute(TELL, [machine(), child.name, *told])
                self._end.wait(EVERY)


def _dsn() -> str:
    return role_dsn("worker", connect_timeout="2")
