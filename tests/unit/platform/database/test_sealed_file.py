"""The encrypted file of a backup: nothing is believed that was not proved."""

import io
import os

import pytest

from varangian.kernel.results import Refused
from varangian.platform.database import sealed_file
from varangian.platform.database.sealed_file import MAGIC, TAG, SealedReader, SealedWriter

PASSPHRASE = "a long pass phrase"
CHUNK = 64


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(sealed_file, "CHUNK", CHUNK)
    monkeypatch.setattr(sealed_file, "COST", {"n": 2**10, "r": 8, "p": 1})


def sealed(plain: bytes, step: int = 50) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, PASSPHRASE)
    for at in range(0, len(plain), step):
        writer.write(plain[at : at + step])
    writer.close()
    return out.getvalue()


def opened(content: bytes, passphrase: str = PASSPHRASE, step: int = 37) -> bytes:
    reader, found = SealedReader(io.BytesIO(content), passphrase, "x"), b""
    while part := reader.read(step):
        found += part
    return found


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 1000])
def test_comes_back_as_it_went(length):
    plain = os.urandom(length)
    content = sealed(plain)
    assert opened(content) == plain
    assert length < 16 or plain[:16] not in content


def test_wrong_passphrase_is_told_from_damage():
    with pytest.raises(Refused, match="passphrase does not fit"):
        opened(sealed(b"x" * 200), "another passphrase")


def test_short_passphrases_are_refused():
    with pytest.raises(Refused, match="at least"):
        SealedWriter(io.BytesIO(), "short")


def test_every_cut_is_noticed():
    content = sealed(os.urandom(5 * CHUNK))
    for end in range(len(content)):
        with pytest.raises(Refused):
            opened(content[:end])


def test_every_flipped_byte_is_noticed():
    content = sealed(os.urandom(3 * CHUNK))
    head = content.index(b"\n", len(MAGIC)) + 1
    for at in range(head, len(content)):
        with pytest.raises(Refused, match="damaged"):
            opened(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])


def test_flips_in_the_head_never_open_it():
    content = sealed(b"y" * 100)
    head = content.index(b"\n", len(MAGIC)) + 1
    for at in range(head):
        with pytest.raises(Refused):
            opened(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])


def test_chunks_cannot_change_places_or_be_added():
    content = sealed(os.urandom(4 * CHUNK))
    head, size = content.index(b"\n", len(MAGIC)) + 1, CHUNK + TAG
    parts = [content[at : at + size] for at in range(head, len(content), size)]
    for wrong in ([parts[1], parts[0], *parts[2:]], parts[:-1], [*parts, parts[-1]], parts[1:]):
        with pytest.raises(Refused):
            opened(content[:head] + b"".join(wrong))


@pytest.mark.parametrize("change", [b'"n": 1099511627776', b'"n": 1000', b'"n": 0', b'"n": "x"'])
def test_a_costly_or_odd_head_is_refused(change):
    with pytest.raises(Refused, match="no backup"):
        opened(sealed(b"z").replace(b'"n": 1024', change))


@pytest.mark.parametrize("content", [b"", b"\n\n", MAGIC, MAGIC + b"{}\n", b"PK\x03\x04" * 50])
def test_other_files(content):
    with pytest.raises(Refused, match="no backup"):
        opened(content)
