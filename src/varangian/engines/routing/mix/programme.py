"""A day as it is wished: stops with their doors and times, and the cars."""

from collections.abc import Sequence
from dataclasses import dataclass

from varangian.kernel.results import Refused


@dataclass(frozen=True)
class Door:
    name: str
    node: int


@dataclass(frozen=True)
class Stop:
    """``leave``: earliest and latest departure, seconds after midnight; of the last stop none.

    ``driven``: whether the leg that leaves here is; a walk or a flight to the next stop is not.
    """

    name: str
    doors: tuple[Door, ...]
    leave: tuple[float, float] | None = None
    arrive_by: float | None = None
    driven: bool = True


@dataclass(frozen=True)
class Car:
    """``free``: times in which it can be had, empty: always. ``most_s``: of driving in a day."""

    name: str
    free: tuple[tuple[float, float], ...] = ()
    most_s: float | None = None

    def at_hand(self, since: float, until: float) -> bool:
        return not self.free or any(a <= since and until <= b for a, b in self.free)


def checked(stops: Sequence[Stop], cars: Sequence[Car]) -> None:
    if len(stops) < 2:
        raise Refused("A day with fewer than two stops", mend="Give where it begins and ends.")
    if not any(stop.driven for stop in stops[:-1]):
        raise Refused("A day on which nothing is driven", mend="Give a leg by road.")
    if not cars:
        raise Refused("A day without a car", mend="Give at least one.")
    for stop, after in zip(stops, [*stops[1:], None], strict=True):
        if not stop.doors:
            raise Refused("A stop without a door", stop.name, "Give at least one entrance.")
        if after is None or not stop.driven:
            continue
        if stop.leave is None:
            raise Refused("A stop without a time to leave", stop.name, "Only the last may lack it.")
        if not stop.leave[0] <= stop.leave[1]:
            raise Refused("A window that ends before it opens", stop.name, "Turn its times round.")


def clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}"


def most_late(stops: Sequence[Stop], index: int) -> float:
    """The latest arrival of the leg that leaves stop ``index``: its own, or the next departure."""
    after = stops[index + 1]
    limits = [after.arrive_by, after.leave[0] if after.leave else None]
    return min((limit for limit in limits if limit is not None), default=float("inf"))


def cars_of_legs(
    cars: Sequence[Car], spans: Sequence[tuple[float, float, float]]
) -> tuple[list[dict[str, float]], list[str]]:
    """For each leg (first departure, last arrival, longest drive) the share of each car.

    Even shares, whatever the route: so who knows one car has no more than its share of the chance
    of a place, and no other mix gives him less. A car whose drives could add up to more than its
    driver may do leaves the longest ones to the others.
    """
    able = [{car.name for car in cars if car.at_hand(since, until)} for since, until, _ in spans]
    notes = []
    for car in cars:
        mine = sorted((i for i, names in enumerate(able) if car.name in names),
                      key=lambda i: -spans[i][2])  # fmt: skip
        total = sum(spans[i][2] for i in mine)
        for leg in mine:
            if car.most_s is None or total <= car.most_s:
                break
            if len(able[leg]) > 1:
                able[leg].discard(car.name)
                total -= spans[leg][2]
        if car.most_s is not None and total > car.most_s:
            notes.append(
                f"{car.name} may be driven {(total - car.most_s) / 60:.0f} minutes too long."
            )
    for leg, names in enumerate(able):
        if not names:
            since, until, _ = spans[leg]
            raise Refused(
                f"No car is free from {clock(since)} to {clock(until)}",
                f"leg {leg + 1}",
                "Free one, or move the leg.",
            )
    order = [car.name for car in cars]
    return [{name: 1 / len(names) for name in order if name in names} for names in able], notes
