"""GPSLogger's custom URL, by the template that the enrolment page gives to paste."""

from .reading import Asked, Heard, Reading, accuracy, course, degrees, moment, number, share, word


def read(asked: Asked) -> Heard | None:
    found = asked.fields
    if found.get("app") != "gpslogger":
        return None
    lat, lon = degrees(found.get("lat"), found.get("lon"))
    return Heard(
        "gpslogger",
        [
            Reading(
                at=moment(found.get("time")),
                lat=lat,
                lon=lon,
                altitude=number(found.get("alt"), -12_000, 60_000),
                accuracy=accuracy(found.get("acc")),
                speed=number(found.get("spd"), 0, 1e4),
                course=course(found.get("dir")),
                battery=share(found.get("batt"), 100),
                activity=word(found.get("act")),
            )
        ],
        reply=b"",
    )
