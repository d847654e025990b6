"""Bring a house back from its backup: proved first, built beside the old one, then put in place."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict

from varangian import __version__
from varangian.kernel.results import Refused

from .backup import FORMAT, NAMES, Advance, client_environment, count_rows
from .embedded import binary, keys_folder
from .sealed_file import SealedReader
from .targets import target_of

SET_WRAPPED = """update crypto_subjectkey set wrapped = null, destroyed_at = now()
where id = any(%s) and wrapped is not null"""


@dataclass
class Restored:
    """What was done, for the person who waits."""

    manifest: dict[str, Any]
    files: int = 0
    erased_again: int = 0
    audit: list[dict[str, Any]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return bool(self.audit) and all(one["whole"] for one in self.audit)


def restore_backup(
    home: Path, source: Path, passphrase: str, *, replace: bool, advance: Advance
) -> Restored:
    """Refuses before anything is touched when the file, the passphrase or the home does not fit."""
    if not source.is_file():
        raise Refused("There is no such file", where=str(source))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _house_stopped(home):
        manifest = prove(source, passphrase, advance)
        _fits(manifest, source)
        _keys_come_home(home)
        target = target_of(home)
        lost = target.holds()
        target.refuse_running()
        if lost and not replace:
            raise Refused(
                f"This home is not empty; a restore would lose {lost}",
                where=str(home),
                mend="Take an empty VARANGIAN_HOME, or say --replace to lose it.",
            )
        graves = _graves(home / "keys" / "erased.txt") | target.graves()
        staging = home / "restoring"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            with target.staged(staging) as dsn:
                done = _build(source, passphrase, staging, dsn, graves, manifest)
            target.put_in_place(staging)
        finally:
            target.clean_up()
            shutil.rmtree(staging, ignore_errors=True)
    return done


def prove(source: Path, passphrase: str, advance: Advance) -> dict[str, Any]:
    """Read every byte once: passphrase, each chunk, each name. Returns the manifest."""
    manifest = None
    for name, content in _members(source, passphrase):
        if name == "manifest.json":
            manifest = json.loads(content.read())
            continue
        while part := content.read(1024 * 1024):
            advance(len(part))
    if not isinstance(manifest, dict):
        raise Refused("The backup has no manifest", where=str(source))
    return manifest


def shared_files() -> str:
    """Where all machines find files; empty when there is one machine and its home."""
    given = os.environ.get("VARANGIAN_FILES", "")
    return given or ("database" if os.environ.get("DATABASE_URL") else "")


def _keys_come_home(home: Path) -> None:
    if keys_folder() != home / "keys":
        raise Refused(
            "A restore brings its keys, and VARANGIAN_KEYS says they lie elsewhere",
            where=str(keys_folder()),
            mend=f"Unset it for the restore, then put {home / 'keys'} where it points.",
        )


def _fits(manifest: dict[str, Any], source: Path) -> None:
    if manifest.get("format") != FORMAT or _number(manifest["version"]) > _number(__version__):
        raise Refused(
            f"The backup is of version {manifest.get('version')}, this is {__version__}",
            where=str(source),
            mend="Install that version or a later one.",
        )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _members(source: Path, passphrase: str) -> Iterator[tuple[str, IO[bytes]]]:
    with source.open("rb") as raw:
        sealed = SealedReader(raw, passphrase, str(source))
        try:
            with tarfile.open(fileobj=sealed, mode="r|") as tar:  # pyright: ignore
                for member in tar:
                    content = tar.extractfile(member) if member.isfile() else None
                    if content is None or not NAMES.fullmatch(member.name):
                        raise Refused(
                            f"The backup holds something foreign: {member.name}", where=str(source)
                        )
                    yield member.name, content
        except tarfile.TarError as error:
            raise Refused(f"The backup is damaged: {error}", where=str(source)) from error
        while sealed.read(1024 * 1024):
            pass


def _build(
    source: Path,
    passphrase: str,
    staging: Path,
    dsn: str,
    graves: set[UUID],
    manifest: dict[str, Any],
) -> Restored:
    done = Restored(manifest)
    loader = _Loader(dsn)
    try:
        for name, content in _members(source, passphrase):
            if name.startswith("database/"):
                loader.feed(content)
            elif name != "manifest.json":
                _place(staging / name, content)
                done.files += name.startswith("files/")
    finally:
        loader.end()
    loader.check()
    _compare(dsn, manifest)
    done.erased_again = _bury_again(dsn, staging / "keys" / "erased.txt", graves)
    _run(staging, dsn, "owner", ["-m", "django", "migrate", "--skip-checks", "-v", "0"])
    done.audit = _verified(staging, dsn)
    if shared_files():
        _run(staging, dsn, "worker", ["-m", "varangian.cli", "files", "gather"])
        shutil.rmtree(staging / "files", ignore_errors=True)
    return done


class _Loader:
    """pg_restore, fed part by part."""

    def __init__(self, dsn: str) -> None:
        command = [str(binary("pg_restore")), "--exit-on-error", "--no-owner", "--no-privileges"]
        command += ["--no-password", "--dbname", str(conninfo_to_dict(dsn)["dbname"])]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=client_environment(dsn),
        )
        self.words = ""

    def feed(self, content: IO[bytes]) -> None:
        assert self.process.stdin
        try:
            shutil.copyfileobj(content, self.process.stdin, 1024 * 1024)
        except BrokenPipeError:
            self.end()
            self.check()

    def end(self) -> None:
        if self.process.returncode is None:
            _, words = self.process.communicate()
            self.words = words.decode(errors="replace")

    def check(self) -> None:
        if self.process.returncode:
            raise Refused(f"The database could not be loaded: {self.words.strip()[-400:]}")


def _place(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        shutil.copyfileobj(content, out, 1024 * 1024)


def _compare(dsn: str, manifest: dict[str, Any]) -> None:
    with psycopg.connect(dsn) as connection:
        found = count_rows(connection)
    for table, count in manifest["counts"].items():
        if found.get(table) != count:
            raise Refused(
                f"{table} came back with {found.get(table)} rows, the backup counted {count}"
            )


def _graves(path: Path) -> set[UUID]:
    """Subjects that were erased; a damaged line is no reason to forget the others."""
    found = set()
    for line in path.read_text().split() if path.exists() else []:
        try:
            found.add(UUID(line))
        except ValueError:
            continue
    return found


def _bury_again(dsn: str, path: Path, graves: set[UUID]) -> int:
    """Who was erased since the backup was made is erased in it as well."""
    graves = graves | _graves(path)
    if not graves:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text("".join(f"{grave}\n" for grave in sorted(graves)))
    path.chmod(0o600)
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('varangian.actor', 'restore', true)")
        connection.execute("select set_config('varangian.purpose', 'erase again', true)")
        return connection.execute(SET_WRAPPED, [list(graves)]).rowcount


def _verified(staging: Path, dsn: str) -> list[dict[str, Any]]:
    words = ["-m", "varangian.cli", "audit", "verify", "--json"]
    return json.loads(_run(staging, dsn, "worker", words, may_fail=True) or "[]")


def _run(staging: Path, dsn: str, role: str, words: list[str], *, may_fail: bool = False) -> str:
    """A process of its own, since settings are read once: against the house being built."""
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    here = {"VARANGIAN_HOME": str(staging), "VARANGIAN_DSN": dsn, "VARANGIAN_DB_ROLE": role}
    here |= {"VARANGIAN_FILES": shared_files()}
    done = subprocess.run(
        [sys.executable, *words], env={**known, **here}, capture_output=True, text=True, check=False
    )
    if done.returncode and not may_fail:
        raise Refused(f"The restored house could not be prepared: {done.stderr.strip()[-400:]}")
    return done.stdout


@contextmanager
def _house_stopped(home: Path) -> Iterator[None]:
    """The lock of ``up``: nothing is restored under a running house."""
    with (home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                "Varangian runs from this home", where=str(home), mend="Stop it first."
            ) from error
        yield
