"""Large files in sealed parts, found from every machine: a map, not a letter.

A part is as large as a row of the database may well be. Who may ask is decided by the record that
names the parts.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from varangian.kernel.results import Refused
from varangian.platform.crypto.keys import data_key

from .stores import everywhere, store

PART = 8 * 1024 * 1024


def keep_parts(path: Path, key_id: UUID) -> list[str]:
    """Names of the parts, in order. Equal files of two keys do not show."""
    secret, names = _secret(key_id), []
    with path.open("rb") as file:
        while data := file.read(PART):
            name = hmac.new(secret, data, sha256).hexdigest()
            nonce = os.urandom(12)
            store().put(name, nonce + AESGCM(secret).encrypt(nonce, data, name.encode()))
            names.append(name)
    return names


def read_parts(names: Iterable[str], key_id: UUID) -> Iterator[bytes]:
    secret = _secret(key_id)
    for name in names:
        sealed = next((found for one in everywhere() if (found := one.get(name))), None)
        if sealed is None:
            mend = "Restore a backup, or bring the folder files/ of the machine that kept it."
            raise Refused("A part of the file is not there any more", where=name[:12], mend=mend)
        yield AESGCM(secret).decrypt(sealed[:12], sealed[12:], name.encode())


def write_parts(names: Iterable[str], key_id: UUID, out: IO[bytes]) -> None:
    for data in read_parts(names, key_id):
        out.write(data)


def drop_parts(names: Iterable[str]) -> None:
    for name in set(names):
        for one in everywhere():
            one.drop(name)


def _secret(key_id: UUID) -> bytes:
    secret = data_key(key_id)
    if secret is None:
        raise Refused("This file was erased with the record of its subject")
    return secret
