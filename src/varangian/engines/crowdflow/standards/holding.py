"""How many the floor holds, zone by zone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import floor

import shapely

from varangian.engines.crowdflow.standards.figures import Rules
from varangian.engines.crowdflow.venue.floor import Floor
from varangian.engines.crowdflow.venue.model import Item, Venue

NOBODY = ("circulation", "backstage")


@dataclass(frozen=True)
class Held:
    zone: str
    level: int
    use: str
    m2: float
    people: int
    how: str


def held(
    venue: Venue, ground: list[Floor], rules: Rules, leave: Callable[[list[Item]], int]
) -> tuple[list[Held], list[str]]:
    """``leave`` says how many can get off a level by the ways given."""
    opened, notes = {f.level: f.open for f in ground}, []
    zones = [z for z in venue.of("zone") if z.level in opened]
    found = [_zone(z, opened[z.level], venue, rules, notes) for z in zones]
    if not zones:
        notes.append("The plan has no zones: all of its floor counts as standing")
        found = [
            _standing(f"level {level}", level, floor_.area, 1.0, rules)
            for level, floor_ in opened.items()
        ]
    return _limited(venue, found, leave, notes), notes


def _zone(zone: Item, floor_, venue: Venue, rules: Rules, notes: list[str]) -> Held:
    m2 = round(floor_.intersection(zone.shape).area, 2)
    factor = min(zone.props.p, zone.props.s)
    if zone.props.use in NOBODY:
        return Held(zone.id, zone.level, zone.props.use, m2, 0, "nobody stays here")
    if zone.props.use == "seated":
        seats = zone.props.seats or _drawn_seats(zone, venue)
        if not seats:
            notes.append(f"The {zone.label} is seated but has no seats: it counts none")
        people = floor(seats * factor + 1e-6)
        return Held(zone.id, zone.level, "seated", m2, people, f"{seats} seats x {factor:g}")
    return _standing(zone.id, zone.level, m2, factor, rules)


def _standing(name: str, level: int, m2: float, factor: float, rules: Rules) -> Held:
    density = rules.standing.value
    people = floor(m2 * factor * density + 1e-6)
    return Held(name, level, "standing", m2, people, f"{m2:g} m2 x {density:g} x {factor:g}")


def _drawn_seats(zone: Item, venue: Venue) -> int:
    blocks = [b.shape for b in venue.of("seats") if b.level == zone.level]
    points = shapely.get_parts(blocks) if blocks else []
    return sum(zone.shape.covers(point) for point in points)


def _limited(
    venue: Venue, found: list[Held], leave: Callable[[list[Item]], int], notes: list[str]
) -> list[Held]:
    """A level reached by stairs holds no more than its stairs and exits let off in time."""
    for level in {s.props.to_level for s in venue.of("stair")} | {
        s.level for s in venue.of("stair")
    }:
        out = [e for e in venue.exits if e.level == level]
        if out:
            continue
        stairs = [s for s in venue.of("stair") if level in (s.level, s.props.to_level)]
        most, here = leave(stairs), sum(h.people for h in found if h.level == level)
        if here > most:
            notes.append(f"Level {level} holds {here}, but its stairs let off {most}: that counts")
            found = [
                replace(h, people=h.people * most // here, how=f"{h.how}, less for the stairs")
                if h.level == level
                else h
                for h in found
            ]
    return found
