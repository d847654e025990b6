"""What a message over MQTT is: a position, a radio of a mesh, or a button. Pure."""

import json
from dataclasses import dataclass, field
from typing import Any

from ..parsers import Asked

MOST_BYTES = 64 * 1024
JSON = "application/json"


@dataclass(frozen=True)
class Tracker:
    """A position of a device that names its token in its topic."""

    token: str
    asked: Asked


@dataclass(frozen=True)
class Mesh:
    """What radios said to the node that carries them over."""

    asked: Asked


@dataclass(frozen=True)
class Thing:
    """A button or a sensor by the name it was enrolled with; it is alive, or it was pressed."""

    name: str
    pressed: bool = False
    count: str = ""
    """Its own number of the press, where it counts."""
    battery: float | None = None
    alive: bool = True
    readable: bool = True
    told: dict[str, Any] = field(default_factory=dict, compare=False)
    """What a sensor said, for the feature that knows it."""


@dataclass(frozen=True)
class Unknown:
    """Of the kind that is listened to, and yet of no shape that is known here."""


Meaning = Tracker | Mesh | Thing | Unknown | None


def meaning(topic: str, payload: bytes) -> Meaning:
    """None for what such devices say beside it and nobody here needs."""
    parts = topic.split("/")
    if len(payload) > MOST_BYTES or not 2 <= len(parts) <= 12:
        return Unknown()
    if parts[0] == "owntracks":
        return _owntracks(parts, payload)
    if parts[0] == "msh" and "json" in parts:
        return Mesh(Asked({}, payload, JSON))
    if parts[0] == "shellies" and len(parts) >= 3:
        return _shelly(parts, payload)
    if parts == ["frigate", "events"]:
        told = _object(payload)
        return Thing("frigate", readable=bool(told), told=told)
    if parts[0] == "zigbee2mqtt":
        return _zigbee(parts, payload)
    if parts[1:] == ["events", "rpc"]:
        return _shelly_rpc(parts[0], payload)
    return None


def _owntracks(parts: list[str], payload: bytes) -> Meaning:
    """``owntracks/<user>/<token>``; its parser passes over what is no position."""
    if not 3 <= len(parts) <= 4 or not parts[2]:
        return Unknown()
    if parts[3:] not in ([], ["event"]):
        return None
    return Tracker(parts[2], Asked({}, payload, JSON))


def _shelly(parts: list[str], payload: bytes) -> Meaning:
    """First generation: ``shellies/<id>/input_event/0`` and, now and then, its state."""
    name, what = parts[1], parts[2]
    if what == "input_event":
        told = _object(payload)
        event = str(told.get("event") or "")
        return Thing(name, bool(event), _word(told.get("event_cnt")), readable=bool(told))
    if what == "online":
        return Thing(name, alive=payload.strip() == b"true")
    if parts[2:] == ["sensor", "battery"]:
        return Thing(name, battery=_share(payload))
    return Thing(name)


def _shelly_rpc(name: str, payload: bytes) -> Meaning:
    """Later generations tell of each event with its time."""
    told = _object(payload)
    params = told.get("params")
    events = params.get("events") if isinstance(params, dict) else None
    for one in events if isinstance(events, list) else []:
        if isinstance(one, dict) and "push" in str(one.get("event")):
            return Thing(name, True, _word(one.get("ts")))
    return Thing(name, readable=bool(told))


def _zigbee(parts: list[str], payload: bytes) -> Meaning:
    if parts[1] == "bridge" or len(parts) > 3:
        return None
    name = parts[1]
    if parts[2:] == ["availability"]:
        return Thing(name, alive=b"online" in payload)
    if len(parts) == 3:
        return None
    told = _object(payload)
    battery = told.get("battery")
    share = _share(str(battery).encode()) if battery is not None else None
    return Thing(name, bool(told.get("action")), battery=share, readable=bool(told), told=told)


def _object(payload: bytes) -> dict[str, Any]:
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _word(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)[:40]


def _share(payload: bytes) -> float | None:
    try:
        found = float(payload) / 100
    except ValueError:
        return None
    return found if 0 <= found <= 1 else None
