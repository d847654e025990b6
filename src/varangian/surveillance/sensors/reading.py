"""What a webhook says: our own words, Home Assistant's and Zigbee2MQTT's, plate readers, Frigate.
Pure."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from .told import Told

MOST_EVENTS = 50
NAMES = re.compile(r"[a-z0-9_]{1,20}(\.[a-z0-9_]{1,20}){0,2}")
PLATE = re.compile(r"[A-Z0-9ÄÖÅÜ]{2,12}")
CONTACT = {"occupancy": ("motion.begun", "motion.ended"), "contact": ("door.closed", "door.opened")}
STATES = {
    "open": "door.opened",
    "opened": "door.opened",
    "closed": "door.closed",
    "motion": "motion.begun",
    "clear": "motion.ended",
    "tamper": "sensor.tamper",
    "alive": "",
    "heartbeat": "",
}


class Unreadable(ValueError):
    """In words for whoever set the sensor up."""


def read(body: bytes) -> list[Told]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable('this is no JSON; such as {"event": "open"}') from error
    rows = given if isinstance(given, list) else [given]
    if not rows or len(rows) > MOST_EVENTS:
        raise Unreadable(f"1 to {MOST_EVENTS} events at once")
    return [told for row in rows for told in read_row(row)]


def read_row(row: Any) -> list[Told]:
    if not isinstance(row, dict):
        raise Unreadable("an event is a JSON object")
    if "plate" in row or "plate_number" in row or "licensePlate" in row:
        return [_plate(row)]
    if isinstance(row.get("after"), dict) and "label" in row["after"]:
        return frigate(row)
    for field, (yes, no) in CONTACT.items():
        if isinstance(row.get(field), bool):
            return [Told(yes if row[field] else no, _time(row), _extras(row), _key(row))]
    return [_event(row)]


def _event(row: dict[str, Any]) -> Told:
    said = str(row.get("event", row.get("state", ""))).strip().lower()
    if said in STATES:
        return Told(STATES[said], _time(row), _extras(row), _key(row))
    if not NAMES.fullmatch(said):
        known = ", ".join(sorted(STATES))
        raise Unreadable(f"event is one of {known}, or a name such as window.broken")
    return Told(said, _time(row), _extras(row), _key(row))


def _plate(row: dict[str, Any]) -> Told:
    """``plate``, with ``camera`` and ``at`` where the reader says them."""
    text = str(row.get("plate") or row.get("plate_number") or row.get("licensePlate") or "")
    plate = re.sub(r"[\s.\-·]", "", text).upper()
    if not PLATE.fullmatch(plate):
        raise Unreadable("a plate has 2 to 12 letters and figures")
    camera = _text(row.get("camera") or row.get("camera_id") or "", 80)
    return Told("plate.read", _time(row), {"plate": plate}, _key(row), camera)


def frigate(row: dict[str, Any]) -> list[Told]:
    """``frigate/events``: begun and ended; its updates between say nothing that is kept here."""
    after, kind = row["after"], row.get("type")
    if kind not in ("new", "end"):
        return [Told()]
    label = re.sub(r"[^a-z0-9_]", "_", str(after.get("label", "")).lower())[:20] or "object"
    zones = after.get("entered_zones") or after.get("current_zones") or after.get("zones")
    zones = zones if isinstance(zones, list) else []
    zones = [_text(zone, 40) for zone in zones if isinstance(zone, str)][:5]
    began = after.get("start_time") if kind == "new" else after.get("end_time")
    at = _moment(began)
    detail = {"words": ", ".join(zones)} if zones else {}
    did = "begun" if kind == "new" else "ended"
    key = f"{_text(after.get('id', ''), 60)}:{did}"
    return [Told(f"{label}.{did}", at, detail, key, _text(after.get("camera", ""), 80))]


def _extras(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    battery = row.get("battery")
    if isinstance(battery, int | float) and not isinstance(battery, bool) and 0 <= battery <= 100:
        found["battery"] = battery
    words = row.get("words") or row.get("text")
    if isinstance(words, str) and words.strip():
        found["words"] = _text(words.strip(), 120)
    return found


def _key(row: dict[str, Any]) -> str:
    key = row.get("id", row.get("key", ""))
    return _text(key, 80) if isinstance(key, str | int) else ""


def _text(value: Any, most: int) -> str:
    """As the database takes it: JSON may hold halves of characters and the character nought."""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "")[:most]


def _time(row: dict[str, Any]) -> datetime | None:
    for name in ("at", "timestamp", "time", "last_seen"):
        if name in row:
            return _moment(row[name])
    return None


def _moment(value: Any) -> datetime | None:
    """Seconds, milliseconds or ISO 8601 with a zone; what cannot be read is heard as now."""
    try:
        if isinstance(value, str) and not value.replace(".", "").isdigit():
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else None
        number = float(value)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
