"""The common form, and careful reading of numbers and times that strangers write."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

KNOT = 0.514444
KMH = 1 / 3.6
VAGUE = 100_000.0
"""Metres: an accuracy beyond this is the receiver's way to say that it does not know."""


class Unreadable(Exception):
    """It has the shape of a position and is none; the words are shown on the device page."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One position in the units of ``tracking.fix``, before it is known whose it is."""

    at: datetime | None
    """None: it gives no time, so it is of the moment it arrives."""
    lat: float
    lon: float
    altitude: float | None = None
    accuracy: float | None = None
    speed: float | None = None
    course: float | None = None
    battery: float | None = None
    activity: str = ""
    trigger: str = ""
    unit: str = ""
    """The node that a gateway speaks for."""
    sos: bool = False


@dataclass(slots=True)
class Heard:
    source: str
    readings: list[Reading] = field(default_factory=list)
    reply: bytes = b"{}"
    """What this application wants to hear, or it sends the same again."""
    sos: bool = False
    """A call for help that says neither where nor when."""


@dataclass(slots=True)
class Asked:
    """A request, as far as a parser needs it."""

    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = ""
    _json: Any = field(default=..., repr=False)

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is not. Depth and digits have limits of their own."""
        if self._json is ...:
            try:
                self._json = json.loads(self.body)
            except (ValueError, RecursionError):
                self._json = None
        return self._json

    @property
    def fields(self) -> dict[str, str]:
        """Query and form together, as the simple trackers use either."""
        found = dict(self.query)
        if "json" not in self.content_type and self.body[:1] not in (b"{", b"["):
            text = self.body.decode("utf-8", "replace")
            found |= dict(parse_qsl(text, max_num_fields=100) if text.count("&") < 100 else [])
        return found


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def number(value: Any, low: float = float("-inf"), high: float = float("inf")) -> float | None:
    """A finite number within its limits, or nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) and low <= found <= high else None


def scaled(value: Any, by: float) -> float | None:
    found = number(value, 0, 1e6)
    return None if found is None else found * by


def share(value: Any, whole: float) -> float | None:
    """A battery as a share of 1; minus one and other nonsense is unknown."""
    found = number(value, 0, whole)
    return None if found is None else found / whole


def course(value: Any) -> float | None:
    found = number(value, 0, 360)
    return None if found is None else found % 360


def accuracy(value: Any) -> float | None:
    return number(value, 0, VAGUE)


def degrees(lat: Any, lon: Any) -> tuple[float, float]:
    """As given: whether it is a place on earth is judged later, so that it can be told."""
    found = number(lat), number(lon)
    if found[0] is None or found[1] is None:
        raise Unreadable("latitude or longitude is missing")
    return found[0], found[1]


def moment(value: Any) -> datetime | None:
    """Seconds or milliseconds since 1970, or ISO 8601; a time without a zone is UTC."""
    seconds = number(value)
    if seconds is None and isinstance(value, str):
        try:
            at = datetime.fromisoformat(value.strip())
        except ValueError:
            raise Unreadable("its time cannot be read") from None
        return _in_utc(at if at.tzinfo else at.replace(tzinfo=UTC))
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("its time cannot be read") from None


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Unreadable("its time cannot be read") from None


def word(value: Any, most: int = 20) -> str:
    """A short word of theirs; NUL is nothing that PostgreSQL keeps."""
    text = value if isinstance(value, str) else ""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()[:most]
