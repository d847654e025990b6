"""The calendar of the worked operation, as a program would export it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

STAMP = "%Y%m%dT%H%M%S"


def ics(entries: Iterable[dict[str, Any]], *, start: datetime, zone: str, name: str) -> bytes:
    """``from`` and ``until`` of an entry are minutes from ``start``."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Varangian//Worked operation//EN"]
    lines.append(f"X-WR-CALNAME:{name}")
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry['uid']}@varangian.invalid",
            f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}",
            f"DTSTART;TZID={zone}:{_local(start, entry['from'], zone)}",
            f"DTEND;TZID={zone}:{_local(start, entry['until'], zone)}",
            f"SUMMARY:{_text(entry['summary'])}",
        ]
        if "location" in entry:
            lines.append(f"LOCATION:{_text(entry['location'])}")
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "\r\n".join(lines).encode() + b"\r\n"


def _local(start: datetime, minutes: int, zone: str) -> str:
    return (start + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)).strftime(STAMP)


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
