"""What ``varangian doctor`` looks at. Each check says what it found, what it means, how to mend it.

Checks of the machine need no database; checks of the database get an open connection of the owner.
"""

import base64
import hashlib
import json
import os
import platform
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import psycopg

from varangian import __version__
from varangian.platform.processes.beats import library_print
from varangian.platform.processes.parts import near

from .embedded import APP, WORKER, keys_folder

State = Literal["ok", "off", "warn", "bad"]
PACKAGE = Path(__file__).resolve().parents[2]
VENDORED = PACKAGE / "platform" / "ui" / "static" / "vendor"
KEYS = {"master.key": 32, "signing.key": 32, "django.key": 0}
OLDEST_PYTHON = (3, 12)
LEAST_FREE = 1024**3
OLDEST_BACKUP = timedelta(days=2)
MOST_SKEW = 5.0
MOST_SILENT = 15
MACHINES = """select machine, part, version, library, extract(epoch from now() - seen_at)
from processes_part order by 1, 2"""
MISSING_TRIGGERS = """select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relname = any(%s) and not exists (
    select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'varangian_append_only'
    and t.tgenabled <> 'D')"""
OPEN_TABLES = """select relname from pg_class where relname = any(%s)
and not (relrowsecurity and relforcerowsecurity)"""


@dataclass(frozen=True)
class Check:
    """``off`` is a part that does not run, which may be as wanted."""

    name: str
    state: State
    found: str
    mend: str = ""


Connection = psycopg.Connection[Any]


def of_machine(home: Path) -> Iterator[Check]:
    yield _python()
    yield _home(home)
    yield _disk(home)
    yield from _keys()
    yield _assets()


def of_database(home: Path, connection: Connection) -> Iterator[Check]:
    yield _version(connection)
    yield _clock(connection)
    yield _migrations()
    yield _roles(connection)
    yield _walls(connection)
    yield _worker(connection)
    yield _machines(home, connection)
    yield _backups(connection)
    yield _tombstones(home, connection)
    yield _audit(connection)


def _python() -> Check:
    words = f"{sys.version.split()[0]}, {platform.machine()}"
    if tuple(sys.version_info) < OLDEST_PYTHON:
        return Check("python", "bad", words, "Install Python 3.12 or later and make install.")
    return Check("python", "ok", words)


def _home(home: Path) -> Check:
    if not home.is_dir():
        return Check("home folder", "bad", f"{home} is not there", "Run varangian up once.")
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        mend = "Give the service account the right to write there."
        return Check("home folder", "bad", f"{home} cannot be written", mend)
    return Check("home folder", "ok", str(home))


def _disk(home: Path) -> Check:
    free = shutil.disk_usage(home if home.exists() else home.parent).free
    words = f"{free / 1024**3:.1f} GB free"
    mend = "Make room: PostgreSQL stops when the disk is full."
    return Check("disk", "bad" if free < LEAST_FREE else "ok", words, mend * (free < LEAST_FREE))


def _keys() -> Iterator[Check]:
    for name, size in KEYS.items():
        path = keys_folder() / name
        if not path.exists():
            yield Check(f"keys/{name}", "warn", "not made yet", "It is made at first use.")
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield Check(f"keys/{name}", "bad", f"open to others ({mode:o})", f"chmod 600 {path}")
        elif not os.access(path, os.R_OK):
            yield Check(f"keys/{name}", "bad", "cannot be read", "Give it to the service account.")
        elif size and path.stat().st_size != size:
            yield Check(f"keys/{name}", "bad", "damaged", "Restore it from a backup.")
        else:
            yield Check(f"keys/{name}", "ok", "there and private")


def _assets() -> Check:
    lock = PACKAGE.parent.parent / "vendor.lock"
    if not lock.exists():
        return Check("static assets", "off", "no vendor.lock beside the package; not compared")
    wrong = [name for name, expected in _locked(lock) if _integrity(VENDORED / name) != expected]
    if wrong:
        mend = "Put the files back from the release: they were changed."
        return Check("static assets", "bad", f"differ from vendor.lock: {', '.join(wrong)}", mend)
    return Check("static assets", "ok", "as vendor.lock says")


def _locked(lock: Path) -> Iterator[tuple[str, str]]:
    for package in json.loads(lock.read_text())["packages"]:
        folder = f"{package['name'].removeprefix('@').replace('/', '-')}@{package['version']}"
        for name, expected in package["files"].items():
            yield f"{folder}/{name}", expected


def _integrity(path: Path) -> str:
    if not path.is_file():
        return ""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def _version(connection: Connection) -> Check:
    version = connection.info.server_version
    words = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < 160000:
        return Check("database", "bad", words, "Varangian needs PostgreSQL 16 or later.")
    return Check("database", "ok", words)


def _clock(connection: Connection) -> Check:
    row = connection.execute("select clock_timestamp()").fetchone()
    skew = abs((datetime.now(UTC) - row[0]).total_seconds()) if row else 0.0
    words = f"{skew:.1f} s between this machine and the database"
    mend = "Let both follow the same time server: the log lives by its times."
    return Check("clock", "bad" if skew > MOST_SKEW else "ok", words, mend * (skew > MOST_SKEW))


def _migrations() -> Check:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        words = f"{len(waiting)} not applied, first {waiting[0][0]}"
        return Check("tables", "bad", words, "Run varangian up: it applies them.")
    return Check("tables", "ok", "all migrations applied")


def _roles(connection: Connection) -> Check:
    rows = connection.execute(
        "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = any(%s)",
        [[APP, WORKER]],
    ).fetchall()
    found = dict(rows)
    if missing := {APP, WORKER} - set(found):
        return Check("roles", "bad", f"missing: {', '.join(missing)}", "Run varangian up.")
    if strong := [name for name, above in found.items() if above]:
        mend = f"alter role {strong[0]} nosuperuser nobypassrls"
        return Check("roles", "bad", f"{', '.join(strong)} stands above row security", mend)
    return Check("roles", "ok", "two plain roles")


def _walls(connection: Connection) -> Check:
    from django.apps import apps

    ours = [m for m in apps.get_models() if m.__module__.startswith("varangian.")]
    secured = [m._meta.db_table for m in ours if getattr(m, "row_security", False)]
    kept = [m._meta.db_table for m in ours if getattr(m, "append_only", False)]
    broken = [
        *(f"{t} has no row security" for (t,) in connection.execute(OPEN_TABLES, [secured])),
        *(f"{t} can be changed" for (t,) in connection.execute(MISSING_TRIGGERS, [kept])),
    ]
    if broken:
        return Check("walls", "bad", "; ".join(broken), "Run varangian up: it lays them again.")
    return Check(
        "walls", "ok", f"{len(secured)} tables behind row security, {len(kept)} append-only"
    )


def _worker(connection: Connection) -> Check:
    row = connection.execute("select max(last_heartbeat) from procrastinate_workers").fetchone()
    beat = row[0] if row else None
    if beat is None or datetime.now(UTC) - beat > timedelta(seconds=60):
        return Check("worker", "off", "does not run", "Run varangian up.")
    return Check("worker", "ok", "runs")


def _machines(home: Path, connection: Connection) -> Check:
    """All machines of a house run one version with the same libraries of the customer."""
    rows = connection.execute(MACHINES).fetchall()
    if not rows:
        return Check("machines", "off", "none runs a part of this house", "Run varangian up.")
    words = "; ".join(f"{part} on {name}" for name, part, *_ in rows)
    ours = (__version__, library_print(home))
    if silent := [f"{part} on {name}" for name, part, _, _, age in rows if age > MOST_SILENT]:
        mend = "Is that machine well? delete from processes_part forgets one that is no more."
        return Check("machines", "warn", f"silent: {', '.join(silent)}", mend)
    for name, _, version, library, _ in rows:
        if (version, library) != ours:
            what = "version" if version != ours[0] else "library/ in the home"
            mend = "Bring all machines to the same."
            return Check("machines", "warn", f"{name} has another {what} than this one", mend)
    return Check("machines", "ok", words)


def live(port: int) -> Check:
    try:
        with socket.create_connection((near(), port), timeout=0.5):
            return Check("live", "ok", "runs")
    except OSError:
        return Check("live", "off", "does not run on this machine", "Run varangian up.")


def _backups(connection: Connection) -> Check:
    row = connection.execute(
        "select max(at) from audit_auditentry where kind = 'backup'"
    ).fetchone()
    mend = "Run varangian backup FILE, and keep FILE on another machine."
    if not row or row[0] is None:
        return Check("backup", "warn", "never made", mend)
    age = datetime.now(UTC) - row[0]
    words = f"last one {age.days} d {age.seconds // 3600} h ago"
    return Check(
        "backup", "warn" if age > OLDEST_BACKUP else "ok", words, mend * (age > OLDEST_BACKUP)
    )


def _tombstones(home: Path, connection: Connection) -> Check:
    path = home / "keys" / "erased.txt"
    graves = path.read_text().split() if path.exists() else []
    row = connection.execute(
        "select count(*) from crypto_subjectkey where id::text = any(%s) and wrapped is not null",
        [graves],
    ).fetchone()
    if row and row[0]:
        words = f"{row[0]} of {len(graves)} erased subjects can be read"
        return Check("erasure", "bad", words, "Erase them again before anybody signs in.")
    return Check("erasure", "ok", f"{len(graves)} erased subjects stay erased")


def _audit(connection: Connection) -> Check:
    row = connection.execute(
        "select count(*) from audit_auditentry e where e.at < now() - interval '10 minutes' "
        "and not exists (select 1 from audit_auditseal s where s.entry_id = e.id)"
    ).fetchone()
    if row and row[0]:
        words = f"{row[0]} entries wait more than 10 minutes for their seal"
        return Check("audit", "warn", words, "Is the worker running? varangian up starts it.")
    return Check("audit", "ok", "sealed to the last minutes")
