"""Work that is due by the second: one thread of one worker, wherever it runs, does it for all.

A job of the queue starts within a second or two; an escalation or a missed check call may not
wait for a free place in it. The worker whose connection holds the lock keeps the ticks; when it
dies, PostgreSQL frees the lock and another takes over within a second.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import structlog
from django.db import Error

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.database.connect import role_dsn

log = structlog.get_logger()
TICK_LOCK = 727_010
BEAT = 0.25


@dataclass
class Tick:
    name: str
    every: float
    run: Callable[[], object]
    due: float = 0.0


_ticks: dict[str, Tick] = {}


def every(seconds: float, name: str, run: Callable[[], object]) -> None:
    """Run it again and again, in a transaction of the house. Call this in ``AppConfig.ready``."""
    _ticks[name] = Tick(name, seconds, run)


def keep(stop: threading.Event) -> None:
    """For ever: wait until nobody else keeps the ticks, then keep them."""
    while not stop.is_set():
        try:
            with psycopg.connect(role_dsn("worker"), autocommit=True) as connection:
                _hold(connection, stop)
        except (psycopg.Error, OSError) as error:
            log.warning("ticks lost the database", error=type(error).__name__)
        stop.wait(BEAT)


def _hold(connection: psycopg.Connection, stop: threading.Event) -> None:
    while not stop.is_set():
        row = connection.execute("select pg_try_advisory_lock(%s)", [TICK_LOCK]).fetchone()
        if row and row[0]:
            break
        stop.wait(BEAT)
    while not stop.is_set():
        connection.execute("select 1")
        beat(time.monotonic())
        stop.wait(BEAT)


def beat(present: float) -> None:
    """All that is due; one that fails is told and does not hold up the others."""
    for tick in list(_ticks.values()):
        if present < tick.due:
            continue
        tick.due = present + tick.every
        try:
            with acting(SYSTEM, purpose=tick.name):
                tick.run()
        except Error as error:
            log.warning("tick waits for the database", tick=tick.name, error=type(error).__name__)
        except Exception:
            log.exception("tick failed", tick=tick.name)


def start() -> threading.Event:
    """In a thread of its own; set the returned event to end it."""
    stop = threading.Event()
    threading.Thread(target=keep, args=[stop], name="ticks", daemon=True).start()
    return stop
