"""Files at rest: sealed, named by a hash that says nothing, gone with their key."""

import shutil
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings
from tests import factories

from varangian.kernel.results import Refused
from varangian.platform.audit.models import AuditEntry
from varangian.platform.crypto import keys
from varangian.platform.storage.models import Blob, StoredFile
from varangian.platform.storage.services import gather, keep, read

pytestmark = pytest.mark.django_db
DATA = b"BEGIN:VCALENDAR invented" * 50


@pytest.fixture
def contract():
    return factories.engagement()


def kept(contract, data=DATA, key=None, name="north.ics"):
    return keep(
        data=data,
        name=name,
        media_type="text/calendar",
        key=key or keys.create(),
        compartment_id=contract.compartment_id,
    )


def path(stored) -> Path:
    return Path(settings.HOME) / "files" / stored.blob[:2] / stored.blob


@pytest.mark.parametrize("data", [DATA, b"", bytes(range(256)) * 4000])
def test_what_is_kept_is_read_back(contract, data):
    stored = StoredFile.objects.get(pk=kept(contract, data).pk)
    assert read(stored) == data and stored.size == len(data) and stored.name == "north.ics"


def test_nothing_readable_lies_on_the_disk(contract):
    stored = kept(contract)
    assert b"VCALENDAR" not in path(stored).read_bytes()
    assert "north" not in str(path(stored))
    assert not list(path(stored).parent.glob("*.partial"))


def test_equal_files_of_one_subject_are_kept_once_of_two_do_not_show(contract):
    key = keys.create()
    one, two, other = kept(contract, key=key), kept(contract, key=key), kept(contract)
    assert one.blob == two.blob != other.blob
    assert read(other) == DATA


def test_erased_with_its_subject(contract):
    key = keys.create()
    stored = kept(contract, key=key)
    keys.destroy(key.pk)
    with pytest.raises(Refused, match="erased"):
        read(stored)
    with pytest.raises(Refused, match="erased"):
        kept(contract, key=key)


def test_a_damaged_file_does_not_open(contract):
    stored = kept(contract)
    blob = bytearray(path(stored).read_bytes())
    blob[-1] ^= 1
    path(stored).write_bytes(bytes(blob))
    with pytest.raises(InvalidTag):
        read(stored)


def test_a_file_that_is_missing_is_said_in_words(contract):
    stored = kept(contract, b"to be lost")
    path(stored).unlink()
    with pytest.raises(Refused, match="not there"):
        read(stored)


def test_a_long_or_hostile_name_leads_nowhere(contract):
    stored = kept(contract, name="../../etc/" + "x" * 400)
    assert len(stored.name) == 200 and path(stored).is_file()


@pytest.fixture
def shared(settings):
    """As a house on several machines keeps its files."""
    settings.FILES = "database"


@pytest.mark.parametrize("data", [DATA, b"", bytes(range(256)) * 4000])
def test_in_the_database_they_are_sealed_and_read_back(contract, shared, data):
    key = keys.create()
    stored, twin = kept(contract, data, key=key), kept(contract, data, key=key)
    assert read(stored) == data and not path(stored).exists()
    blob = Blob.objects.get(pk=stored.blob)
    assert twin.blob == stored.blob and b"VCALENDAR" not in bytes(blob.sealed)
    assert not AuditEntry.objects.filter(table_name="storage_blob").exists()


def test_a_house_that_moves_finds_what_lay_in_its_folder(contract, settings, tmp_path):
    before = kept(contract)
    settings.FILES = "database"
    assert read(before) == DATA
    lies = path(before)
    (tmp_path / lies.parent.name).mkdir()
    shutil.copy(lies, tmp_path / lies.parent.name / lies.name)
    assert gather(tmp_path)[0] == 1 and gather(tmp_path)[0] == 0
    lies.unlink()
    assert read(before) == DATA


def test_a_folder_that_all_machines_see(contract, settings, tmp_path):
    settings.FILES = str(tmp_path / "shared")
    stored = kept(contract)
    assert read(stored) == DATA and not path(stored).exists()
    assert (tmp_path / "shared" / stored.blob[:2] / stored.blob).is_file()
