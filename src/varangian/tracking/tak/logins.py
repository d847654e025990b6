"""What a web client signs in with for a few hours: a signed word that names its device.

It opens nothing that the device's certificate would not open, and stops with it.
"""

import base64
import hmac
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from varangian.kernel.clock import now

HEADER = b'{"alg":"HS256","typ":"JWT"}'
"""27 bytes: CloudTAK decodes all parts in one go, which needs a multiple of three."""
HOURS = timedelta(hours=8)
AUDIENCE = "varangian-tak"


def token_for(device: UUID, username: str) -> str:
    at = int(now().timestamp())
    until = at + int(HOURS.total_seconds())
    told = {"sub": username, "aud": AUDIENCE, "nbf": at, "exp": until, "iat": at}
    body = json.dumps(told | {"device": device.hex}, separators=(",", ":")).encode()
    signed = f"{_text(HEADER)}.{_text(body)}"
    return f"{signed}.{_text(_seal(signed))}"


def device_of(token: str) -> UUID | None:
    """None for one that is not ours, or is over."""
    signed, _, seal = token.rpartition(".")
    head, _, body = signed.partition(".")
    if not hmac.compare_digest(seal.encode(), _text(_seal(signed)).encode()):
        return None
    if head != _text(HEADER):
        return None
    told = _read(body)
    over = datetime.fromtimestamp(told["exp"], now().tzinfo) <= now()
    return None if over else UUID(told["device"])


def _seal(signed: str) -> bytes:
    return salted_hmac("varangian tak login", signed, algorithm="sha256").digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(body: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
