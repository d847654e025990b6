"""GDACS RSS: natural disasters with a humanitarian alert level.

A GDACS file gives the state of each event. ``action`` is ``new`` for its first episode and version
and ``update`` after (an earthquake's episode id is a serial, no count); whoever stores reports keys
them by ``native_id``, event type and event id. ``gdacs:bbox`` (lonmin lonmax latmin latmax) frames
the map, it is not the area affected: it goes to ``extent``. ``gdacs:todate`` of a current event
says how far the record goes, not when it ends: ``expires`` is taken only of events that are over.
"""

from lxml import etree

from varangian.intelligence.feeds import values
from varangian.intelligence.feeds.files import Opened, open_xml
from varangian.intelligence.feeds.records import (
    Band,
    Geometry,
    HazardReport,
    Kind,
    Note,
    Unusable,
)
from varangian.kernel.geometry import BoundingBox

NAMESPACE = "http://www.gdacs.org"
TAGS = ["item"]
KINDS: dict[str, Kind] = {
    "EQ": "earthquake",
    "TC": "cyclone",
    "FL": "flood",
    "VO": "volcano",
    "DR": "drought",
    "WF": "wildfire",
}
BANDS: dict[str, Band] = {"green": "green", "orange": "amber", "red": "red"}
_G = f"{{{NAMESPACE}}}"
_GEO = "{http://www.w3.org/2003/01/geo/wgs84_pos#}"
_GEORSS = "{http://www.georss.org/georss}"


def opened(content: str) -> Opened:
    return open_xml(content, TAGS)


def reports(item: etree._Element, note: Note) -> list[HazardReport]:
    def word(name: str) -> str:
        return values.text(item.findtext(name))

    event_type, event_id = word(_G + "eventtype").upper(), values.identifier(word(_G + "eventid"))
    if not event_type or not event_id:
        raise Unusable("The item has no gdacs:eventtype or gdacs:eventid", "It cannot be tracked.")
    kind = KINDS.get(event_type, "other")
    episode, version = word(_G + "episodeid"), word(_G + "version")
    steps = "" if kind == "earthquake" else episode
    onset = values.when(word(_G + "fromdate"), "from", note)
    until = values.when(word(_G + "todate"), "to", note)
    over = word(_G + "iscurrent").lower() == "false" and kind != "earthquake"
    modified = word(_G + "datemodified") or word("pubDate")
    level = word(_G + "alertlevel")
    if level and level.lower() not in BANDS:
        note(f"Alert level {level[:40]!r} is not one we know; band left unknown", "")
    severity = item.find(_G + "severity")
    magnitude = severity.get("value") if severity is not None and kind == "earthquake" else None
    return [
        HazardReport(
            source="gdacs",
            native_id=event_type + event_id,
            group_id=event_type + event_id,
            version=f"{episode}.{version}".strip("."),
            updated_at=values.when(modified, "modified", note),
            kind=kind,
            title=word("title") or f"{kind} {event_id}",
            summary=word("description"),
            severity=level,
            band=BANDS.get(level.lower(), "unknown"),
            action="update" if max(_ordinal(version), _ordinal(steps)) > 1 else "new",
            onset=onset,
            expires=values.ordered(onset, until, note) if over else None,
            geometry=Geometry(point=_point(item, note)),
            extent=_extent(word(_G + "bbox"), note),
            area_words=word(_G + "country"),
            magnitude=values.number(magnitude),
            countries=tuple(code.upper() for code in word(_G + "iso3").replace(",", " ").split()),
            link=values.web_link(word("link")),
            raw=etree.tostring(item, encoding="utf-8", with_tail=False),
        )
    ]


def _ordinal(word: str) -> float:
    return values.number(word) or 0.0


def _point(item: etree._Element, note: Note) -> tuple[float, float] | None:
    pair = values.text(item.findtext(_GEORSS + "point")).split()
    if len(pair) != 2:
        lat = item.findtext(f"{_GEO}Point/{_GEO}lat")
        lon = item.findtext(f"{_GEO}Point/{_GEO}long")
        if lat is None and lon is None:
            return None
        pair = [values.text(lat), values.text(lon)]
    return values.point(pair[0], pair[1], note)


def _extent(words: str, note: Note) -> BoundingBox | None:
    if not words:
        return None
    found = [values.number(word) for word in words.replace(",", " ").split()]
    numbers = [value for value in found if value is not None]
    if len(found) != 4 or len(numbers) != 4:
        note(f"The bounding box {words[:80]!r} is not four numbers; left out", "")
        return None
    west, east, south, north = numbers
    if min(west, east) < -540 or max(west, east) > 540 or east - west > 360:
        note(f"The bounding box {words[:80]!r} is impossible; left out", "")
        return None
    south, north = max(south, -90.0), min(north, 90.0)
    if south > north:
        note(f"The bounding box {words[:80]!r} is impossible; left out", "")
        return None
    if east - west < 360:
        west, east = (west + 180) % 360 - 180, (east + 180) % 360 - 180
    else:
        west, east = -180.0, 180.0
    return BoundingBox(west, south, east, north)
