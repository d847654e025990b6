"""GDACS RSS. The order of ``gdacs:bbox`` is west, east, south, north."""

from lxml import etree

from varangian.kernel.geometry import BoundingBox, LatLon, valid_lat_lon

from . import values
from .names import by_code, by_name
from .notice import Hazard, HazardKind, ReadFile

SOURCE = "gdacs"
NAMESPACE = "http://www.gdacs.org"
KINDS: dict[str, HazardKind] = {
    "EQ": "earthquake",
    "TC": "cyclone",
    "FL": "flood",
    "VO": "volcano",
    "DR": "drought",
    "WF": "wildfire",
}
LEVELS = {"green": 1, "orange": 3, "red": 4}
_G = f"{{{NAMESPACE}}}"
_GEO = "{http://www.w3.org/2003/01/geo/wgs84_pos#}"
_GEORSS = "{http://www.georss.org/georss}"


def read(root: etree._Element, fault: str) -> ReadFile:
    found = ReadFile(SOURCE)
    for number, item in enumerate(root.iter("item"), start=1):
        _take(found, number, item)
    if fault:
        found.problem("file", f"It breaks off: {fault}", "Fetch it again; what was whole is taken.")
    return found


def _take(found: ReadFile, number: int, item: etree._Element) -> None:
    def word(name: str) -> str:
        return values.text(item.findtext(name), 500)

    kind, event = word(f"{_G}eventtype").upper(), word(f"{_G}eventid")
    title = word("title")
    if not kind or not event:
        found.problem(title or f"item {number}", "It has no event type or id", "It is left out.")
        return
    level = LEVELS.get(word(f"{_G}alertlevel").lower())
    if level is None:
        found.problem(title, "Its alert level is not one we know", "Shown as unknown.")
    codes = [by_code(code) for code in word(f"{_G}iso3").replace(",", " ").split()]
    area = word(f"{_G}country")
    over = word(f"{_G}iscurrent").lower() == "false"
    found.hazards.append(
        Hazard(
            source=SOURCE,
            native_id=f"{kind}{event}",
            kind=KINDS.get(kind, "other"),
            level=level,
            title=title or f"{KINDS.get(kind, 'event')} {event}",
            digest=values.digest(etree.tostring(item, encoding="utf-8", with_tail=False)),
            point=_point(item),
            box=_box(found, title, word(f"{_G}bbox")),
            countries=tuple(dict.fromkeys(code for code in codes if code)) or by_name(area),
            area=area,
            starts=values.when(word(f"{_G}fromdate")),
            ends=values.when(word(f"{_G}todate")) if over else None,
            published=values.when(word(f"{_G}datemodified") or word("pubDate")),
            link=values.link(item.findtext("link")),
        )
    )


def _point(item: etree._Element) -> LatLon | None:
    pair = values.text(item.findtext(f"{_GEORSS}point")).split()
    if len(pair) != 2:
        at = f"{_GEO}Point/{_GEO}"
        pair = [item.findtext(f"{at}lat") or "", item.findtext(f"{at}long") or ""]
    lat, lon = values.number(pair[0]), values.number(pair[1])
    return (lat, lon) if lat is not None and lon is not None and valid_lat_lon(lat, lon) else None


def _box(found: ReadFile, title: str, words: str) -> BoundingBox | None:
    if not words:
        return None
    sides = [values.number(word) for word in words.replace(",", " ").split()]
    west, east, south, north = (sides + [None] * 4)[:4]
    if (
        len(sides) != 4
        or west is None
        or east is None
        or south is None
        or north is None
        or not (valid_lat_lon(south, 0) and valid_lat_lon(north, 0) and south <= north)
        or max(abs(west), abs(east)) > 540
    ):
        found.problem(title, f"Its box {words[:60]!r} is impossible", "The box is left out.")
        return None
    whole = east - west >= 360
    home = (-180.0, 180.0) if whole else tuple((side + 180) % 360 - 180 for side in (west, east))
    return BoundingBox(home[0], south, home[1], north)
