"""A command whose database is away is refused in words; other faults stay faults."""

import psycopg
import pytest
from psycopg.errors import AdminShutdown, DeadlockDetected

from varangian.cli import main
from varangian.platform.database.connect import patient
from varangian.platform.database.outage import outage

AWAY = [
    "postgres://someone:secret-word@127.0.0.1:1/operations",
    "host=/nowhere dbname=operations password=secret-word",
]


@pytest.mark.parametrize("address", AWAY)
@pytest.mark.parametrize("words", [["principal", "list", "--json"], ["up"]])
def test_a_command_without_its_database_is_refused(address, words, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("VARANGIAN_HOME", str(tmp_path))
    monkeypatch.setenv("VARANGIAN_PORT", "18933")
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        main(words)
    told = capsys.readouterr()
    assert end.value.code == 1
    assert told.out == ""
    assert "The database cannot be reached" in told.err
    assert "operations at " in told.err
    assert "DATABASE_URL" in told.err
    assert "secret-word" not in told.err
    assert "Traceback" not in told.err


def test_an_address_that_cannot_be_read_is_not_quoted(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "secret-word")
    with pytest.raises(SystemExit) as end:
        main(["principal", "list"])
    told = capsys.readouterr().err
    assert end.value.code == 1
    assert "cannot be read" in told
    assert "secret-word" not in told


def test_a_connection_lost_half_way_is_found_under_other_errors():
    error = RuntimeError("of some library")
    error.__cause__ = AdminShutdown("terminating connection")
    found = outage(error)
    assert found is not None
    assert "terminating" in found.what


def test_other_faults_of_the_database_are_no_outage():
    assert outage(DeadlockDetected("two waited")) is None
    assert outage(psycopg.ProgrammingError("no such column")) is None
    assert outage(ValueError("no database at all")) is None


def test_a_given_patience_is_kept():
    assert "connect_timeout=10" in patient("dbname=x")
    assert "connect_timeout=3" in patient("dbname=x connect_timeout=3")
