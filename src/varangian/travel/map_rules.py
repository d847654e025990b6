"""Names of maps, and what is said about their age."""

import re
from datetime import date
from pathlib import PurePath

from django.utils.text import slugify

OLD_DAYS, STALE_DAYS = 180, 730
LATEST = re.compile(r"[-_ ](latest|\d{6})$")


def map_name(given: str) -> str:
    """``baltimore-latest.osm.pbf`` is Baltimore; a name that a person chose stays as it is."""
    name = PurePath(given.strip()).name
    bare = re.sub(r"(\.osm)?(\.pbf|\.osm|\.bz2|\.gz)?$", "", name)
    if bare == name:
        return name[:120] or "Map"
    words = LATEST.sub("", bare).replace("_", " ").replace("-", " ").strip()
    return (words[:1].upper() + words[1:])[:120] or "Map"


def map_slug(name: str) -> str:
    return slugify(name)[:60] or "map"


def age_words(data_date: date | None, today: date) -> str:
    if data_date is None:
        return "age unknown"
    days = max((today - data_date).days, 0)
    if days < 60:
        return f"{days} days old"
    return f"{days // 30} months old" if days < STALE_DAYS else f"{days // 365} years old"


def age_tone(data_date: date | None, today: date) -> str:
    """Never green by default: a road may have changed yesterday."""
    if data_date is None:
        return "grey"
    days = (today - data_date).days
    return "red" if days > STALE_DAYS else "amber" if days > OLD_DAYS else "green"
