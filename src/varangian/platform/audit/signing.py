"""The Ed25519 key of this installation: signs checkpoints, orders and exported bundles."""

import os
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from varangian.kernel.chain import canonical

from .verify import genuine

__all__ = ["covers", "fault", "genuine", "public_key", "short", "sign"]

SHORT = 16


def _key() -> Ed25519PrivateKey:
    path = settings.KEYS / "signing.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def sign(message: bytes) -> tuple[str, str]:
    """Returns signature and public key, both as hex."""
    key = _key()
    return key.sign(message).hex(), key.public_key().public_bytes_raw().hex()


def public_key() -> str:
    """The key that strangers pin with ``varangian audit verify --key``, as hex."""
    return _key().public_key().public_bytes_raw().hex()


def short(digest: str) -> str:
    """A digest as it is printed under a name: enough to compare by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, SHORT, 4))


def covers(*, content: str, name: str, person: Any, at: datetime, **more: Any) -> bytes:
    """Bytes under a named person's signature: a digest of the content, who signed it, and when."""
    who = {"content": content, "name": name, "person": str(person), "at": at.isoformat()}
    return canonical({**who, **more})


def fault(*, content: str, signed: str, message: bytes, signature: str, key: str) -> str:
    """Why a signature does not hold; empty when it does.

    ``content`` is the digest of what stands there now, ``signed`` the one that was signed.
    """
    if content != signed:
        return "The content is not the one that was signed"
    if key != public_key():
        return "It was signed with another key than the key of this installation"
    if not genuine(message, signature, key):
        return "The signature does not belong to this content, name and time"
    return ""
