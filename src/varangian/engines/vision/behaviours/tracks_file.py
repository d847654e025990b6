"""Tracks of a camera as lines of JSON: one box a line, boxes of one frame share their ``at``."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from ..model import Tracked
from .following import GroundTrack

MEND = 'Such as {"at": 1.2, "track": 7, "kind": "person", "box": [10, 20, 40, 110]}.'


@dataclass(frozen=True)
class Unread:
    line: int
    what: str
    mend: str = MEND


def read_tracks(lines: Iterable[str]) -> tuple[list[tuple[float, list[Tracked]]], list[Unread]]:
    """Frames in order of time. A line with ``at`` alone is a frame in which nothing was seen; one
    that cannot be read is told and left out."""
    frames: dict[float, list[Tracked]] = {}
    unread = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
            at = _number(row, "at")
            there = frames.setdefault(at, [])
            if "track" in row:
                there.append(_tracked(row, at))
        except (ValueError, RecursionError) as error:
            what = "This is no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
            unread.append(Unread(number, what))
    return sorted(frames.items(), key=lambda frame: frame[0]), unread


GROUND = 'Such as {"camera": "gate", "track": "7", "at": 12.5, "x": 3.1, "y": 40.2}.'


def read_ground(lines: Iterable[str]) -> tuple[list[GroundTrack], list[Unread]]:
    """Tracks on the ground, of one clock and in metres, each in order of time."""
    places: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    unread = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
            place = _number(row, "at"), _number(row, "x"), _number(row, "y")
            name = str(row.get("camera", ""))[:80], str(row.get("track", ""))[:80]
        except (ValueError, RecursionError) as error:
            what = "This is no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
            unread.append(Unread(number, what, GROUND))
            continue
        places.setdefault(name, []).append(place)
    found = []
    for (camera, track), rows in places.items():
        at, x, y = np.array(sorted(rows)).T
        found.append(GroundTrack(track, camera, at, x, y))
    return found, unread


def _tracked(row: dict[str, Any], at: float) -> Tracked:
    box, track = row.get("box"), row["track"]
    if not isinstance(box, list) or len(box) != 4:
        raise ValueError("box needs four numbers: left, top, right, bottom, in pixels")
    if not isinstance(track, int) or isinstance(track, bool):
        raise ValueError("track is no whole number")
    x0, y0, x1, y1 = (_finite(one, "box") for one in box)
    score = _finite(row.get("score", 1.0), "score")
    return Tracked(track, at, str(row.get("kind", "person")), (x0, y0, x1, y1), score)


def _number(row: Any, key: str) -> float:
    if not isinstance(row, dict):
        raise ValueError("This is no object")
    return _finite(row.get(key), key)


def _finite(value: Any, key: str) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or abs(value) > 1e15 or not isfinite(value):
        raise ValueError(f"{key} is no number")
    return float(value)
