"""What a plan is: routes with their chances, the proved bound, and what it does not cover."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from varangian.kernel.words import plural


def digest(data: Any) -> str:
    """sha256 of the one way in which this data is written."""
    words = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class Route:
    """One way with its chance. ``key`` is the same whenever the edges are the same."""

    edges: tuple[int, ...]
    seconds: float
    metres: float
    probability: float
    course: tuple[tuple[float, float], ...]
    """(lon, lat)."""
    places: tuple[int, ...]
    """Where it can be met, ends left out."""
    doors: tuple[str, str] = ("", "")

    @property
    def key(self) -> str:
        return digest(list(self.edges))[:12]

    def shape(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "seconds": round(self.seconds, 1),
            "metres": round(self.metres, 1),
            "probability": round(self.probability, 6),
            "doors": list(self.doors),
            "geometry": [[round(lon, 6), round(lat, 6)] for lon, lat in self.course],
        }


@dataclass(frozen=True)
class Departure:
    """A route in a slot, ``at_s`` seconds after the window opens (of a day: after midnight)."""

    route: int
    at_s: float
    probability: float

    def shape(self) -> dict[str, Any]:
        return {
            "route": self.route,
            "at_s": round(self.at_s, 1),
            "probability": round(self.probability, 6),
        }


@dataclass(frozen=True)
class Forced:
    """A stretch that every route uses: chance plays no part there, people must."""

    lat: float
    lon: float
    road: str
    metres: float
    from_s: float
    to_s: float
    """Seconds after departure on the fastest way."""
    edges: tuple[int, ...]
    why: str

    def shape(self) -> dict[str, Any]:
        return {
            "lat": round(self.lat, 6),
            "lon": round(self.lon, 6),
            "road": self.road or "unnamed road",
            "metres": round(self.metres),
            "from_s": round(self.from_s),
            "to_s": round(self.to_s),
            "why": self.why,
        }


@dataclass(frozen=True)
class Spot:
    """The place and the begin of the window where the chance is greatest."""

    lat: float
    lon: float
    since_s: float
    chance: float

    def shape(self) -> dict[str, Any]:
        return {
            "lat": round(self.lat, 6),
            "lon": round(self.lon, 6),
            "since_s": round(self.since_s, 1),
            "chance": round(self.chance, 6),
        }


@dataclass(frozen=True)
class Mix:
    """A mixed plan of one journey, for a person to approve."""

    routes: tuple[Route, ...]
    departures: tuple[Departure, ...]
    bound: float
    """Greatest chance that an observer who picks one place and one window meets the car there,
    at any place but the ends and the forced ones, which are to be staffed."""
    bound_all_day: float
    """The same for one who holds his place through the whole departure window."""
    bound_unstaffed: float
    """With nobody at the forced places; 1 when there is one and the minute is known."""
    at_ends: float
    """Chance at the doors in one window: only the choice of minute and door helps there."""
    floor: float
    """No plan within the budget whose routes enter no place twice has a lower all-day bound."""
    time_ratio: float
    budget: float
    fastest_s: float
    extra_s: float
    """Price: mean seconds above the fastest way."""
    forced: tuple[Forced, ...]
    worst: Spot | None
    hold_s: float
    window_s: float
    ends_s: float
    cell_m: float
    sight_m: float
    method: str
    source: dict[str, str]
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names this plan: a draw says from which plan it was drawn."""
        rows = [[list(r.edges), round(r.probability, 9)] for r in self.routes]
        return digest([rows, [d.shape() for d in self.departures]])[:16]

    def shape(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "routes": [route.shape() for route in self.routes],
            "departures": [departure.shape() for departure in self.departures],
            "bound": round(self.bound, 6),
            "bound_all_day": round(self.bound_all_day, 6),
            "bound_unstaffed": round(self.bound_unstaffed, 6),
            "at_ends": round(self.at_ends, 6),
            "floor": round(self.floor, 6),
            "time_ratio": round(self.time_ratio, 6),
            "budget": self.budget,
            "fastest_s": round(self.fastest_s, 1),
            "extra_s": round(self.extra_s, 1),
            "forced": [place.shape() for place in self.forced],
            "worst": self.worst.shape() if self.worst else None,
            "hold_s": self.hold_s,
            "window_s": self.window_s,
            "ends_s": self.ends_s,
            "cell_m": self.cell_m,
            "sight_m": self.sight_m,
            "method": self.method,
            "source": self.source,
            "notes": list(self.notes),
            "words": self.words(),
        }

    def words(self) -> str:
        """The plan in one paragraph, with what it does not promise."""
        watch = "knows this plan and picks one place"
        if self.window_s:
            watch = f"knows this plan, picks one place and stays {self.hold_s / 60:.0f} minutes"
        said = [
            f"{plural(len(self.routes), 'route')}, on average {self.extra_s / 60:.1f} minutes"
            f" ({self.time_ratio - 1:.0%}) longer than the fastest.",
            f"An observer who {watch} meets the car with a chance of at most"
            f" {self.bound:.2f}, outside the ends and the forced stretches.",
        ]
        if self.forced:
            roads = ", ".join(f.road or "unnamed road" for f in self.forced)
            said.append(
                f"Every route uses {plural(len(self.forced), 'forced stretch', 'forced stretches')}"
                f" ({roads}): staff them,"
                f" without people there the chance is {self.bound_unstaffed:.2f}."
            )
        said.append("Both ends need people, cover and timing: the route does not protect them.")
        return " ".join([*said, *self.notes])
