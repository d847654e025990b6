"""Texts of places to points on the map, offline, and never by a silent guess."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, cast

from varangian.kernel.geometry import LatLon, haversine_km, valid_lat_lon
from varangian.places.coordinates import find_coordinates
from varangian.places.gazetteer_data import (
    Airport,
    City,
    airport_words,
    airports,
    cities_named,
    countries,
    fold,
    full_list,
    us_states,
)

type Precision = Literal["exact", "airport", "city", "country-less", "ambiguous", "unlocated"]
type Found = Airport | City

SMALLER_LIST = "from the smaller list of cities: the point is that of its airports"
DOMINANCE = 10  # how many times larger the first of several namesakes must be
NEAR_KM = 150.0
SERVES_KM = 60.0
CODE_BESIDE = re.compile(r"[(\[]?\b([A-Z]{3,4})\b[)\]]?")
CODE_WITH_AREA = re.compile(
    r"([A-Z]{3})(?:[\s,-]+(?:T\d|Terminal\s*\w*|Airport|Gate\s*\w*|Arrivals?|Departures?|FBO))+",
    re.I,
)
AIRPORT_SIGN = re.compile(
    r"\b(airport|aerodrome|airfield|a[ée]roport|aeropuerto|aeroporto|flughafen|lentoasema"
    r"|lentokenttä|lufthavn|flygplats|lotnisko)\b",
    re.I,
)
LODGING = re.compile(
    r"\b(hotel|hotelli|inn|suites|lounge|residence|apartments?|hilton|sheraton|marriott"
    r"|radisson|hyatt|ibis|novotel|sofitel|mercure)\b",
    re.I,
)
_NO_NAMES_TEXT = """
    airport hotel home office residence station venue apartment house flat school church club
    restaurant bar embassy headquarters hq reception lobby gate terminal city centre center
    downtown airfield harbour port
"""
NO_NAMES = frozenset(_NO_NAMES_TEXT.split())
TERMINAL = re.compile(r"[,\s-]*\b(?:terminal|gate|hall)\s*\w{1,3}$|[,\s-]*\bT\d$", re.I)


@dataclass(frozen=True, slots=True)
class Candidate:
    name: str
    country: str
    lat: float
    lon: float
    admin: str = ""
    code: str = ""
    population: int = 0


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a text is. ``point`` is None for "ambiguous" and "unlocated".

    Precision: "exact" coordinates; "airport"; "city" with its country confirmed or its name
    unique; "country-less" a city chosen only because it dwarfs its namesakes; "ambiguous" several
    ``candidates``; "unlocated" with ``city_hint``, which is no location.
    """

    name: str
    precision: Precision
    point: LatLon | None = None
    country: str = ""
    tz: str = ""
    code: str = ""
    candidates: tuple[Candidate, ...] = ()
    city_hint: str = ""
    reasons: tuple[str, ...] = field(default=())

    @property
    def located(self) -> bool:
        return self.point is not None


def resolve(
    text: str,
    geo: LatLon | None = None,
    near: LatLon | None = None,
    country: str | None = None,
) -> Resolution | None:
    """Resolution of a text, or None when nothing in it is known.

    ``geo`` is what the source itself gave and wins; ``near`` (lat, lon) and ``country``
    (ISO 3166 alpha-2) only choose between namesakes.
    """
    text = " ".join(text.split())[:1000]
    if geo is not None and valid_lat_lon(*geo) and tuple(geo) != (0, 0):
        return Resolution(text, "exact", (geo[0], geo[1]), reasons=("coordinates of the source",))
    folded = fold(text).removeprefix("the ")
    if not folded or folded in NO_NAMES or folded in countries():
        return None
    point = tuple(near) if near is not None else None
    return _resolve(text, point, country.upper() if country else None)


@lru_cache(maxsize=8192)
def _resolve(text: str, near: LatLon | None, country: str | None) -> Resolution | None:
    if point := find_coordinates(text):
        return Resolution(text, "exact", point, reasons=("coordinates in the text",))
    if re.match(r"https?://", text, re.I):
        return None
    return (
        _by_code(text)
        or _by_airport_name(text, near, country)
        or _by_city(text, near, country)
        or _hint(text, near, country)
    )


def _by_code(text: str) -> Resolution | None:
    """ "HEL", "EFHK", "MUC Terminal 2", or a code in brackets beside a name that agrees with it."""
    area = CODE_WITH_AREA.fullmatch(text)
    bare = area[1] if area and area[1].isupper() else text
    if re.fullmatch(r"[A-Z]{3,4}", bare) and fold(bare) not in countries():
        airport = airports().coded(bare)
        return _airport(airport, f"airport code {bare}") if airport else None
    if LODGING.search(text):
        return None
    for match in CODE_BESIDE.finditer(text):
        airport = airports().coded(match[1])
        others = airport_words(text.replace(match[0], " "))
        if airport and others & airport_words(f"{airport.name} {airport.city}"):
            return _airport(airport, f"airport code {match[1]} beside its name")
    return None


def _by_airport_name(text: str, near: LatLon | None, country: str | None) -> Resolution | None:
    text, named_country = _split_country(TERMINAL.sub("", text))
    wanted = airport_words(text)
    if not wanted or LODGING.search(text):
        return None
    if not AIRPORT_SIGN.search(text):
        # "Heathrow" alone: part of the name of one airport, and of no city
        found = [a for a in airports().named(text) if wanted - airport_words(a.city)]
        if cities_named(text) or len(found) != 1 or max(map(len, wanted)) < 5:
            return None
        return _airport(found[0], "name of the airport")
    city = next(iter(cities_named(AIRPORT_SIGN.sub(" ", text).strip())), None)
    spellings = [wanted, *([airport_words(city.name)] if city else [])]
    found = [a for words in spellings for a in airports().named(" ".join(words))]
    exact = [
        a
        for a in dict.fromkeys(found)
        if airport_words(a.name) in spellings or airport_words(a.city) in spellings
    ]
    # "Munich Airport" is the one called so at the city itself; "London Airport" is in Ontario
    own = [a for a in exact if city and airport_words(a.name) in spellings and _serves(a, city)]
    pool = own if len(own) == 1 else exact or found
    chosen = _choose(pool, near, named_country or country)
    if chosen is None:
        return _ambiguous(text, pool) if pool else None
    return _airport(cast(Airport, chosen), "name of the airport")


def _serves(airport: Airport, city: City) -> bool:
    return haversine_km((airport.lat, airport.lon), (city.lat, city.lon)) <= SERVES_KM


def _by_city(text: str, near: LatLon | None, country: str | None) -> Resolution | None:
    name, admin, named_country = _city_parts(text)
    found = [c for c in cities_named(name) if not admin or (c.country, c.admin) == ("US", admin)]
    if admin:
        found = [c for c in found if fold(c.name) == fold(name)] or found
    if not found or fold(name) in NO_NAMES:
        return None
    confirmed = named_country or country
    if confirmed:
        found = [city for city in found if city.country == confirmed] or (
            [] if named_country else found
        )
    if not found:
        return None
    chosen = _choose(found, near, confirmed)
    if isinstance(chosen, City):
        return _city(chosen, "city", "only city of that name" if not near else "city near by")
    largest = found[0]
    if largest.population and largest.population >= DOMINANCE * found[1].population:
        how = f"{largest.population // max(found[1].population, 1)} times larger than the next"
        sure = any(city.country == confirmed for city in found)
        return _city(largest, "city" if sure else "country-less", how)
    return _ambiguous(name, found)


def _choose(found: list, near: LatLon | None, country: str | None) -> Found | None:
    """The only one, the only one in the country, or the only one near; else nobody."""
    pool: list[Found] = [f for f in found if f.country == country] if country else list(found)
    pool = pool or list(found)
    if len(pool) == 1:
        return pool[0]
    close = [f for f in pool if near and haversine_km(near, (f.lat, f.lon)) <= NEAR_KM]
    return close[0] if len(close) == 1 else None


def _split_country(text: str) -> tuple[str, str | None]:
    head, comma, tail = text.rpartition(",")
    code = countries().get(fold(tail)) if comma else None
    return (head.strip(), code) if code else (text, None)


def _city_parts(text: str) -> tuple[str, str, str | None]:
    """(name, US state, country) of "Paris, Texas, USA", "Cambridge MA", "Helsinki, Finland"."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    country = admin = None
    if len(parts) > 1 and len(parts) <= 4:
        last = fold(parts[-1])
        if last in us_states() and last not in ("georgia",):
            admin, country = us_states()[last], "US"
            parts.pop()
        elif last in countries():
            country = countries()[last]
            parts.pop()
        if country == "US" and len(parts) > 1 and fold(parts[-1]) in us_states():
            admin = us_states()[fold(parts.pop())]
    elif (match := re.fullmatch(r"(.+) ([A-Z]{2})", text)) and match[2].lower() in us_states():
        return match[1], match[2], "US"
    return ", ".join(parts), admin or "", country


def _hint(text: str, near: LatLon | None, country: str | None) -> Resolution | None:
    """An address or the name of a house stays unlocated; the city in it helps to search."""
    whole, named_country = _split_country(text)
    for part in reversed(whole.split(",")):
        name = re.sub(r"\b[A-Z]{0,2}-?\d[\w-]*", " ", part).strip()
        words = name.split()
        spans = [words[i:j] for i in range(len(words)) for j in range(len(words), i, -1)]
        for span in spans if len(words) <= 8 else []:
            if not span[0][:1].isupper() or len(span[0]) < 3:
                continue
            city = _by_city(" ".join(span), near, named_country or country)
            if city and (city.precision == "city" or city.precision == "country-less"):
                found = replace(city, name=text, precision="unlocated", point=None, tz="", code="")
                reason = f'names the city "{city.name}", which is no location'
                return replace(found, city_hint=city.name, reasons=(reason,))
    return None


def _airport(airport: Airport, reason: str) -> Resolution:
    code = airport.iata or airport.icao
    point = (airport.lat, airport.lon)
    country, tz = airport.country, airport.tz
    return Resolution(airport.name, "airport", point, country, tz, code, reasons=(reason,))


def _city(city: City, precision: Precision, reason: str) -> Resolution:
    point = (city.lat, city.lon)
    reasons = (reason,) if full_list() else (reason, SMALLER_LIST)
    return Resolution(city.name, precision, point, city.country, city.tz, reasons=reasons)


def _ambiguous(text: str, found: list) -> Resolution:
    candidates = tuple(
        Candidate(f.name, f.country, f.lat, f.lon, f.admin, "", f.population)
        if isinstance(f, City)
        else Candidate(f.name, f.country, f.lat, f.lon, f.city, f.iata)
        for f in found[:12]
    )
    reason = f"{len(found)} places have this name"
    return Resolution(text, "ambiguous", candidates=candidates, reasons=(reason,))


def same_airport(a: str, b: str) -> bool:
    """Whether two texts surely mean one airport, as "HEL" and "Helsinki Airport" do."""
    first, second = resolve(a), resolve(b)
    if first is None or second is None:
        return False
    return first.precision == "airport" == second.precision and first.code == second.code
