"""The keys of a house on their way to another machine: one sealed file, never mail or chat."""

import json
import os
import re
from pathlib import Path

from varangian.kernel.results import Conflict, Refused
from varangian.platform.database.sealed_file import SealedReader, SealedWriter

NAMES = re.compile(r"(?:[a-z0-9_-]+/)?[a-z0-9_-]+\.(?:key|pem)")
KIND = "key file"


def pack(folder: Path, out: Path, passphrase: str) -> list[str]:
    """Write the keys in ``folder`` to a new sealed file; returns their names."""
    found = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))}
    keys = {n: p.read_bytes().hex() for n, p in found.items() if NAMES.fullmatch(n)}
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict(
            "There is already such a file", where=str(out), mend="Choose another name."
        ) from error
    with os.fdopen(handle, "wb") as raw:
        sealed = SealedWriter(raw, passphrase, KIND)
        sealed.write(json.dumps(keys).encode())
        sealed.close()
    return list(keys)


def unpack(source: Path, folder: Path, passphrase: str) -> list[str]:
    """Put the keys into ``folder``; a key that is another there is never replaced."""
    with source.open("rb") as raw:
        keys = _read(SealedReader(raw, passphrase, str(source), KIND), source)
    for name, key in keys.items():
        if (folder / name).exists() and (folder / name).read_bytes() != key:
            raise Conflict(
                f"This machine has another {name}",
                where=str(folder),
                mend="It belongs to another house. If it sealed nothing, move it away first.",
            )
    for name, key in keys.items():
        _put(folder / name, key)
    return list(keys)


def _read(sealed: SealedReader, source: Path) -> dict[str, bytes]:
    try:
        keys = {name: bytes.fromhex(key) for name, key in json.loads(sealed.read()).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise Refused("This is no key file of Varangian", where=str(source)) from error
    if foreign := [name for name in keys if not NAMES.fullmatch(name)]:
        raise Refused(f"The key file holds something foreign: {foreign[0]}", where=str(source))
    return keys


def _put(path: Path, key: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f"{path.name}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key)
    partial.replace(path)
