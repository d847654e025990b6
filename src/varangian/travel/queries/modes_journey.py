"""What the records say of one journey: distance, light, places near both ends, legs of the plan."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.geometry import LatLon, haversine_km
from varangian.kernel.sun import sun_times
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement
from varangian.places import queries as places
from varangian.places.gazetteer_data import airports
from varangian.places.models import Place
from varangian.places.queries import surveys
from varangian.platform.access.scope import Actor

from ..dossier.ground import near as airports_near
from ..models import ModeComparison
from ..modes.library import Span, modes
from ..modes.stages import road_span
from ..modes.values import Hub, Journey, Told
from ..modes.way import off_line_km

AIRPORT_KM, HUB_KM, ON_WAY_KM, HAVEN_KM = 120, 40, 60, 5
SAME_KM = 30
SAME_DAY = timedelta(hours=36)
HUBS = {"fbo": Place.Kind.FBO, "station": Place.Kind.STATION, "airport": Place.Kind.AIRPORT}
WORDS_OF_SITE = {"helipad": ("heli", "landing"), "berth": ("berth", "quay", "pier", "marina")}
SURVEYED = {
    "crowd": "crowd", "armed_policy": "weapons",
    "spotters": "predictable", "aircraft_guard": "vehicle", "screening": "luggage",
}  # fmt: skip
"""Facts of the survey of an airport or private terminal, by the line they speak to."""
BY_KIND = {"flight": "flight", "train": "rail", "road": "car", "foot": "foot"}


def journey_of(actor: Actor, row: ModeComparison, told: dict[str, dict[str, Told]]) -> Journey:
    ends = [_at(row.origin), _at(row.destination)]
    first, last = ends
    known = _known(actor, row)
    if first is None or last is None:
        return Journey(km=None, party=row.party, told=told)
    light, light_words = _light(row, ends)
    km = haversine_km(first, last)
    road_km, road_from = _road_km(row)
    return Journey(
        km=km, party=row.party, road_km=road_km, road_from=road_from, light=light,
        light_words=light_words, hubs=_hubs(actor, known, (first, last)),
        trauma=(_trauma(known, first), _trauma(known, last)), havens=_havens(known, first, last),
        airports_on_way=_airports_on_way(first, last),
        booked=_booked(actor, row, first, last), told=told,
    )  # fmt: skip


def _at(place: Place) -> LatLon | None:
    if not place.located:
        return None
    lat, lon = place.position
    return lat, lon


def _known(actor: Actor, row: ModeComparison) -> list[Place]:
    circles = (row.compartment_id, row.operation.engagement.compartment_id)
    found = places.places(actor).filter(compartment_id__in=circles)
    return [place for place in found if place.located]


def _light(row: ModeComparison, ends: Sequence[LatLon | None]) -> tuple[str, str]:
    if row.starts is None or ends[0] is None:
        return "", ""
    sun = sun_times(ends[0], row.starts.date())
    if sun.rises is None or sun.sets is None:
        return ("day" if sun.kind == "polar day" else "night"), sun.kind
    day = sun.rises <= row.starts <= sun.sets
    words = f"Sun from {sun.rises:%H:%M} to {sun.sets:%H:%M} UTC at the start"
    return ("day" if day else "night"), words


def _road_km(row: ModeComparison) -> tuple[float | None, str]:
    found = row.movement.details.get("distance_km") if row.movement else None
    if isinstance(found, int | float) and found > 0:
        return float(found), "the leg of the plan"
    return None, ""


def _hubs(
    actor: Actor, known: Sequence[Place], ends: tuple[LatLon, LatLon]
) -> dict[str, tuple[list[Hub], list[Hub]]]:
    found: dict[str, tuple[list[Hub], list[Hub]]] = {}
    facts = _facts(actor, known)
    for hub in ("airport", "fbo", "station", "helipad", "berth"):
        rows = [place for place in known if _is(place, hub)]
        both = [_near(rows, facts, end, hub) for end in ends]
        found[hub] = (both[0], both[1])
    return found


def _is(place: Place, hub: str) -> bool:
    if hub in WORDS_OF_SITE:
        return any(word in place.name.casefold() for word in WORDS_OF_SITE[hub])
    return place.kind == HUBS[hub]


def _near(
    rows: Sequence[Place], facts: dict[Any, dict[str, str]], end: LatLon, hub: str
) -> list[Hub]:
    """Places of the house first; for an airport else the list of airports, and its codes."""
    own = [
        Hub(place.name, km, "a place on record", facts.get(place.pk, {}))
        for place in rows
        if (km := haversine_km(end, _at(place) or end)) <= (
            AIRPORT_KM if hub in ("airport", "fbo") else HUB_KM)
    ]  # fmt: skip
    own.sort(key=lambda one: one.km)
    if own or hub not in ("airport", "fbo"):
        return own
    listed = airports_near(end, AIRPORT_KM)[:3]
    return [Hub(f"{one.iata} {one.name}", km, "list of airports", {}) for km, one in listed]


def _facts(actor: Actor, known: Sequence[Place]) -> dict[Any, dict[str, str]]:
    """What surveys say in date and undisputed, by the line of the comparison."""
    asked = [place for place in known if place.kind in (Place.Kind.AIRPORT, Place.Kind.FBO)]
    found: dict[Any, dict[str, str]] = {}
    for pk, view in surveys.surveys(actor, asked).items():
        rows = [fact for part in view.sections for fact in part.facts]
        found[pk] = {
            SURVEYED[fact.rule.id]: f"{fact.words} (survey, {fact.standing.words})"
            for fact in rows
            if fact.rule.id in SURVEYED and fact.standing.good and fact.words
        }
    return found


def _trauma(known: Sequence[Place], end: LatLon) -> tuple[str, Span] | None:
    rows = [place for place in known if place.kind == Place.Kind.TRAUMA_CENTRE]
    near = [(haversine_km(end, at), place) for place in rows if (at := _at(place))]
    if not near:
        return None
    km, place = min(near, key=lambda row: row[0])
    return place.name, road_span(modes(), km)


def _havens(known: Sequence[Place], first: LatLon, last: LatLon) -> str:
    rows = [place for place in known if place.kind == Place.Kind.SAFE_HAVEN]
    near = [
        place.name
        for place in rows
        if (at := _at(place)) and off_line_km(first, last, at) <= HAVEN_KM
    ]
    return f"{len(near)} within {HAVEN_KM} km of the line: {', '.join(near[:4])}" if near else ""


@lru_cache(maxsize=128)
def _airports_on_way(first: LatLon, last: LatLon) -> str:
    codes = [
        one.iata
        for one in airports().with_iata()
        if off_line_km(first, last, (one.lat, one.lon)) <= ON_WAY_KM
    ]
    if not codes:
        return f"No airport with a passenger code within {ON_WAY_KM} km of the line"
    more = f" and {len(codes) - 6} more" if len(codes) > 6 else ""
    count = f"{len(codes)} airport{'s' if len(codes) > 1 else ''}"
    return f"{count} within {ON_WAY_KM} km of the line: {', '.join(codes[:6])}{more}"


def _booked(
    actor: Actor, row: ModeComparison, first: LatLon, last: LatLon
) -> dict[str, tuple[str, Span]]:
    """Legs of the plan between the same two towns, about that time."""
    found: dict[str, tuple[str, Span]] = {}
    about = row.starts or now()
    legs = operation_queries.movements(actor, row.operation).exclude(state="cancelled")
    for leg in legs.select_related("origin", "destination"):
        mode = BY_KIND.get(leg.kind)
        if mode is None or not leg.starts or not leg.ends or leg.implied:
            continue
        if abs(leg.starts - about) <= SAME_DAY and _between(leg, first, last):
            minutes = (leg.ends - leg.starts).total_seconds() / 60
            found.setdefault(mode, (f"leg {leg.serial}, {leg.title}", (minutes, minutes)))
    return found


def _between(leg: Movement, first: LatLon, last: LatLon) -> bool:
    ends = [_at(place) if place else None for place in (leg.origin, leg.destination)]
    if ends[0] is None or ends[1] is None:
        return False
    return haversine_km(ends[0], first) <= SAME_KM and haversine_km(ends[1], last) <= SAME_KM
