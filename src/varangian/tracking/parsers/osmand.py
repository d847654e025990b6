"""The OsmAnd protocol of Traccar, as query or form: OsmAnd, older Traccar Client, many others.

The protocol has speed in knots; OsmAnd itself sends metres per second, so our template for it
says ``speed_mps``. ``alarm=sos`` is a call for help.
"""

from .reading import (
    KNOT,
    Asked,
    Heard,
    Reading,
    Unreadable,
    accuracy,
    course,
    degrees,
    moment,
    number,
    scaled,
    share,
    word,
)

METRES_PER_HDOP = 5.0


def read(asked: Asked) -> Heard | None:
    """A call for help is heard whatever else of it cannot be read."""
    found = asked.fields
    both = found.get("location", "").split(",")
    lat, lon = both if len(both) == 2 else (found.get("lat"), found.get("lon"))
    sos = found.get("alarm", "").lower() == "sos"
    if lat is None or lon is None:
        return Heard("osmand", reply=b"", sos=True) if sos else None
    try:
        return Heard("osmand", [_reading(found, lat, lon, sos)], reply=b"")
    except Unreadable:
        if not sos:
            raise
    return Heard("osmand", reply=b"", sos=True)


def _reading(found: dict[str, str], lat: str, lon: str, sos: bool) -> Reading:
    place = degrees(lat, lon)
    speed = scaled(found.get("speed"), KNOT)
    hdop = scaled(found.get("hdop"), METRES_PER_HDOP)
    exact = accuracy(found.get("accuracy"))
    return Reading(
        at=moment(found.get("timestamp")),
        lat=place[0],
        lon=place[1],
        altitude=number(found.get("altitude"), -12_000, 60_000),
        accuracy=hdop if exact is None else exact,
        speed=number(found.get("speed_mps"), 0, 1e4) if "speed_mps" in found else speed,
        course=course(found.get("bearing", found.get("heading"))),
        battery=share(found.get("batt"), 100),
        activity=word(found.get("activity")),
        trigger=word(found.get("event")),
        sos=sos,
    )
