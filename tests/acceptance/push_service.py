"""A browser's half of web push: its keys, and the words that the service would hand to it."""

import base64
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
SALT, HEAD = 16, 21


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _point(key: Any) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Subscribed:
    """Written from RFC 8291 and 8292, not from the house's own half."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    def words(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` says it."""
        keys = {"p256dh": coded(_point(self.key.public_key())), "auth": coded(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys, "label": "Phone of the test"}

    def opened(self, body: bytes) -> str:
        salt, length = body[:SALT], body[HEAD - 1]
        sender, sealed = body[HEAD : HEAD + length], body[HEAD + length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + _point(self.key.public_key()) + sender
        material = HKDF(SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\2").decode()


def signed_for(header: str, public: str) -> dict[str, Any]:
    """The claims of a VAPID header that the key of the house has signed; raises when it has not."""
    parts = dict(one.strip().split("=", 1) for one in header.removeprefix("vapid ").split(","))
    assert parts["k"] == public
    said, signature = parts["t"].rsplit(".", 1)
    raw = plain(signature)
    r, s = (int.from_bytes(raw[i : i + 32]) for i in (0, 32))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, plain(public))
    key.verify(utils.encode_dss_signature(r, s), said.encode(), ec.ECDSA(SHA256()))
    return json.loads(plain(said.split(".")[1]))
