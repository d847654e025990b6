"""Bring the tables up to the code."""

import os
import subprocess
import sys

import psycopg

from varangian.kernel.results import Refused

from .connect import owner_dsn, patient


def ensure_schema() -> None:
    """A house that was only installed gets its tables at the first command."""
    with psycopg.connect(patient(owner_dsn() or "")) as connection:
        row = connection.execute("select to_regclass('access_user')").fetchone()
    if row and row[0] is None:
        migrate()


def migrate() -> None:
    """In a process of its own, since only migrations speak as the owner."""
    environment = {**os.environ, "VARANGIAN_DB_ROLE": "owner"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"The tables could not be made: {done.stderr.strip()[-800:]}")
