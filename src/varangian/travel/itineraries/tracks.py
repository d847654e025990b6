"""Routes drawn on a map (GPX, KML) as planned road legs: from the first point to the last."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from varangian.kernel.geometry import LatLon, haversine_km, valid_lat_lon
from varangian.kernel.results import Refused

from .itinerary import ItineraryItem
from .reader import Reader

MOST_POINTS = 200_000
MOST_LINES = 500


@dataclass(slots=True)
class Line:
    """One track or route; a list of waypoints is a line as well."""

    name: str
    what: str
    points: list[LatLon] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""

    def add(self, lat: Any, lon: Any, name: str = "", at: str = "") -> bool:
        try:
            point = float(lat), float(lon)
        except (TypeError, ValueError):
            return False
        if not valid_lat_lon(*point) or len(self.points) >= MOST_POINTS:
            return False
        if name:
            self.names[len(self.points)] = name
        self.points.append(point)
        self.first, self.last = self.first or at, at or self.last
        return True


def read_tracks(data: bytes, reader: Reader) -> None:
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(data)
    except Exception as error:  # broken XML and forbidden entities
        words = str(error)[:120]
        raise Refused("This map file is broken", where=words, mend="Export it again.") from error
    gpx = _name(root) == "gpx"
    lines = list(_gpx(root, reader) if gpx else _kml(root, reader))
    drawn = [line for line in lines if line.what != "waypoints"]
    marks = next((line for line in lines if line.what == "waypoints"), None)
    if len(drawn) > MOST_LINES:
        reader.tell(f"More than {MOST_LINES} lines; the rest was left out.")
    for line in drawn[:MOST_LINES]:
        _leg(line, 0, len(line.points) - 1, reader)
    if marks and drawn:
        reader.tell(
            f"{len(marks.points)} single points beside the lines are no legs.",
            "They stay in the original.",
        )
    elif marks:
        for index in range(min(len(marks.points), MOST_LINES) - 1):
            _leg(marks, index, index + 1, reader)


def _leg(line: Line, start: int, goal: int, reader: Reader) -> None:
    whole = line.points[start : goal + 1]
    if len(whole) < 2:
        reader.tell(f"{line.what.capitalize()} {line.name!r} has fewer than two points.")
        return
    metres = sum(haversine_km(a, b) for a, b in pairwise(whole)) * 1000
    ends = [_spot(line, index) for index in (start, goal)]
    entire = goal - start > 1
    begins = reader.moment(line.first, "", "start") if entire and line.first else None
    lands = reader.moment(line.last, "", "end") if begins and line.last != line.first else None
    if begins and lands and lands.at <= begins.at:
        lands = None
    reader.add(
        ItineraryItem(
            uid="",
            title=line.name or f"{ends[0]} to {ends[1]}",
            start=begins.at if begins else None,
            end=lands.at if lands else None,
            zone=begins.zone if begins else reader.home,
            kind="road",
            end_known=lands is not None,
            origin=ends[0],
            destination=ends[1],
            description=f"{line.what.capitalize()} of {len(whole)} points, {metres / 1000:.1f} km",
            confidence="likely" if line.what != "waypoints" else "guess",
            reasons=[
                f"road: {line.what} of a map file",
                "times of the file" if begins else "the file gives no times",
            ],
        )
    )


def _spot(line: Line, index: int) -> str:
    lat, lon = line.points[index]
    return f"{line.names.get(index, '')} {lat:.6f}, {lon:.6f}".strip()


def _gpx(root: Any, reader: Reader) -> Iterator[Line]:
    for what, group, point in (("track", "trk", "trkpt"), ("route", "rte", "rtept")):
        for node in (one for one in root.iter() if _name(one) == group):
            line = Line(_own(node, "name"), what)
            _fill(line, [one for one in node.iter() if _name(one) == point], reader)
            yield line
    marks = Line("", "waypoints")
    _fill(marks, [one for one in root if _name(one) == "wpt"], reader)
    if marks.points:
        yield marks


def _fill(line: Line, points: list[Any], reader: Reader) -> None:
    bad = 0
    for one in points:
        at = _own(one, "time")
        bad += not line.add(one.get("lat"), one.get("lon"), _own(one, "name"), at)
    if bad:
        reader.tell(f"{bad} points of {line.name or line.what!r} are impossible or too many.")


def _kml(root: Any, reader: Reader) -> Iterator[Line]:
    marks = Line("", "waypoints")
    for node in (one for one in root.iter() if _name(one) == "Placemark"):
        name = _own(node, "name")
        for shape in node.iter():
            kind = _name(shape)
            if kind in ("LineString", "LinearRing"):
                yield _drawn(Line(name, "line"), _text(shape, "coordinates"), node, reader)
            elif kind == "Track":
                yield _recorded(Line(name, "track"), shape, reader)
            elif kind == "Point":
                lon, _, rest = _text(shape, "coordinates").partition(",")
                if not marks.add(rest.split(",")[0], lon, name):
                    reader.tell(f"The point {name!r} has no usable coordinates.")
    if marks.points:
        yield marks


def _drawn(line: Line, coordinates: str, node: Any, reader: Reader) -> Line:
    bad = 0
    for one in coordinates.split():
        lon, _, rest = one.partition(",")
        bad += not line.add(rest.split(",")[0], lon)
    line.first, line.last = _text(node, "begin"), _text(node, "end")
    if bad:
        reader.tell(f"{bad} points of {line.name or line.what!r} are impossible or too many.")
    return line


def _recorded(line: Line, shape: Any, reader: Reader) -> Line:
    times = [one.text or "" for one in shape if _name(one) == "when"]
    for index, one in enumerate(one for one in shape if _name(one) == "coord"):
        lon, lat, *_ = [*(one.text or "").split(), "", ""]
        line.add(lat, lon, at=times[index].strip() if index < len(times) else "")
    if not line.points:
        reader.tell(f"Track {line.name!r} has no usable points.")
    return line


def _name(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _own(node: Any, name: str) -> str:
    """Of the element itself, not of what lies in it."""
    found = next((one for one in node if _name(one) == name), None)
    return " ".join((found.text or "").split())[:200] if found is not None else ""


def _text(node: Any, name: str) -> str:
    found = next((one for one in node.iter() if _name(one) == name), None)
    return " ".join((found.text or "").split()) if found is not None else ""
