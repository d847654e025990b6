"""Where the database is, and as whom this process speaks to it."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .embedded import APP, DATABASE, OWNER, WORKER, EmbeddedServer, home_folder

ROLES = {"app": APP, "worker": WORKER, "owner": OWNER}
NAMED = ("dbname", "user", "password", "host", "port", "options")
WATCHFUL = {
    "keepalives_idle": "1",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "4000",
    "connect_timeout": "5",
}
"""A machine that lost its power says no farewell. Both ends notice within four seconds: ours, so
that screens turn amber; the server's, so that what the dead machine had locked becomes free."""


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
        ensure_roles(connection)
        known = connection.execute("select 1 from pg_database where datname = %s", [database])
        if not known.fetchone():
            connection.execute(f'create database "{database}"')  # pyright: ignore


def ensure_roles(connection: psycopg.Connection[Any]) -> None:
    """The two plain roles, each one that the owner may become. A managed server gives no superuser:
    there the owner needs CREATEROLE, or somebody makes the roles beforehand."""
    for role in (APP, WORKER):
        known = connection.execute("select 1 from pg_roles where rolname = %s", [role])
        if not known.fetchone():
            connection.execute(f"create role {role} login nosuperuser")  # pyright: ignore
        may = connection.execute("select pg_has_role(current_user, %s, 'SET')", [role]).fetchone()
        if not (may and may[0]):
            become = f"grant {role} to current_user with set true, inherit true"
            connection.execute(become)  # pyright: ignore


def django_database(role: str) -> dict[str, Any]:
    """The DATABASES entry for a process that speaks as ``app``, ``worker`` or ``owner``."""
    dsn = owner_dsn()
    parts = conninfo_to_dict(dsn) if dsn else {"dbname": DATABASE}
    others = {name: value for name, value in parts.items() if name not in NAMED}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname") or DATABASE,
        "USER": parts.get("user") or OWNER,
        "PASSWORD": parts.get("password") or "",
        "HOST": parts.get("host") or "",
        "PORT": parts.get("port") or "",
        "OPTIONS": {**_manners(role), **others, "options": _session(role, parts.get("options"))},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def role_dsn(role: str, **more: str) -> str:
    parts = conninfo_to_dict(owner_dsn() or "")
    session = _session(role, parts.get("options"))
    return make_conninfo(**{**_manners(role), **parts, "options": session, **more})


def _manners(role: str) -> dict[str, str]:
    """What the DSN may say otherwise: our name in pg_stat_activity, how soon a loss is noticed."""
    return {"application_name": f"varangian {role} {socket.gethostname()}"[:63], **WATCHFUL}


def _session(role: str, given: Any) -> str:
    """Those of the DSN, our role, and the server's side of ``WATCHFUL``."""
    ours = {
        f"tcp_{name}": value for name, value in WATCHFUL.items() if name.startswith("keepalives")
    }
    ours["tcp_user_timeout"] = WATCHFUL["tcp_user_timeout"]
    if role != "owner":
        ours["role"] = ROLES[role]
    words = [f"-c {name}={value}" for name, value in ours.items()]
    return " ".join([*([str(given)] if given else []), *words])
