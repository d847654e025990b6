"""Messages, facts and records as plain data for JSON. Times are ISO 8601 with their zone."""

from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from typing import Any

from .contact import Record
from .duplicates import Same
from .facts import Fact
from .model import Message


def plain(value: Any) -> Any:
    """Dataclasses to dictionaries; names that end in ``_`` lose it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name.rstrip("_"): plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def as_dict(
    message: Message, *, found: Iterable[Fact] | None = None, same: Same | None = None
) -> dict[str, Any]:
    shape = plain(message)
    shape["at"] = plain(message.dates.at)
    if found is not None:
        shape["facts"] = [fact_dict(one) for one in found]
    if same is not None:
        shape["same"] = {**plain(same), "told": same.told}
    return shape


def fact_dict(fact: Fact) -> dict[str, Any]:
    """Without what is empty: most facts are neither negated nor quoted."""
    return {key: plain(value) for key, value in asdict(fact).items() if value not in ("", None, ())}


def record_dict(record: Record) -> dict[str, Any]:
    return plain(record)
