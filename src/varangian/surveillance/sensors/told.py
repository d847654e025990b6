"""One thing that a sensor said, however it came here."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Told:
    """``name`` empty: it only lives. ``key`` is what the source calls this event."""

    name: str = ""
    at: datetime | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    camera: str = ""
    """Name of a camera of the operation that it belongs to, where the source says one."""
