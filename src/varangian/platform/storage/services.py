"""Keep originals. The path is a hash keyed by the subject: equal files of two do not show."""

import hmac
import os
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from varangian.kernel.results import Refused
from varangian.platform.crypto.keys import data_key
from varangian.platform.crypto.models import SubjectKey

from .models import StoredFile


def keep(
    *, data: bytes, name: str, media_type: str, key: SubjectKey, compartment_id: UUID
) -> StoredFile:
    secret = _secret(key.pk)
    blob = hmac.new(secret, data, sha256).hexdigest()
    path = _path(blob)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        nonce = os.urandom(12)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_bytes(nonce + AESGCM(secret).encrypt(nonce, data, blob.encode()))
        partial.replace(path)
    return StoredFile.objects.create(
        key=key,
        compartment_id=compartment_id,
        name=name[:200],
        media_type=media_type,
        size=len(data),
        blob=blob,
    )


def read(stored: StoredFile) -> bytes:
    secret, path = _secret(stored.key_id), _path(stored.blob)
    if not path.is_file():
        mend = "Restore the folder files/ from a backup."
        raise Refused("The file is not there any more", where=stored.blob[:12], mend=mend)
    sealed = path.read_bytes()
    return AESGCM(secret).decrypt(sealed[:12], sealed[12:], stored.blob.encode())


def _secret(key_id: UUID) -> bytes:
    secret = data_key(key_id)
    if secret is None:
        raise Refused("This file was erased with the record of its subject")
    return secret


def _path(blob: str) -> Path:
    return Path(settings.HOME) / "files" / blob[:2] / blob
