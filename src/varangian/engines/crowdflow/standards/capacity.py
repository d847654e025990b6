"""Capacity of a venue: the least of entry, holding, exit and emergency."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from math import floor, fsum

from varangian.engines.crowdflow.standards.figures import Figure, Risk, Rules
from varangian.engines.crowdflow.standards.holding import Held, held
from varangian.engines.crowdflow.venue.floor import Floor, floors
from varangian.engines.crowdflow.venue.model import Item, Venue

NEARLY = 1e-6
"""So that 4.7 x 100 counts as 470 people, whatever floating point makes of it."""


@dataclass(frozen=True)
class Capacity:
    """``people`` is None where the plan does not say enough: unknown is not unlimited."""

    name: str
    people: int | None
    how: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Capacities:
    lines: tuple[Capacity, ...]
    people: int | None
    least: str
    held: tuple[Held, ...]
    exit_loss: dict[str, int]
    """By exit: how many could still leave in the normal time without it."""
    notes: tuple[str, ...] = field(default=())

    def of(self, name: str) -> int | None:
        return next((line.people for line in self.lines if line.name == name), None)


def whole(people: float) -> int:
    return floor(people + NEARLY)


def width_needed(people: int, per_metre_minute: float, minutes: float) -> float:
    """Metres of exit, in steps of 10 cm upwards, beside the widest exit that does not count."""
    exact = Decimal(people) / (Decimal(str(per_metre_minute)) * Decimal(str(minutes)))
    return float(exact.quantize(Decimal("0.1"), ROUND_CEILING))


def capacities(
    venue: Venue,
    rules: Rules,
    *,
    risk: Risk = "medium",
    alcohol: bool = False,
    simulated: int | None = None,
) -> Capacities:
    """``simulated``: what a simulation says; it can only lower the answer."""
    ground = floors(venue)
    usable = usable_exits(venue, ground, rules)
    zones, notes = held(venue, ground, rules, lambda stairs: ways(stairs, rules, alcohol))
    flow = through(rules, alcohol)
    lines = [
        _entry(venue, rules),
        Capacity("holding", sum(z.people for z in zones), "zones added up", (rules.standing,)),
        _leaving("exit", usable, rules, flow, rules.exits.normal_minutes),
    ]
    if rules.exits.emergency_minutes:
        minutes = rules.exits.emergency_minutes.at(risk)
        lines.append(_leaving("emergency", usable, rules, flow, minutes))
    if simulated is not None:
        lines.append(Capacity("simulation", simulated, "the least that simulation allows"))
    known = [line for line in lines if line.people is not None]
    notes += [f"{line.name} is unknown: {line.how}" for line in lines if line.people is None]
    notes += _left_out(venue, usable)
    least = min(known, key=lambda line: line.people or 0)
    loss = {e.id: _people([o for o in usable if o is not e], flow, _minutes(rules)) for e in usable}
    return Capacities(tuple(lines), least.people, least.name, tuple(zones), loss, tuple(notes))


def usable_exits(venue: Venue, ground: list[Floor], rules: Rules) -> list[Item]:
    """Exits that stand in a wall and are as wide as an exit must be; the one that lets most
    through is the last."""
    stands = {o.item.id for floor_ in ground for o in floor_.openings if o.stands}
    wide = [e for e in venue.exits if e.id in stands and e.width >= rules.exits.narrowest.value]
    flow = through(rules, alcohol=False)
    return sorted(wide, key=lambda e: e.width * flow(e).value)


def through(rules: Rules, alcohol: bool) -> Callable[[Item], Figure]:
    flow = rules.exits.alcohol if alcohol and rules.exits.alcohol else rules.exits.sober
    return lambda way: flow.steps if getattr(way.props, "steps", True) else flow.level


def ways(stairs: list[Item], rules: Rules, alcohol: bool) -> int:
    """How many can get off a level by its stairs in the normal time."""
    return _people(stairs, through(rules, alcohol), _minutes(rules))


def _minutes(rules: Rules) -> float:
    return rules.exits.normal_minutes.value if rules.exits.normal_minutes else 1.0


def _counted(usable: list[Item], rules: Rules) -> list[Item]:
    return usable[:-1] if rules.exits.without_largest else usable


def _people(usable: list[Item], flow: Callable[[Item], Figure], minutes: float) -> int:
    return whole(fsum(e.width * flow(e).value * minutes for e in usable))


def _leaving(
    name: str,
    usable: list[Item],
    rules: Rules,
    flow: Callable[[Item], Figure],
    minutes: Figure | None,
) -> Capacity:
    counted = _counted(usable, rules)
    width = fsum(e.width for e in counted)
    people = _people(counted, flow, minutes.value if minutes else 1.0)
    used = tuple(dict.fromkeys(flow(e) for e in counted)) + ((minutes,) if minutes else ())
    lost = (
        f", without {usable[-1].id}, the largest" if rules.exits.without_largest and usable else ""
    )
    time = f" x {minutes.value:g} minutes" if minutes else ""
    return Capacity(name, people, f"{width:.2f} m of exits{lost}, x flow{time}", used)


def _entry(venue: Venue, rules: Rules) -> Capacity:
    """Turnstiles and screening lanes stand behind each other: the less of them counts."""
    hours = rules.entry_hours
    turnstiles = sum(d.props.turnstiles for d in venue.doors if d.props.entrance)
    lanes = venue.of("screening")
    rates = [lane.props.per_hour or rules.screening_per_lane.value for lane in lanes]
    found = [turnstiles * rules.entry_per_turnstile.value] if turnstiles else []
    found += [fsum(rates)] if lanes else []
    if not found:
        return Capacity("entry", None, "the plan has no turnstiles and no screening lanes")
    how = f"{turnstiles} turnstiles, {len(lanes)} screening lanes, {hours.value:g} h of entry"
    used = (rules.entry_per_turnstile, rules.screening_per_lane, hours)
    return Capacity("entry", whole(min(found) * hours.value), how, used)


def _left_out(venue: Venue, usable: list[Item]) -> list[str]:
    counted = {e.id for e in usable}
    return [f"The {e.label} does not count as an exit" for e in venue.exits if e.id not in counted]
