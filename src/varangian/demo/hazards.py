"""Feed files of the worked operation, in the generic format, with times relative to now."""

import json
from datetime import datetime, timedelta
from typing import Any


def feed(start: datetime) -> bytes:
    """A storm over the flight out, a protest by the venue, a quake that touches nothing."""
    features = [
        _item(
            "storm-1",
            "weather",
            "amber",
            "Snow storm, gulf coast: wind 22 m/s, visibility below 500 m",
            [24.9, 60.2],
            140,
            start + timedelta(minutes=1800),
            start + timedelta(minutes=2150),
            "Expect de-icing and holding; allow ninety minutes more on the road to the airport.",
        ),
        _item(
            "protest-1",
            "security",
            "red",
            "Announced protest at Northern square, 150 expected",
            [24.9345, 60.1752],
            0.6,
            start - timedelta(minutes=60),
            start + timedelta(minutes=150),
            "Leave by the north court; hold the car until Zero confirms the court is clear.",
        ),
        _item(
            "quake-1",
            "earthquake",
            "green",
            "Earthquake M 4.6, 40 km off a southern coast",
            [22.1, 36.4],
            50,
            start - timedelta(minutes=200),
            None,
            "",
        ),
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def squall(
    row: dict[str, Any], *, position: list[float], starts: datetime, ends: datetime
) -> bytes:
    """The hazard that arrives while the day is played: over one end of a leg, at its time."""
    item = _item(
        f"squall-{starts:%Y%m%d%H%M}",
        row["kind"],
        row["band"],
        row["title"],
        [position[1], position[0]],
        row["radius"],
        starts - timedelta(minutes=15),
        ends + timedelta(minutes=15),
        row["instruction"],
    )
    return json.dumps({"type": "FeatureCollection", "features": [item]}).encode()


def _item(
    key: str,
    kind: str,
    band: str,
    title: str,
    lon_lat: list[float],
    radius: float,
    onset: datetime,
    expires: datetime | None,
    instruction: str,
) -> dict[str, Any]:
    about: dict[str, Any] = {
        "id": key,
        "kind": kind,
        "band": band,
        "severity": {"red": "high", "amber": "moderate", "green": "minor"}[band],
        "title": title,
        "updated": onset.isoformat(),
        "onset": onset.isoformat(),
        "radius_km": radius,
        "instruction": instruction,
    }
    if expires:
        about["expires"] = expires.isoformat()
    return {
        "type": "Feature",
        "id": key,
        "properties": about,
        "geometry": {"type": "Point", "coordinates": lon_lat},
    }
