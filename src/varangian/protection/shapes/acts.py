"""Acts as a phone writes them, read with care: what does not fit names its field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from varangian.kernel.results import Refused

from ..services.outbox import MOST, Act

FILES = ("photo", "voice")
YEARS = range(1970, 2200)
"""A phone whose battery was empty believes in 1970; what lies outside cannot be reckoned with."""


def acts_of(rows: Any, device: str, files: Mapping[str, Any]) -> list[Act]:
    if not isinstance(rows, list) or len(rows) > MOST:
        raise Refused(f"A list of at most {MOST} acts is expected", where="acts")
    return [_act(row, device, files) for row in rows]


def _act(row: Any, device: str, files: Mapping[str, Any]) -> Act:
    if not isinstance(row, dict) or not isinstance(row.get("body", {}), dict):
        raise Refused("An act is an object", where="acts")
    try:
        key, seq = UUID(str(row["key"])), int(row["seq"])
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise Refused("An act needs its key and its number", where="key, seq") from error
    if not 0 <= seq < 2**53:
        raise Refused("The number of an act counts up from nought", where="seq")
    return Act(
        key=key,
        kind=str(row.get("kind", "")),
        at=time_of(row.get("at"), "at"),
        seq=seq,
        device=device,
        body=row.get("body", {}),
        files={name: files[f"{name}-{key}"] for name in FILES if f"{name}-{key}" in files},
    )


def time_of(words: Any, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(str(words))
    except ValueError as error:
        raise Refused("This is no time", where=where, mend="Write it in ISO 8601.") from error
    if at.tzinfo is None:
        raise Refused("A time needs its zone", where=where)
    if at.year not in YEARS:
        raise Refused("This is no time of ours", where=where, mend="Set the phone's clock.")
    return at
