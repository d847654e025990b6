"""Keys on their way to another machine: whole, sealed, and never over other keys."""

import pytest

from varangian.kernel.results import Conflict, Refused
from varangian.platform.crypto.handover import pack, unpack
from varangian.platform.database.sealed_file import SealedWriter

WORDS = "correct horse battery"


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "keys"
    (folder / "tak").mkdir(parents=True)
    (folder / "master.key").write_bytes(bytes(range(32)))
    (folder / "tak" / "ca.key").write_bytes(b"sealed")
    (folder / "erased.txt").write_text("of this machine\n")
    return folder


def test_what_one_machine_packs_another_unpacks(keys, tmp_path):
    file, there = tmp_path / "house.keys", tmp_path / "b" / "keys"
    assert pack(keys, file, WORDS) == ["master.key", "tak/ca.key"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert bytes(range(32)) not in file.read_bytes()
    assert unpack(file, there, WORDS) == ["master.key", "tak/ca.key"]
    assert (there / "master.key").read_bytes() == bytes(range(32))
    assert (there / "master.key").stat().st_mode & 0o777 == 0o600
    assert not (there / "erased.txt").exists()
    assert unpack(file, there, WORDS) == ["master.key", "tak/ca.key"], "again changes nothing"


def test_another_key_is_never_replaced_and_nothing_else_comes(keys, tmp_path):
    file, there = tmp_path / "house.keys", tmp_path / "b"
    pack(keys, file, WORDS)
    there.mkdir()
    (there / "master.key").write_bytes(b"x" * 32)
    with pytest.raises(Conflict, match=r"another master\.key"):
        unpack(file, there, WORDS)
    assert (there / "master.key").read_bytes() == b"x" * 32 and not (there / "tak").exists()


def test_wrong_words_a_foreign_file_and_a_file_that_is_there_are_refused(keys, tmp_path):
    file = tmp_path / "house.keys"
    pack(keys, file, WORDS)
    with pytest.raises(Conflict, match="already"):
        pack(keys, file, WORDS)
    with pytest.raises(Refused, match="does not fit this key file"):
        unpack(file, tmp_path / "b", "some other words")
    (tmp_path / "noise").write_bytes(b"noise")
    with pytest.raises(Refused, match="no key file"):
        unpack(tmp_path / "noise", tmp_path / "b", WORDS)


@pytest.mark.parametrize("inside", [b"[]", b"{", b'{"../up.key": "00"}', b'{"a.key": 1}'])
def test_a_hostile_key_file_leads_nowhere(tmp_path, inside):
    file = tmp_path / "hostile"
    with file.open("wb") as raw:
        sealed = SealedWriter(raw, WORDS)
        sealed.write(inside)
        sealed.close()
    with pytest.raises(Refused):
        unpack(file, tmp_path / "b", WORDS)
    assert not (tmp_path / "b").exists()
