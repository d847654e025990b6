"""The stages of a way from door to door, with the minutes that can be reckoned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .library import Mode, Modes, Span, Stage


class Near(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def km(self) -> float: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True)
class Leg:
    stage: Stage
    span: Span | None
    """Minutes; None: they cannot be reckoned."""
    words: str

    @property
    def known(self) -> bool:
        return self.span is not None


def legs(
    library: Modes, mode: Mode, km: float | None, road_km: float | None,
    hubs: tuple[Near | None, Near | None],
) -> list[Leg]:  # fmt: skip
    """``road_km`` is the known length of the road, in place of the crow's."""
    return [_leg(library, stage, km, road_km, hubs) for stage in mode.stages]


def _leg(
    library: Modes, stage: Stage, km: float | None, road_km: float | None,
    hubs: tuple[Near | None, Near | None],
) -> Leg:  # fmt: skip
    if stage.by in ("road_to_hub", "road_from_hub"):
        return _road(library, stage, hubs[0] if stage.by == "road_to_hub" else hubs[1])
    if stage.by != "main":
        return Leg(stage, stage.minutes, f"{stage.title}: {_minutes(stage.minutes)}")
    if km is None or stage.kmh is None:
        return Leg(stage, None, f"{stage.title}: the distance is not known")
    return _main(stage, km, road_km)


def _main(stage: Stage, km: float, road_km: float | None) -> Leg:
    assert stage.kmh is not None
    length = road_km or km * stage.detour
    slow, fast = stage.kmh
    span = (length / fast * 60 + stage.minutes[0], length / slow * 60 + stage.minutes[1])
    by = "" if road_km else f", {km:.0f} by the crow and {stage.detour:g} times that"
    more = f", and {_minutes(stage.minutes)} besides" if stage.minutes[1] else ""
    words = f"{stage.title}: {length:.0f} km{by} at {slow:g} to {fast:g} km/h{more}"
    return Leg(stage, span, words)


def _road(library: Modes, stage: Stage, hub: Near | None) -> Leg:
    if hub is None:
        return Leg(stage, None, f"{stage.title}: no such place is on record")
    road, length = library.road, hub.km * library.road.detour
    span = (length / road.kmh[1] * 60, length / road.kmh[0] * 60)
    words = f"{stage.title}: {hub.name}, {length:.0f} km by road ({hub.source})"
    return Leg(stage, span, words)


def together(rows: Sequence[Leg]) -> tuple[float, float, list[Leg]]:
    """Least and most of those that are known, and those that are not."""
    known = [leg.span for leg in rows if leg.span is not None]
    missing = [leg for leg in rows if leg.span is None]
    return sum(low for low, _ in known), sum(high for _, high in known), missing


def road_span(library: Modes, km: float) -> Span:
    """Minutes by road for a distance by the crow."""
    length = km * library.road.detour
    return length / library.road.kmh[1] * 60, length / library.road.kmh[0] * 60


def _minutes(span: Span) -> str:
    return f"{span[0]:g} to {span[1]:g} min"
