"""Where a restore builds: a server of its own beside the old one, or a database of another name."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from varangian.kernel.results import Refused

from .connect import owner_dsn, prepare
from .embedded import DATABASE, EmbeddedServer

PARTS = ("files", "keys")
TELLING = {
    "access_user": "accounts",
    "principals_principal": "principals",
    "operations_operation": "operations",
    "log_logentry": "log entries",
    "audit_auditentry": "audit entries",
}


RUNNING = """select machine, part from processes_part
where seen_at > now() - interval '15 seconds' order by 1, 2"""
ERASED = "select id from crypto_subjectkey where destroyed_at is not null"


class Target(Protocol):
    def holds(self) -> str:
        """What would be lost, in words; empty when nothing is there."""
        ...

    def refuse_running(self) -> None:
        """Raises Refused while another machine works with the database."""
        ...

    def graves(self) -> set[UUID]:
        """Subjects that were erased there, on whichever machine."""
        ...

    def staged(self, staging: Path) -> Any:
        """Context manager: the DSN of an empty database with the two roles."""
        ...

    def put_in_place(self, staging: Path) -> None: ...
    def clean_up(self) -> None: ...


def target_of(home: Path) -> Target:
    dsn = owner_dsn()
    return NamedServer(home, dsn) if dsn else OwnServer(home)


class OwnServer:
    """The embedded PostgreSQL: the new one is built in the staging folder and moved as a whole."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def holds(self) -> str:
        found = []
        if (self.home / "postgres" / "PG_VERSION").exists():
            server = EmbeddedServer(self.home).start()
            try:
                found += _rows(server.dsn())
            finally:
                server.stop()
        return ", ".join(found + _files(self.home))

    def refuse_running(self) -> None:
        """The lock of the home tells already."""

    def graves(self) -> set[UUID]:
        """One machine: its own file knows them all."""
        return set()

    @contextmanager
    def staged(self, staging: Path) -> Iterator[str]:
        server = EmbeddedServer(staging).start()
        try:
            prepare(server.dsn(database="postgres"))
            yield server.dsn()
        finally:
            server.stop()

    def put_in_place(self, staging: Path) -> None:
        _swap(self.home, staging, ("postgres", *PARTS))

    def clean_up(self) -> None:
        return None


class NamedServer:
    """DATABASE_URL: built as another database, then the names are exchanged."""

    def __init__(self, home: Path, dsn: str) -> None:
        self.home, self.dsn = home, dsn
        self.name = conninfo_to_dict(dsn).get("dbname") or DATABASE
        self.new = f"{self.name}_restoring"
        self.maintenance = make_conninfo(dsn, dbname="postgres")

    def holds(self) -> str:
        return ", ".join(_rows(self.dsn) + _files(self.home))

    def refuse_running(self) -> None:
        if parts := _answers(self.dsn, "processes_part", RUNNING):
            machines = ", ".join(f"{part} on {machine}" for machine, part in parts)
            raise Refused(
                f"Other machines work with this database: {machines}",
                where=str(self.name),
                mend="Stop them all, and start them again after the restore.",
            )

    def graves(self) -> set[UUID]:
        return {found for (found,) in _answers(self.dsn, "crypto_subjectkey", ERASED)}

    @contextmanager
    def staged(self, staging: Path) -> Iterator[str]:  # noqa: ARG002
        self.clean_up()
        prepare(self.maintenance, self.new)
        yield make_conninfo(self.dsn, dbname=self.new)

    def put_in_place(self, staging: Path) -> None:
        old, new = sql.Identifier(str(self.name)), sql.Identifier(self.new)
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(old))
            connection.execute(sql.SQL("alter database {} rename to {}").format(new, old))
        _swap(self.home, staging, PARTS)

    def clean_up(self) -> None:
        drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.new))
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            connection.execute(drop)


def _answers(dsn: str, table: str, question: str) -> list[tuple[Any, ...]]:
    """Of a database that may not be there yet, or be of an older version."""
    try:
        with psycopg.connect(dsn) as connection:
            known = connection.execute("select to_regclass(%s)", [table]).fetchone()
            return connection.execute(question).fetchall() if known and known[0] else []  # pyright: ignore
    except psycopg.OperationalError:
        return []


def _rows(dsn: str) -> list[str]:
    found = []
    try:
        with psycopg.connect(dsn) as connection:
            for table, words in TELLING.items():
                known = connection.execute("select to_regclass(%s)", [table]).fetchone()
                if known and known[0]:
                    count = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
                    row = connection.execute(count).fetchone()
                    if row and row[0]:
                        found.append(f"{row[0]} {words}")
    except psycopg.OperationalError as error:
        if "does not exist" in str(error):
            return []
        raise Refused(f"The database there does not answer: {error}") from error
    return found


def _files(home: Path) -> list[str]:
    count = sum(1 for path in (home / "files").rglob("*") if path.is_file())
    master = (home / "keys" / "master.key").exists()
    return [f"{count} files"] * bool(count) + ["the keys that open them"] * master


def _swap(home: Path, staging: Path, names: tuple[str, ...]) -> None:
    """Move the new in and the old out; if a move fails, the old comes back."""
    old = home / "replaced"
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir(mode=0o700)
    try:
        for name in names:
            if (home / name).exists():
                (home / name).rename(old / name)
            if (staging / name).exists():
                (staging / name).rename(home / name)
    except OSError:
        for name in names:
            if (old / name).exists():
                shutil.rmtree(home / name, ignore_errors=True)
                (old / name).rename(home / name)
        raise
    shutil.rmtree(old)
