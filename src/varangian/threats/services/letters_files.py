"""Originals of an import: packed, sealed in parts, laid out again for reading, and given out."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from django.conf import settings

from varangian.engines.communications.mbox import mails_of
from varangian.engines.communications.reading import files_of
from varangian.engines.communications.sniffing import HEAD, kind_of
from varangian.kernel.results import Refused
from varangian.platform.crypto.keys import data_key
from varangian.platform.storage.parts import PART, keep_parts, read_parts
from varangian.platform.storage.services import read as read_stored

from ..models import Communication, LetterImport

MOST_FILES = 200_000
BLOCK = 1024 * 1024


def pack(path: Path, key_id: Any, name: str = "") -> tuple[list[str], list[dict[str, Any]], int]:
    """Names of the sealed parts, the files in them, and their bytes."""
    found = files_of(path)
    if len(found) > MOST_FILES:
        raise Refused(f"The folder has more than {MOST_FILES} files", where=path.name)
    files, at = [], 0
    for one in found:
        key = name if name and not path.is_dir() else one.key
        entry = {"key": key, "start": at, "size": one.size, "mailbox": _mailbox(one.path)}
        files.append(entry)
        at += one.size
    if not at:
        raise Refused("There is nothing in it", where=name or path.name)
    if not path.is_dir():
        return keep_parts(path, key_id), files, at
    folder = _work_folder()
    packed = folder / f"pack-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    try:
        with packed.open("wb") as out:
            packed.chmod(0o600)
            for one in found:
                with one.path.open("rb") as file:
                    shutil.copyfileobj(file, out, BLOCK)
        return keep_parts(packed, key_id), files, at
    finally:
        packed.unlink(missing_ok=True)


def _mailbox(path: Path) -> bool:
    with path.open("rb") as file:
        return kind_of(file.read(HEAD)) == "mailbox"


def _work_folder() -> Path:
    folder = Path(settings.HOME) / "letters"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


@contextmanager
def on_disk(upload: Any) -> Iterator[Path]:
    """What a browser or a program sent, as a file for as long as it is packed."""
    with TemporaryDirectory(dir=_work_folder()) as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as out:
            for block in upload.chunks():
                out.write(block)
        yield path


@contextmanager
def laid_out(batch: LetterImport) -> Iterator[tuple[Path, list[str]]]:
    """The files in the clear while they are read, for this account alone; gone after.

    Where a reader was killed, they go when the import goes on. Yields the path to read, and the
    keys under which the reader will name the files, in the order of ``batch.files``.
    """
    folder = _work_folder() / str(batch.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        keys = []
        with TemporaryFile(dir=folder) as whole:
            for data in read_parts(batch.parts, batch.key_id):  # pyright: ignore
                whole.write(data)
            whole.seek(0)
            for number, entry in enumerate(batch.files):
                keys.append(f"{number:07d}")
                with (folder / keys[-1]).open("wb") as out:
                    _copy(whole, out, entry["size"])
        yield (folder / keys[0] if len(keys) == 1 else folder), keys
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(source: IO[bytes], out: IO[bytes], size: int) -> None:
    while size > 0:
        data = source.read(min(BLOCK, size))
        if not data:
            return
        out.write(data)
        size -= len(data)


def original_of(communication: Communication) -> tuple[bytes, str]:
    """The bytes as they came, and a name for them. Refused when their hash does not fit."""
    if data_key(communication.key_id) is None:  # pyright: ignore
        raise Refused("This was erased with the record of its subject", communication.label)
    if communication.original is not None:
        data = read_stored(communication.original)
        name = communication.original.name
    elif communication.brought_by is not None:
        data, name = _from_parts(communication)
    else:
        raise Refused("There is no original: it was entered by hand", where=communication.label)
    if communication.sha256 and hashlib.sha256(data).hexdigest() != communication.sha256:
        raise Refused(
            "The kept original does not have the hash that was noted",
            where=communication.label,
            mend="Restore it from a backup, and run varangian doctor.",
        )
    return data, name


def _from_parts(communication: Communication) -> tuple[bytes, str]:
    batch: Any = communication.brought_by
    entry = batch.files[communication.file]
    if not entry["mailbox"]:
        name = str(entry["key"]).rpartition("/")[2]
        return _range(batch, entry["start"], entry["start"] + entry["size"]), name
    start = entry["start"] + communication.start
    data = _range(batch, start, entry["start"] + communication.end)
    mail = next(mails_of(data), None)
    return (data if mail is None else mail), f"{communication.label}.eml"


def _range(batch: LetterImport, start: int, end: int) -> bytes:
    """Only the parts that hold it are opened."""
    first = start // PART
    names = batch.parts[first : end // PART + 1]
    out = BytesIO()
    for data in read_parts(names, batch.key_id):  # pyright: ignore
        out.write(data)
    return out.getvalue()[start - first * PART : end - first * PART]
