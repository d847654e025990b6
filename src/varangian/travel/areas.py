"""Positions and closed areas as people write them: on a map, in a form, at the console."""

from typing import Any

from varangian.kernel.geometry import circle_ring, valid_lat_lon
from varangian.kernel.results import Refused

LEAST_M, MOST_M = 10, 20_000
CORNERS = 24
MOST_CORNERS = 200


def position(text: str, where: str = "position") -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        raise Refused("This is no position", where, "Such as 60.1699, 24.9384.") from None
    if not valid_lat_lon(lat, lon):
        raise Refused("This position is not on the earth", where, "Latitude first.")
    return lat, lon


def said(at: Any) -> str:
    return f"{at[0]:.6f}, {at[1]:.6f}"


def circle(middle: tuple[float, float], metres: float) -> dict[str, Any]:
    if not LEAST_M <= metres <= MOST_M:
        raise Refused(
            f"A closed area reaches {LEAST_M} m to {MOST_M // 1000} km", "radius", f"{metres:g} m"
        )
    return _polygon(circle_ring(middle, metres / 1000, CORNERS))


def outline(text: str) -> dict[str, Any]:
    """One corner a line."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not 3 <= len(lines) <= MOST_CORNERS:
        raise Refused("An outline has 3 corners or more", "corners", f"There are {len(lines)}.")
    return _polygon([position(line, f"line {n}") for n, line in enumerate(lines, 1)])


def _polygon(corners: list[tuple[float, float]]) -> dict[str, Any]:
    ring = [[round(lon, 6), round(lat, 6)] for lat, lon in corners]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    return {"type": "Polygon", "coordinates": [ring]}
