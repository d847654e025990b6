"""What speaks for and against each vehicle on a leg. The machine proposes, a person assigns."""

from dataclasses import dataclass, field
from typing import Any

from .library import Vehicles

HIGH = ("high", "critical", "extreme", "severe")


@dataclass(frozen=True)
class Need:
    """What the leg asks for; None and empty are unknown, and said so."""

    threat_level: str = ""
    profile: str = ""
    seats: int | None = None
    distance_km: float | None = None
    distance_from: str = ""
    terrain: tuple[str, ...] = ()
    cold: bool | None = None


@dataclass(frozen=True)
class Car:
    name: str
    seats: int
    profile: str
    drive: str
    range_km: int | None
    terrain: tuple[str, ...]
    armour: tuple[str, ...]
    """Certificates as they are written; never compared, never converted."""
    light: str
    stops: tuple[str, ...] = ()
    """What keeps it off the road: its blocking lines."""
    wanting: tuple[str, ...] = ()
    taken: str = ""


@dataclass(frozen=True)
class Advice:
    car: Car
    stops: list[str] = field(default_factory=list)
    good: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    record: Any = None

    @property
    def tone(self) -> str:
        if self.stops:
            return "red"
        return "amber" if self.bad else "grey" if self.unknown else "green"

    @property
    def words(self) -> str:
        if self.stops:
            return "cannot go"
        return "look at what speaks against" if self.bad else "fits"


def advise(car: Car, need: Need, lists: Vehicles, record: Any = None) -> Advice:
    found = Advice(car, stops=[*car.stops], bad=[*car.wanting], record=record)
    if car.taken:
        found.stops.append(car.taken)
    _seats(found, need)
    _threat(found, need)
    _profile(found, need)
    _terrain(found, need, lists)
    _range(found, need, lists)
    return found


def in_order(rows: list[Advice]) -> list[Advice]:
    """Those that can go first, then those with less against them, then by name."""
    return sorted(rows, key=lambda row: (bool(row.stops), len(row.bad), row.car.name))


def _seats(found: Advice, need: Need) -> None:
    seats = found.car.seats
    if need.seats is None:
        found.unknown.append(f"How many travel is not known; it has {seats} seats")
    elif need.seats > seats:
        found.stops.append(f"{need.seats} travel with the driver, it has {seats} seats")
    else:
        found.good.append(f"{seats} seats for {need.seats}")


def _threat(found: Advice, need: Need) -> None:
    armour = found.car.armour
    if need.threat_level in HIGH and not armour:
        found.bad.append(f"Threat is {need.threat_level}, no certificate of armour is on file")
    for text in armour if need.threat_level in HIGH else ():
        found.good.append(f"Threat is {need.threat_level}; certified: {text}")


def _profile(found: Advice, need: Need) -> None:
    if not need.profile:
        return
    words = f"{found.car.profile} profile, {need.profile} is wanted"
    (found.good if need.profile == found.car.profile else found.bad).append(words.capitalize())


def _terrain(found: Advice, need: Need, lists: Vehicles) -> None:
    titles = {row.id: row.title.lower() for row in lists.terrain}
    for one in need.terrain:
        fit = one in found.car.terrain
        words = f"{'Made' if fit else 'Not made'} for {titles.get(one, one)}"
        (found.good if fit else found.bad).append(words)


def _range(found: Advice, need: Need, lists: Vehicles) -> None:
    car = found.car
    if car.range_km is None:
        found.unknown.append("Its range is not written down")
        return
    least = _reach(car, need, lists)
    words = f"range {car.range_km} km"
    if car.drive == "ev" and need.cold is not False:
        low, high = lists.cold_loss
        best = round(car.range_km * (1 - low / 100))
        words += f", in the cold {least} to {best} km (less {low} to {high} %)"
    if need.distance_km is None:
        found.unknown.append(f"How far it is is not known; {words}")
        return
    far = f"{need.distance_km:.0f} km{need.distance_from}, {words}"
    if need.distance_km > least:
        found.stops.append(f"Too far: {far}")
    elif need.distance_km > least * lists.reserve / 100:
        found.bad.append(f"Thin reserve: {far}")
    else:
        found.good.append(f"Range enough: {far}")
    if car.drive == "ev" and need.cold is None:
        found.unknown.append("Whether it will be cold is not known; reckoned as cold")


def _reach(car: Car, need: Need, lists: Vehicles) -> int:
    whole = car.range_km or 0
    if car.drive != "ev" or need.cold is False:
        return whole
    return round(whole * (1 - lists.cold_loss[1] / 100))
