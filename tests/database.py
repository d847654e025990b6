"""Loaded before any other plugin (see addopts): the database must be there when Django reads its
settings. One embedded PostgreSQL serves the whole run; each xdist worker has a database of its own.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

_server: Any = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    if os.environ.get("DATABASE_URL") or os.environ.get("VARANGIAN_DSN"):
        return
    home = Path(tempfile.mkdtemp(prefix="varangian-test-"))
    os.environ["VARANGIAN_HOME"] = str(home)
    os.environ["VARANGIAN_DB_ROLE"] = "owner"
    if needs_database(args):
        _start(home)


def needs_database(args: list[str]) -> bool:
    """Unit and fuzz tests alone run without one."""
    paths = [arg for arg in args if arg.startswith("tests")]
    return not paths or not all("tests/unit" in arg or "tests/fuzz" in arg for arg in paths)


def _start(home: Path) -> None:
    global _server
    from varangian.platform.database.connect import prepare
    from varangian.platform.database.embedded import EmbeddedServer

    _server = EmbeddedServer(home).start()
    prepare(_server.dsn(database="postgres"))
    _make_hasty(_server.dsn(database="postgres"))
    os.environ["VARANGIAN_DSN"] = _server.dsn()


def _make_hasty(dsn: str) -> None:
    """This data need not survive a power cut; the houses of the chaos tests keep their defaults."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")  # pyright: ignore
        connection.execute("select pg_reload_conf()")


def pytest_unconfigure(config: pytest.Config) -> None:
    from tests import seed

    seed.clear()
    if _server is not None:
        _server.stop()
