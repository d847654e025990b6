"""The keys of a house are the same on all of its machines; a machine with others is refused.

The database keeps a print of each key, made by whichever machine made the key. A machine without
the keys never makes new ones beside them: what it sealed, nobody else could open.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from varangian.kernel.results import Refused

from .embedded import keys_folder

MAKERS: dict[str, Callable[[], bytes]] = {
    "master.key": lambda: os.urandom(32),
    "signing.key": lambda: os.urandom(32),
    "django.key": lambda: os.urandom(48).hex().encode(),
}
"""An Ed25519 key is any 32 bytes."""
LATER = ("tak/ca.key",)
"""Made by a feature at its first use; from then on the same on all machines."""
FOREIGN = (
    "Bring them from another machine: varangian keys export there, varangian keys import here."
)
Connection = psycopg.Connection[Any]
IN_USE = "select 1 from crypto_subjectkey where wrapped is not null limit 1"


def prove_keys(connection: Connection) -> bool:
    """False when one is still to be made or noted. Raises Refused for a foreign or missing one."""
    known = _known(connection)
    for name in known:
        _prove(keys_folder() / name, known[name])
    return set(_wanted()) <= set(known)


def hold_keys(connection: Connection) -> None:
    """Prove each key, and make those that the house has not yet; the caller holds the lock."""
    prove_keys(connection)
    for name in set(_wanted()) - set(_known(connection)):
        path = keys_folder() / name
        if not path.exists():
            _refuse_second(connection, path)
            _make(path)
        connection.execute(
            "insert into crypto_housekey (name, print, made_at) values (%s, %s, now())",
            [name, print_of(path)],
        )


def _wanted() -> list[str]:
    given = {"django.key"} if os.environ.get("VARANGIAN_SECRET_KEY") else set()
    later = [name for name in LATER if (keys_folder() / name).exists()]
    return [name for name in [*MAKERS, *later] if name not in given]


def _known(connection: Connection) -> dict[str, str]:
    rows = connection.execute("select name, print from crypto_housekey").fetchall()
    wanted = {*_wanted(), *LATER}
    return {name: known for name, known in rows if name in wanted}


def print_of(path: Path) -> str:
    """Tells one key from another and nothing about either."""
    return hmac.new(path.read_bytes(), b"varangian house key", hashlib.sha256).hexdigest()


def _prove(path: Path, known: str) -> None:
    if not path.exists():
        raise Refused(
            f"{path.name} of this house is not on this machine", where=str(path), mend=FOREIGN
        )
    if not hmac.compare_digest(print_of(path), known):
        raise Refused(
            f"{path.name} of this machine is not the one of this house",
            where=str(path),
            mend=FOREIGN,
        )


def _refuse_second(connection: Connection, path: Path) -> None:
    """A house of before the prints, whose key was lost: a new one would open nothing."""
    if path.name == "master.key" and connection.execute(IN_USE).fetchone():
        raise Refused(
            "Records are sealed with a master key that is not on this machine",
            where=str(path),
            mend=f"{FOREIGN} Or restore a backup.",
        )


def _make(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(MAKERS[path.name]())
    except OSError as error:
        raise Refused(
            f"The key could not be kept: {error.strerror}",
            where=str(path),
            mend="Let the service write to VARANGIAN_KEYS at the first start.",
        ) from error
