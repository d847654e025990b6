"""What a plan gives at once: capacity, lanes, staff. Commands, pages and API ask here."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from varangian.engines.crowdflow.queues import Arrivals, Lanes, Picture, lanes_for, queue
from varangian.engines.crowdflow.standards import (
    capacities,
    contradictions,
    queue_service,
    rules_of,
    staff,
)
from varangian.engines.crowdflow.standards.figures import Risk
from varangian.engines.crowdflow.venue import Venue
from varangian.kernel.results import Refused

from .shapes.capacity import answer_shape
from .shapes.plain import json_plain

DEFAULT = "house"
DEFAULT_RATE = 400.0
COMFORT_M2 = 0.65
"""A person in a queue of Fruin's level C."""


def capacity_shape(
    venue: Venue,
    *,
    jurisdiction: str = "",
    risk: Risk = "medium",
    people: int | None = None,
    static_posts: int | None = None,
    alcohol: bool = False,
    high_risk: bool = False,
    simulated: int | None = None,
    faults: list[str] | None = None,
) -> dict[str, Any]:
    """Each number beside the figures it was made of, with their sources."""
    if risk not in ("low", "medium", "high"):
        raise Refused(f"There is no risk of fire {risk}", "risk", "Say low, medium or high.")
    rules = rules_of(jurisdiction or venue.jurisdiction or DEFAULT)
    answer = capacities(venue, rules, risk=risk, alcohol=alcohol, simulated=simulated)
    drawn = sum(not post.props.cover for post in venue.of("post"))
    posts = drawn if static_posts is None else static_posts
    expected = people if people is not None else venue.people
    count = expected if expected is not None else answer.people or 0
    needed = staff(count, rules, static_posts=posts, high_risk=high_risk)
    wrong = contradictions(venue, answer, rules)
    return answer_shape(venue, rules, answer, needed, wrong, count, faults or [])


@dataclass(frozen=True)
class OfPlan:
    """Lanes, people an hour and lane, square metres to queue on: as drawn, None where not."""

    lanes: int | None = None
    rate: float | None = None
    area: float | None = None


def entry_of(venue: Venue) -> OfPlan:
    lanes = venue.of("screening")
    usual = rules_of(DEFAULT).screening_per_lane.value
    rates = [lane.props.per_hour or usual for lane in lanes]
    area = sum(item.shape.area for item in venue.of("queue"))
    return OfPlan(len(lanes) or None, sum(rates) / len(rates) if rates else None, area or None)


def queue_shape(
    coming: Arrivals,
    asked: Lanes,
    *,
    given: bool,
    longest_wait: float,
    area: float | None = None,
    runs: int = 200,
    seed: int = 1,
) -> dict[str, Any]:
    """``given``: the lanes of ``asked`` are meant; else those that are needed are computed with."""
    picture = queue(coming, asked, runs=runs, seed=seed) if given else None
    enough = lanes_for(coming, asked, longest_wait, runs=runs, seed=seed)
    return _shape(picture or enough, enough, asked, longest_wait, area)


def entry_shape(venue: Venue | None, given: dict[str, Any]) -> dict[str, Any]:
    """The queue of a venue; what is not said is as drawn, else the usual."""
    drawn = entry_of(venue) if venue else None
    count = given.get("lanes") or (drawn.lanes if drawn else None)
    rate = given.get("rate") or (drawn.rate if drawn else None) or DEFAULT_RATE
    opens = given.get("opens_before")
    asked = Lanes(count or 1, rate, opens_before=120.0 if opens is None else opens)
    peak = given.get("peak_before")
    coming = Arrivals(given["people"], 45.0 if peak is None else peak, given.get("spread") or 20.0)
    return queue_shape(
        coming, asked, given=bool(count), longest_wait=given.get("longest_wait") or 10.0,
        area=drawn.area if drawn else None,
    )  # fmt: skip


def _shape(
    picture: Picture, enough: Picture, lanes: Lanes, longest_wait: float, area: float | None
) -> dict[str, Any]:
    longest = picture.longest_queue
    shape = json_plain(asdict(picture))
    shape |= {
        "inputs": asdict(replace(lanes, lanes=picture.lanes)),
        "lanes_needed": {"lanes": enough.lanes, "longest_wait_minutes": longest_wait},
        "area_needed_m2": round(longest.p90 * COMFORT_M2),
    }
    if area:
        density = [round(people / area, 2) for people in longest]
        level = queue_service(area / longest.p90) if longest.p90 else "A"
        shape["area"] = {"m2": area, "people_per_m2": density, "level_of_service": level}
    return shape
