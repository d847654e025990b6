"""One set of keys a house: proved at each start, made once, and never beside others."""

import pytest
from django.db import connection
from tests import factories

from varangian.kernel.results import Refused
from varangian.platform.crypto import keys
from varangian.platform.crypto.models import HouseKey
from varangian.platform.database.house_keys import MAKERS, hold_keys, prove_keys
from varangian.platform.database.walls import refuse_older

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VARANGIAN_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("VARANGIAN_SECRET_KEY", raising=False)
    return tmp_path / "keys"


@pytest.fixture
def database():
    """Without what earlier tests of the run have noted, for as long as the test lasts."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        for table in ("crypto_housekey", "crypto_subjectkey"):
            cursor.execute(f"delete from {table}")
        cursor.execute("set local session_replication_role = origin")
    return connection.connection


def test_the_first_machine_makes_them_and_the_next_proves_them(folder, database):
    hold_keys(database)
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(made) == set(MAKERS) == set(HouseKey.objects.values_list("name", flat=True))
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    hold_keys(database)
    assert prove_keys(database)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made


def test_a_machine_without_the_keys_is_refused_and_makes_none(folder, database, monkeypatch):
    hold_keys(database)
    monkeypatch.setenv("VARANGIAN_KEYS", str(folder.parent / "other"))
    with pytest.raises(Refused, match="not on this machine") as refused:
        hold_keys(database)
    assert "varangian keys import" in refused.value.mend
    assert not (folder.parent / "other").exists()


def test_a_machine_with_another_key_is_refused(folder, database):
    hold_keys(database)
    (folder / "master.key").write_bytes(b"x" * 32)
    with pytest.raises(Refused, match=r"master\.key of this machine is not the one"):
        prove_keys(database)


def test_a_lost_key_of_an_older_house_is_not_made_anew(folder, database):
    factories.engagement()
    with pytest.raises(Refused, match="sealed with a master key that is not"):
        hold_keys(database)
    assert not (folder / "master.key").exists()


def test_keys_of_before_the_prints_are_taken_as_they_are(folder, database):
    folder.mkdir()
    (folder / "master.key").write_bytes(b"y" * 32)
    keys.create()
    hold_keys(database)
    assert (folder / "master.key").read_bytes() == b"y" * 32
    assert HouseKey.objects.filter(name="master.key").exists()


def test_the_authority_of_tak_joins_them_at_its_first_use(folder, database, monkeypatch):
    hold_keys(database)
    (folder / "tak").mkdir()
    (folder / "tak" / "ca.key").write_bytes(b"sealed")
    assert not prove_keys(database), "not noted yet"
    hold_keys(database)
    (folder / "tak" / "ca.key").write_bytes(b"another")
    with pytest.raises(Refused, match="of this machine is not the one"):
        prove_keys(database)
    (folder / "tak" / "ca.key").unlink()
    with pytest.raises(Refused, match="not on this machine"):
        hold_keys(database)


def test_an_older_version_does_not_touch_newer_tables():
    refuse_older()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into django_migrations (app, name, applied) values ('log', '0999_later', now())"
        )
    with pytest.raises(Refused, match="log 0999_later is not known here"):
        refuse_older()
