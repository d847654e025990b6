"""Is a fix to be believed? Pure, so that every case can be tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from varangian.kernel.geometry import haversine_km, valid_lat_lon

from .fix import Fix

AHEAD = timedelta(minutes=2)
"""A clock may be this far ahead; what claims to be later comes from a wrong clock."""
FASTEST = 340.0
"""Metres per second; more than an airliner with the wind behind it."""
LEAP = 2_000.0
"""Metres: below this a bad first fix after a tunnel is not called teleporting."""
NULL_ISLAND = 0.01
"""Degrees around 0, 0: what receivers say when they know nothing."""
BETWEEN = 0.4
"""Seconds: a device that speaks faster is thinned to about two fixes a second."""
AGREE = 3
"""So many fixes that agree on a far place are believed: the one before them was wrong."""

REASONS = {
    "coordinates": "The coordinates are no place on earth",
    "null_island": "The receiver said 0, 0, which means that it knows nothing",
    "future": "Its time lies ahead of ours: the clock of the device is wrong",
    "past": "Older than positions are kept: the clock of the device is wrong",
    "teleport": "Too far from the fix before it to have been reached",
    "burst": "More than two fixes a second; one of them is enough",
    "duplicate": "Sent before",
    "sharing": "Its share mode does not let it speak now; the place was not kept",
    "privacy": "The principal's private time; the place was not kept",
    "expired": "Its token has expired or was withdrawn",
    "stranger": "It speaks for a node that is not enrolled",
    "token": "A tracker gave a token that no device has: enrol it again",
    "topic": "Published to a topic that is of no use here",
    "unreadable": "It sent something that is no position",
}
UNPLACED = {
    *("sharing", "privacy", "expired", "unreadable", "stranger", "token", "topic", "coordinates")
}
"""Nothing of where it was is kept with these."""


@dataclass(slots=True)
class Known:
    """What is known of a device while a batch is judged."""

    at: datetime | None = None
    lat: float = 0.0
    lon: float = 0.0
    stray_at: datetime | None = None
    stray_lat: float = 0.0
    stray_lon: float = 0.0
    stray_count: int = 0
    strayed: bool = False
    """Whether this batch has something new to keep of it."""

    def believe(self, fix: Fix) -> None:
        if self.at is None or fix.at > self.at:
            self.at, self.lat, self.lon = fix.at, fix.lat, fix.lon
            self.stray_at, self.stray_count = None, 0

    def stray(self, fix: Fix) -> None:
        self.stray_at, self.stray_lat, self.stray_lon = fix.at, fix.lat, fix.lon
        self.strayed = True


def on_earth(lat: float, lon: float) -> bool:
    """A place, and not the nowhere of a receiver without a fix."""
    return valid_lat_lon(lat, lon) and (abs(lat) >= NULL_ISLAND or abs(lon) >= NULL_ISLAND)


def judge(fix: Fix, known: Known, *, kept: timedelta) -> str:
    """The reason not to believe it, or nothing; ``known`` learns from what it is shown."""
    if not valid_lat_lon(fix.lat, fix.lon):
        return "coordinates"
    if not on_earth(fix.lat, fix.lon):
        return "null_island"
    if fix.at > fix.heard_at + AHEAD:
        return "future"
    if fix.at < fix.heard_at - kept:
        return "past"
    if known.at is not None and fix.at != known.at:
        if abs((fix.at - known.at).total_seconds()) < BETWEEN:
            return "burst"
        if _leaps((known.lat, known.lon), known.at, fix) and not _agreed(fix, known):
            return "teleport"
    known.believe(fix)
    return ""


def _leaps(place: tuple[float, float], at: datetime, fix: Fix) -> bool:
    metres = haversine_km(place, (fix.lat, fix.lon)) * 1000 - (fix.accuracy or 0)
    seconds = max(1.0, abs((fix.at - at).total_seconds()))
    return metres > LEAP and metres / seconds > FASTEST


def _agreed(fix: Fix, known: Known) -> bool:
    """The third far fix in a row that fits the two before it is where the device is."""
    if known.at is not None and fix.at < known.at:
        return False
    there = (known.stray_lat, known.stray_lon)
    if known.stray_at is not None and not _leaps(there, known.stray_at, fix):
        known.stray_count += fix.at != known.stray_at
    else:
        known.stray_count = 1
    known.stray(fix)
    return known.stray_count >= AGREE


def shares(mode: str, *, on_duty: bool, moving: bool, emergency: bool) -> bool:
    """May it speak now? A call for help opens every mode, also ``off``."""
    if emergency:
        return True
    return {"duty": on_duty, "movement": moving}.get(mode, False)
