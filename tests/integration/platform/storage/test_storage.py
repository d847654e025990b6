"""Files at rest: sealed, named by a hash that says nothing, gone with their key."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings
from tests import factories

from varangian.kernel.results import Refused
from varangian.platform.crypto import keys
from varangian.platform.storage.models import StoredFile
from varangian.platform.storage.services import keep, read

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
