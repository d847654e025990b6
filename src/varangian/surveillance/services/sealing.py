"""Pictures on their way through the database are sealed with the key of their operation."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from varangian.kernel.results import Refused
from varangian.platform.crypto.keys import data_key

from ..models import Camera


def seal(camera: Camera, data: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(_key(camera)).encrypt(nonce, data, camera.pk.bytes)


def unseal(camera: Camera, sealed: bytes) -> bytes:
    return AESGCM(_key(camera)).decrypt(sealed[:12], sealed[12:], camera.pk.bytes)


def _key(camera: Camera) -> bytes:
    key = data_key(camera.key_id)
    if key is None:
        raise Refused("What belonged to this camera was erased")
    return key
