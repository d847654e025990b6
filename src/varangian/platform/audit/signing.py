"""The Ed25519 key of this installation: signs checkpoints, orders and exported bundles."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from .verify import genuine

__all__ = ["genuine", "public_key", "sign"]


def _key() -> Ed25519PrivateKey:
    path = Path(settings.HOME) / "keys" / "signing.key"
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
