"""Web push (RFC 8030, 8291, 8292): sealed for the browser, signed with the key of the house."""

import base64
import json
import os
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .words import Call, Undelivered

SECONDS = 5
KEPT_S = 600
"""A push service keeps it so long for a phone that is off; later the alert is old news."""
GONE = (404, 410)
CURVE = ec.SECP256R1()
RECORD = 4096


@dataclass(frozen=True)
class Browser:
    endpoint: str
    p256dh: str
    auth: str


def new_key() -> tuple[str, str]:
    """Private and public, as base64url without padding: the way browsers want it."""
    key = ec.generate_private_key(CURVE)
    return _coded(key.private_numbers().private_value.to_bytes(32)), _coded(_point(key))


def send(browser: Browser, call: Call, *, private: str, contact: str) -> None:
    body = {"kind": "alert", "code": call.code, "words": call.words, "url": call.path}
    try:
        sealed = seal(json.dumps(body).encode(), browser.p256dh, browser.auth)
    except ValueError as error:
        raise Undelivered("the browser's key is not valid", gone=True) from error
    headers = {
        "Authorization": signature(browser.endpoint, private, contact),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_S),
        "Urgency": "high" if call.urgent else "normal",
    }
    try:
        answer = httpx.post(browser.endpoint, content=sealed, headers=headers, timeout=SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Undelivered(type(error).__name__) from error
    if not answer.is_success:
        status = answer.status_code
        raise Undelivered(f"push service answered {status}", gone=status in GONE)


def seal(
    words: bytes,
    p256dh: str,
    auth: str,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """RFC 8291: one record of aes128gcm under a key that only this browser can derive."""
    theirs, secret = _plain(p256dh), _plain(auth)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    shared, sender = own.exchange(ec.ECDH(), receiver), _point(own)
    material = _derive(shared, secret, b"WebPush: info\0" + theirs + sender, 32)
    key = _derive(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4) + len(sender).to_bytes(1) + sender
    return head + AESGCM(key).encrypt(nonce, words + b"\2", None)


def signature(endpoint: str, private: str, contact: str) -> str:
    """RFC 8292: who calls, for this push service and the next hours only."""
    key = ec.derive_private_key(int.from_bytes(_plain(private)), CURVE)
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + 12 * 3600,
        "sub": contact,
    }
    token = ".".join(
        _coded(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(token.encode(), ec.ECDSA(SHA256())))
    return f"vapid t={token}.{_coded(r.to_bytes(32) + s.to_bytes(32))}, k={_coded(_point(key))}"


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
