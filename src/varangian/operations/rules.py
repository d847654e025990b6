"""What the values of the spine may be, whichever door they come in by. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.results import Refused

MOVEMENT_KINDS = ("road", "foot", "flight", "train", "stay", "event", "other")


def checked(
    fields: dict[str, Any], *, zone: str, zone_field: str, kinds: Collection[str]
) -> dict[str, Any]:
    """The same fields; a time without a zone is on the clock that the record has or is given."""
    if "title" in fields and not (fields["title"] or "").strip():
        raise Refused("A title is needed", where="title")
    if "kind" in fields and fields["kind"] not in kinds:
        raise Refused("There is no such kind", where=str(fields["kind"]), mend=", ".join(kinds))
    clock = zone_of(fields.get(zone_field, zone))
    return {name: _on_the_clock(value, clock) for name, value in fields.items()}


def zone_of(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or "?"))
    except (KeyError, ValueError, OSError) as error:
        mend = "Such as Europe/Helsinki."
        raise Refused("This is no time zone", where=str(name), mend=mend) from error


def _on_the_clock(value: Any, clock: ZoneInfo) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=clock)
    return value
