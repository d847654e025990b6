"""Bring the tables up to the code: one machine at a time, and never back to an older code."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any

import psycopg

from varangian.kernel.results import Refused

from .connect import ensure_roles, owner_dsn, patient
from .house_keys import hold_keys, prove_keys

PREPARING = 727_001
"""Advisory lock of whoever makes tables, keys or the first records of a house."""
APPLYING = "  Applying "
"""How Django begins the line of each migration."""
Connection = psycopg.Connection[Any]


@contextmanager
def preparing() -> Iterator[Connection]:
    """Machines that start together prepare one after the other; the later ones find it done."""
    with psycopg.connect(patient(owner_dsn() or ""), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [PREPARING])
        _make_roles(connection)
        yield connection


def ensure_schema() -> None:
    """A house that was only installed gets its tables at the first command. Each command proves
    that the keys of this machine are those of the house, before it could seal with others."""
    with psycopg.connect(patient(owner_dsn() or "")) as connection:
        if _there(connection, "crypto_housekey") and prove_keys(connection):
            return
    with preparing() as connection:
        if not _there(connection, "access_user"):
            migrate()
        if _there(connection, "crypto_housekey"):
            hold_keys(connection)


def _there(connection: Connection, table: str) -> bool:
    row = connection.execute("select to_regclass(%s)", [table]).fetchone()
    return bool(row and row[0])


def _make_roles(connection: Connection) -> None:
    """Before anything else: all but the owner speak as one of them."""
    try:
        ensure_roles(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refused(
            f"The two roles of the house could not be made: {error.diag.message_primary}",
            where="DATABASE_URL",
            mend="Give its user CREATEROLE; docs/how-to/run-on-several-machines.md has the lines.",
        ) from error


def migrate(advance: Callable[[], Any] = lambda: None) -> None:
    """In a process of its own, since only migrations speak as the owner. ``advance`` is called as
    each begins."""
    environment = {**os.environ, "VARANGIAN_DB_ROLE": "owner"}
    with TemporaryFile("w+") as faults:
        making = subprocess.Popen(
            [sys.executable, "-m", "django", "migrate", "--no-color"],
            env=environment, stdout=subprocess.PIPE, stderr=faults, text=True,
        )  # fmt: skip
        for line in making.stdout or ():
            if line.startswith(APPLYING):
                advance()
        if making.wait():
            faults.seek(0)
            raise Refused(f"The tables could not be made: {faults.read().strip()[-800:]}")
