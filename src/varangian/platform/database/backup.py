"""One encrypted file that holds everything: database, files, keys.

Inside the sealed file is a tar: ``manifest.json`` (format, version, time, counts of every table at
the same snapshot, head of the audit), ``database/000001…`` (pg_dump custom format in parts),
``files/…`` as they lie in the home folder (encrypted with their subject's key), ``keys/…``.
Nothing unencrypted touches the disk.
"""

import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from varangian import __version__
from varangian.kernel.clock import now
from varangian.kernel.results import Refused

from .connect import owner_dsn
from .embedded import binary, keys_folder
from .sealed_file import SealedWriter

FORMAT = 1
PART = 4 * 1024 * 1024
NAMES = re.compile(
    r"manifest\.json|database/\d{6}|files/[0-9a-f]{2}/[0-9a-f]{64}|keys/[A-Za-z0-9_-]+\.[a-z]+"
)
"""All that a backup may hold, and all that a restore takes from one."""
LEFT_OUT = (
    *("django_session", "usersessions_usersession", "processes_part"),
    "surveillance_groundtracks",
)
"""Tables whose rows stay behind: after a restore nobody is signed in and no machine runs, and what
is kept for minutes only is not kept for years."""
ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
Advance = Callable[[int], None]


class Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


def client_environment(dsn: str) -> dict[str, str]:
    """For pg_dump and pg_restore: no password on a command line."""
    parts = conninfo_to_dict(dsn)
    given = {ENVIRONMENT[name]: str(value) for name, value in parts.items() if name in ENVIRONMENT}
    return {**os.environ, **given}


def make_backup(home: Path, out: Path, passphrase: str, advance: Advance) -> dict[str, Any]:
    """Write ``out`` whole or not at all; returns the manifest. ``advance`` hears of bytes."""
    from varangian.platform.access.context import acting
    from varangian.platform.access.scope import SYSTEM
    from varangian.platform.audit.services import note, seal_all

    if out.exists():
        raise Refused("There is already such a file", where=str(out), mend="Choose another name.")
    with acting(SYSTEM, purpose="backup"):
        seal_all()
    partial = out.with_name(out.name + ".partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw:
            sealed = SealedWriter(raw, passphrase)
            manifest = _fill(sealed, home, advance)
            sealed.close()
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(out)
    except OSError as error:
        raise Refused(f"The backup could not be written: {error}", where=str(out)) from error
    finally:
        partial.unlink(missing_ok=True)
    with acting(SYSTEM, purpose="backup"):
        note(kind="backup", purpose=f"backup of version {__version__}", actor=SYSTEM)
    return manifest


def _fill(sealed: Sink, home: Path, advance: Advance) -> dict[str, Any]:
    dsn = owner_dsn() or ""
    with (
        tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar,  # pyright: ignore
        psycopg.connect(dsn) as connection,
    ):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        manifest = _manifest(connection)
        _add(tar, "manifest.json", json.dumps(manifest, indent=1).encode())
        row = connection.execute("select pg_export_snapshot()").fetchone()
        for number, part in enumerate(_dump(dsn, str(row[0] if row else "")), start=1):
            _add(tar, f"database/{number:06d}", part)
            advance(len(part))
        connection.rollback()
        for path, name in _kept(home):
            _add_file(tar, path, name, advance)
    return manifest


def _manifest(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    head = connection.execute(
        "select serial, hash from audit_auditseal order by serial desc limit 1"
    ).fetchone()
    return {
        "format": FORMAT,
        "version": __version__,
        "made_at": now().isoformat(),
        "postgres": connection.info.server_version,
        "counts": count_rows(connection),
        "audit_head": {"serial": head[0], "hash": head[1]} if head else None,
    }


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of every table that a backup carries."""
    tables = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' order by 1"
    ).fetchall()
    found = {}
    for (table,) in tables:
        if table not in LEFT_OUT:
            count = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            row = connection.execute(count).fetchone()
            found[table] = row[0] if row else 0
    return found


def _dump(dsn: str, snapshot: str) -> Iterator[bytes]:
    command = [str(binary("pg_dump")), "--format=custom", "--no-owner", "--no-privileges"]
    command += [f"--snapshot={snapshot}", "--no-password"]
    command += [f"--exclude-table-data={table}" for table in LEFT_OUT]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=client_environment(dsn)
    ) as dump:
        assert dump.stdout and dump.stderr
        try:
            while part := dump.stdout.read(PART):
                yield part
        except BaseException:
            dump.kill()
            raise
        words = dump.stderr.read().decode(errors="replace")
    if dump.returncode:
        raise Refused(f"The database could not be dumped: {words.strip()[-400:]}")


def _kept(home: Path) -> list[tuple[Path, str]]:
    """Files and keys with their names in the backup; keys last, so that they fit what is there.
    Files that the database keeps are in its dump."""
    files, keys = Path(os.environ.get("VARANGIAN_FILES", "")), keys_folder()
    shared = [(files, "files")] if files.is_absolute() else []
    found = {}
    for folder, part in [
        *shared,
        (home / "files", "files"),
        (home / "keys", "keys"),
        (keys, "keys"),
    ]:
        for path in sorted(folder.rglob("*")):
            name = f"{part}/{path.relative_to(folder)}"
            if path.is_file() and NAMES.fullmatch(name):
                found[name] = path
    return sorted(((path, name) for name, path in found.items()), key=itemgetter(1))


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))


def _add_file(tar: tarfile.TarFile, path: Path, name: str, advance: Advance) -> None:
    """A file that went away since the folder was listed had been erased: it stays away."""
    try:
        with path.open("rb") as source:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(source.fileno()).st_size, 0o600
            tar.addfile(info, source)
            advance(info.size)
    except FileNotFoundError:
        return


def size_of(home: Path) -> int:
    """Bytes that a backup will go through, roughly, for the progress bar."""
    with psycopg.connect(owner_dsn() or "") as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
    files = sum(path.stat().st_size for path, _ in _kept(home))
    return files + (row[0] if row else 0) // 4
