"""One position of one device, whatever spoke it: the only form behind the door of the ingest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fix:
    """Latitude and longitude in degrees (WGS 84), lengths in metres, speed in metres per second,
    course in degrees from true north, battery as a share of 1. None is not known, never zero."""

    device_id: UUID
    at: datetime
    """By the clock of the device."""
    heard_at: datetime
    """By the clock of the house."""
    lat: float
    lon: float
    altitude: float | None = None
    accuracy: float | None = None
    speed: float | None = None
    course: float | None = None
    battery: float | None = None
    activity: str = ""
    trigger: str = ""
    source: str = ""
