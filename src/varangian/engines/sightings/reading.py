"""Rows as people write them become columns; a row that cannot be read is told and left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from varangian.kernel.geometry import valid_lat_lon

from .model import UNKNOWN, Sightings
from .plates import canonical

KINDS = {"vehicle": True, "person": False}
MOST_LOOKS = 8


@dataclass(frozen=True)
class Unread:
    row: int
    what: str
    mend: str


class _Bad(Exception):
    pass


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Sightings, list[Unread]]:
    """Fields of a row: ``id``, ``at`` (ISO 8601 with zone), ``lat``, ``lon``, ``kind`` (person,
    vehicle), ``plate``, ``looks`` (a mapping such as {"coat": "grey"}), ``odd`` (true, false or
    missing), ``beside`` (true, false or missing: was it made beside the principal). Rows count from
    1."""
    kept, unread = [], []
    for number, row in enumerate(rows, start=1):
        try:
            kept.append(_row(number, row))
        except _Bad as error:
            what, mend = error.args
            unread.append(Unread(number, what, mend))
    columns = list(zip(*kept, strict=True)) if kept else [()] * 9
    at, lat, lon, vehicle, plate, looks, odd, names, said = columns
    floats = (np.array(column, np.float64) for column in (at, lat, lon))
    return Sightings(
        *floats,
        vehicle=np.array(vehicle, bool),
        plate=np.array(plate, np.str_),
        looks=list(looks),
        odd=np.array(odd, np.int64),
        names=list(names),
        said=np.array(said, np.int64),
    ), unread


def _row(number: int, row: Mapping[str, Any]) -> tuple[Any, ...]:
    lat, lon = row.get("lat"), row.get("lon")
    if not valid_lat_lon(lat, lon):
        raise _Bad(f"No place on earth: {lat!r}, {lon!r}", "lat -90 to 90 and lon -180 to 180.")
    kind = str(row.get("kind", ""))
    if kind not in KINDS:
        raise _Bad(f"Neither person nor vehicle: {kind!r}", "kind: person or vehicle.")
    looks = _looks(row.get("looks") or {})
    plate = canonical(str(row.get("plate") or ""))
    if not plate and not looks:
        raise _Bad("Nothing that tells it from others", "A plate, or words of a description.")
    odd, said = (_flag(row.get(key)) for key in ("odd", "beside"))
    name = str(row.get("id") or number)
    return _when(row.get("at")), lat, lon, KINDS[kind], plate, looks, odd, name, said


def _flag(given: Any) -> int:
    return UNKNOWN if given is None else int(bool(given))


def _when(given: Any) -> float:
    mend = "ISO 8601 with its zone, such as 2027-03-01T08:15:00+02:00."
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise _Bad(f"No time: {given!r}", mend) from None
    if moment.tzinfo is None:
        raise _Bad(f"A time without a zone: {given!r}", mend)
    return moment.timestamp()


def _looks(given: Any) -> frozenset[str]:
    if not isinstance(given, Mapping):
        raise _Bad("The description is not a mapping", 'looks: {"coat": "grey", "bag": "red"}.')
    words = {
        f"{str(name).strip().lower()}:{str(value).strip().lower()}"
        for name, value in given.items()
        if str(value).strip()
    }
    return frozenset(sorted(words)[:MOST_LOOKS])
