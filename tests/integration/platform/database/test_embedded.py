"""The embedded PostgreSQL after somebody killed it."""

import os
import signal
import time

import psutil
import psycopg
import pytest

from varangian.platform.database.embedded import EmbeddedServer


@pytest.fixture
def server(tmp_path):
    found = EmbeddedServer(tmp_path).start()
    yield found
    found.revive()
    found.stop()
    assert not found.alive()


def _kill(server: EmbeddedServer) -> None:
    pid = server.pid
    assert pid
    family = [psutil.Process(pid), *psutil.Process(pid).children()]
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)


def _back(server: EmbeddedServer) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if server.revive():
            return True
        time.sleep(0.2)
    return False


def _answers(server: EmbeddedServer) -> None:
    with psycopg.connect(server.dsn(database="postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_the_number_of_the_killed_server_may_belong_to_another_program(server):
    _kill(server)
    file = server.folder / "postmaster.pid"
    file.write_text("\n".join([str(os.getpid()), *file.read_text().splitlines()[1:]]) + "\n")
    assert not server.alive()
    assert _back(server) and server.alive() and server.pid != os.getpid()
    _answers(server)


def test_a_server_that_cannot_start_yet_is_asked_again(server):
    settings = server.folder / "postgresql.conf"
    kept = settings.read_text()
    _kill(server)
    settings.write_text(kept + "\nno_such_setting = 1\n")
    assert not server.revive() and not server.alive()
    settings.write_text(kept)
    assert _back(server)
    _answers(server)
