"""Coordinates that stand in a text: decimal, degrees and minutes, geo: URI, links to maps."""

import re

from varangian.kernel.geometry import LatLon, valid_lat_lon

NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
LINKS = (
    re.compile(rf"!3d{NUMBER}!4d{NUMBER}"),
    re.compile(rf"geo:{NUMBER},{NUMBER}", re.I),
    re.compile(rf"@{NUMBER},{NUMBER}(?:,\d|\b)"),
    re.compile(
        rf"[?&](?:q|ll|sll|query|daddr|destination|center|cp|loc|place)=(?:loc:)?"
        rf"{NUMBER}(?:,|%2C|~){NUMBER}",
        re.I,
    ),
    re.compile(rf"[?&]mlat={NUMBER}&(?:amp;)?mlon={NUMBER}"),
    re.compile(rf"#map=\d+(?:\.\d+)?/{NUMBER}/{NUMBER}"),
)
HEMISPHERES = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*°?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''|′′)\s*)?([NS])\b[\s,;/]*"
    r"(\d{1,3}(?:\.\d+)?)\s*°?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''|′′)\s*)?([EWO])\b"
)
PREFIXED = re.compile(
    r"\b([NS])\s*(\d{1,2}(?:\.\d+)?)°?\s*(?:(\d{1,2}(?:\.\d+)?)['′]?)?[\s,;/]+"
    r"([EW])\s*(\d{1,3}(?:\.\d+)?)°?\s*(?:(\d{1,2}(?:\.\d+)?)['′]?)?"
)
PAIR = re.compile(r"(?<![\d.,-])(-?\d{1,2}\.\d{2,})°?\s*[,; ]\s*(-?\d{1,3}\.\d{2,})°?(?![\d.])")


def find_coordinates(text: str) -> LatLon | None:
    """The first coordinates in the text, in degrees. A pair out of range is none."""
    for pattern in LINKS:
        if match := pattern.search(text):
            return _valid(float(match[1]), float(match[2]))
    if match := HEMISPHERES.search(text):
        lat = _degrees(match[1], match[2], match[3], match[4])
        return _valid(lat, _degrees(match[5], match[6], match[7], match[8]))
    if match := PREFIXED.search(text):
        lat = _degrees(match[2], match[3], None, match[1])
        return _valid(lat, _degrees(match[5], match[6], None, match[4]))
    if match := PAIR.search(text):
        whole = match[0].strip() == text.strip()
        if whole or min(len(match[1].split(".")[1]), len(match[2].split(".")[1])) >= 3:
            return _valid(float(match[1]), float(match[2]))
    return None


def without_coordinates(text: str) -> str:
    """What the text says beside the numbers: the name of the place, or all of it."""
    for pattern in (HEMISPHERES, PREFIXED, PAIR):
        if match := pattern.search(text):
            rest = f"{text[: match.start()]} {text[match.end() :]}".strip(" ,;/()-@")
            return " ".join(rest.split()) or text
    return text


def _degrees(degrees: str, minutes: str | None, seconds: str | None, side: str) -> float:
    value = float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    return -value if side in "SW" else value


def _valid(lat: float, lon: float) -> LatLon | None:
    return (lat, lon) if valid_lat_lon(lat, lon) else None
