"""Hash chains that a stranger can verify with nothing but the entries."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the same bytes for the same content."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return text.encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def link(previous: str, content: Mapping[str, Any]) -> str:
    """Hash of one entry: SHA-256 over the previous hash and the canonical content."""
    return hashlib.sha256(bytes.fromhex(previous) + canonical(content)).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first entry that does not follow from the one before it."""

    serial: int
    reason: str


def first_break(entries: Iterable[Mapping[str, Any]], start: str = START) -> Break | None:
    """Walk ``{serial, previous, hash, content}`` entries in order; ``None`` when whole."""
    previous, expected = start, None
    for entry in entries:
        serial = int(entry["serial"])
        if expected is not None and serial != expected:
            return Break(serial, f"serial {expected} is missing")
        if entry["previous"] != previous:
            return Break(serial, "does not follow the entry before it")
        if link(previous, entry["content"]) != entry["hash"]:
            return Break(serial, "its content was changed after it was written")
        previous, expected = entry["hash"], serial + 1
    return None
