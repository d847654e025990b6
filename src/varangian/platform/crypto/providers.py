"""Where the master key lives. A file for one machine; a vault can stand in its place."""

import os
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from varangian.kernel.results import Refused


class KeyProvider(Protocol):
    def wrap(self, key: bytes, context: bytes) -> bytes: ...
    def unwrap(self, wrapped: bytes, context: bytes) -> bytes: ...


class FileKey:
    """AES-256-GCM under one key kept in a file that only the service account can read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.key())

    def key(self) -> bytes:
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(os.urandom(32))
        key = self.path.read_bytes()
        if len(key) != 32:
            raise Refused(
                "The master key is damaged", where=str(self.path), mend="Restore it from a backup."
            )
        return key

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        return self._cipher.decrypt(wrapped[:12], wrapped[12:], context)


@cache
def provider() -> KeyProvider:
    return FileKey(settings.KEYS / "master.key")
