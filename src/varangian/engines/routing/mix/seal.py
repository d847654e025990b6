"""A promise in a sealed envelope: the draw was made before, and is the one that was driven.

At release the digest may be shown to anybody; it says nothing about the choice while the nonce is
secret. Afterwards choice and nonce are shown, and whoever has the digest checks them.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from varangian.kernel.results import Refused

NONCE_BYTES = 32


@dataclass(frozen=True)
class Seal:
    """``digest`` may be shown, ``nonce`` is as secret as the choice until it has been driven."""

    digest: str
    nonce: str


def canonical(choice: Mapping[str, Any]) -> bytes:
    """The one way in which a choice is written: keys in order, no spaces, ASCII, no NaN."""
    words = json.dumps(
        choice, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return words.encode()


def seal(choice: Mapping[str, Any], nonce: bytes | None = None) -> Seal:
    """sha256 of nonce and choice. A nonce of one's own is for tests."""
    salt = secrets.token_bytes(NONCE_BYTES) if nonce is None else nonce
    if len(salt) < NONCE_BYTES:
        raise Refused(f"A nonce of {len(salt)} bytes", mend=f"At least {NONCE_BYTES}.")
    return Seal(sha256(salt + canonical(choice)).hexdigest(), salt.hex())


def opens(digest: str, choice: Mapping[str, Any], nonce: str) -> bool:
    """Whether this choice is the one that was sealed. A nonce of another form opens nothing."""
    try:
        salt = bytes.fromhex(nonce)
        written = canonical(choice)
    except ValueError:
        return False
    if len(salt) < NONCE_BYTES:
        return False
    return hmac.compare_digest(sha256(salt + written).hexdigest(), digest)
