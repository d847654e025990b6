"""Where the database is, and as whom this process speaks to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .embedded import APP, DATABASE, OWNER, WORKER, EmbeddedServer, home_folder

ROLES = {"app": APP, "worker": WORKER, "owner": OWNER}


def owner_dsn() -> str | None:
    """DSN of the owner: DATABASE_URL, or what ``up`` handed to its children."""
    return os.environ.get("DATABASE_URL") or os.environ.get("VARANGIAN_DSN")


def patient(dsn: str) -> str:
    """A host that swallows packets must not hold a command for minutes."""
    return make_conninfo(dsn, **({"connect_timeout": "10"} | conninfo_to_dict(dsn)))


@contextmanager
def database_at_hand(home: Path | None = None) -> Iterator[EmbeddedServer | None]:
    """Make sure that a database answers, starting the embedded one when nothing else is named."""
    if owner_dsn():
        yield None
        return
    server = EmbeddedServer(home or home_folder()).start()
    os.environ["VARANGIAN_DSN"] = server.dsn()
    try:
        prepare(server.dsn(database="postgres"))
        yield server
    finally:
        os.environ.pop("VARANGIAN_DSN", None)
        server.stop()


def prepare(maintenance_dsn: str, database: str = DATABASE) -> None:
    """Create the database and the two plain roles; safe to repeat."""
    with psycopg.connect(maintenance_dsn, autocommit=True) as connection:
        for role in (APP, WORKER):
            known = connection.execute("select 1 from pg_roles where rolname = %s", [role])
            if not known.fetchone():
                connection.execute(f"create role {role} login nosuperuser")  # pyright: ignore
        known = connection.execute("select 1 from pg_database where datname = %s", [database])
        if not known.fetchone():
            connection.execute(f'create database "{database}"')  # pyright: ignore


def django_database(role: str) -> dict[str, Any]:
    """The DATABASES entry for a process that speaks as ``app``, ``worker`` or ``owner``."""
    dsn = owner_dsn()
    parts = conninfo_to_dict(dsn) if dsn else {"dbname": DATABASE}
    options: dict[str, Any] = {}
    if role != "owner":
        options["options"] = f"-c role={ROLES[role]}"
    if "sslmode" in parts:
        options["sslmode"] = parts["sslmode"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname") or DATABASE,
        "USER": parts.get("user") or OWNER,
        "PASSWORD": parts.get("password") or "",
        "HOST": parts.get("host") or "",
        "PORT": parts.get("port") or "",
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def role_dsn(role: str) -> str:
    dsn = owner_dsn() or ""
    if role == "owner":
        return dsn
    return make_conninfo(dsn, options=f"-c role={ROLES[role]}")
