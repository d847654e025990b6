"""Keep originals. Their name is a hash keyed by the subject: equal files of two do not show."""

import hmac
import os
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from varangian.kernel.results import Refused
from varangian.platform.crypto.keys import data_key
from varangian.platform.crypto.models import SubjectKey

from .models import StoredFile
from .parts import drop_parts
from .stores import everywhere, store

BLOB = re.compile(r"[0-9a-f]{64}")


def keep(
    *, data: bytes, name: str, media_type: str, key: SubjectKey, compartment_id: UUID
) -> StoredFile:
    secret = _secret(key.pk)
    blob = hmac.new(secret, data, sha256).hexdigest()
    nonce = os.urandom(12)
    store().put(blob, nonce + AESGCM(secret).encrypt(nonce, data, blob.encode()))
    return StoredFile.objects.create(
        key=key,
        compartment_id=compartment_id,
        name=name[:200],
        media_type=media_type,
        size=len(data),
        blob=blob,
    )


def read(stored: StoredFile) -> bytes:
    secret = _secret(stored.key_id)
    sealed = next((found for one in everywhere() if (found := one.get(stored.blob))), None)
    if sealed is None:
        mend = "Restore a backup, or bring the folder files/ of the machine that kept it."
        raise Refused("The file is not there any more", where=stored.blob[:12], mend=mend)
    return AESGCM(secret).decrypt(sealed[:12], sealed[12:], stored.blob.encode())


def forget_files(*, key_id: UUID | None = None, pks: Iterable[UUID] = ()) -> None:
    """Rows now, and what lies in the store once that is certain. All of one subject, or some."""
    rows = StoredFile.objects.filter(pk__in=list(pks))
    if key_id is not None:
        rows = StoredFile.objects.filter(key_id=key_id)
    blobs = set(rows.values_list("blob", flat=True))
    rows.delete()
    still = StoredFile.objects.filter(blob__in=blobs).values_list("blob", flat=True)
    gone = blobs - set(still)
    transaction.on_commit(lambda: drop_parts(gone))


def _secret(key_id: UUID) -> bytes:
    secret = data_key(key_id)
    if secret is None:
        raise Refused("This file was erased with the record of its subject")
    return secret


def gather(folder: Path) -> tuple[int, int]:
    """Bring what lies in ``folder`` to the store of today: how many came, how many were there.
    They stay sealed, and stay in the folder until somebody removes it."""
    here, moved, there = store(), 0, 0
    for path in sorted(folder.glob("??/*")):
        if not BLOB.fullmatch(path.name):
            continue
        if here.get(path.name) is None:
            here.put(path.name, path.read_bytes())
            moved += 1
        else:
            there += 1
    return moved, there
