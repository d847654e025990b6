"""Invented files that a team brings along: a calendar and a hazard, dated from now."""

import json
from datetime import UTC, datetime, timedelta

START = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)
QUAY = (60.1682, 24.9431)


def calendar(shift: int = 0, at: tuple[float, float] = QUAY) -> bytes:
    """Hotel, drive, reading; ``shift`` moves the drive by minutes."""
    rows = [
        ("hotel", "Hotel Aurora", f"Hotel Aurora, {at[0]}, {at[1]}", -180, 1200),
        ("drive", "Drive: Hotel Aurora to Northern House", "", 0 + shift, 20 + shift),
        ("reading", "Reading at Northern House", "Northern House", 30, 120),
    ]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented//EN", "X-WR-CALNAME:Two days"]
    for uid, title, place, begin, end in rows:
        lines += ["BEGIN:VEVENT", f"UID:{uid}@example.org", f"SUMMARY:{title}"]
        lines += [f"DTSTART:{stamp(begin)}", f"DTEND:{stamp(end)}"]
        lines += [f"LOCATION:{place.replace(',', chr(92) + ',')}"] if place else []
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def stamp(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).strftime("%Y%m%dT%H%M%SZ")


def hazard(action: str = "new", at: tuple[float, float] = QUAY, name: str = "storm-9") -> bytes:
    """A storm around the hotel while the drive begins; ``cancel`` takes it back."""
    about = {
        "id": name,
        "kind": "weather",
        "band": "red",
        "title": "Storm over the quay",
        "action": action,
        "updated": (START + timedelta(minutes=0 if action == "new" else 5)).isoformat(),
        "onset": START.isoformat(),
        "expires": (START + timedelta(minutes=15)).isoformat(),
        "radius_km": 2,
    }
    feature = {
        "type": "Feature",
        "id": name,
        "properties": about,
        "geometry": {"type": "Point", "coordinates": [at[1], at[0]]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
