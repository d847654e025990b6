"""Each line of the comparison for one way. What the house does not know is said to be unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .library import Criterion, Mode, Modes
from .stages import Leg, together
from .values import Cell, Hub, Journey, band


@dataclass(frozen=True)
class Seen:
    library: Modes
    mode: Mode
    journey: Journey
    parts: Sequence[Leg]

    def source(self, key: str) -> str:
        return self.library.source(key)


def near_ends(mode: Mode, journey: Journey) -> tuple[Hub | None, Hub | None]:
    near = journey.hubs.get(mode.hub or "", ((), ()))
    return (near[0][0] if near[0] else None), (near[1][0] if near[1] else None)


def cell(at: Seen, one: Criterion) -> Cell:
    told = at.journey.told.get(at.mode.id, {}).get(one.id)
    if told is not None:
        return Cell(told.words, "told", told.low, told.high, (told.signed,))
    listed = at.mode.says.get(one.id)
    if surveyed := _surveyed(at, one):
        more = (f"The list says: {listed.words}",) if listed else ()
        return Cell("; ".join(surveyed), "record", reasons=more)
    reckon = RECKONED.get(one.id)
    found = reckon(at) if reckon else None
    if found is not None:
        return found
    if listed is None:
        return Cell("Nobody has said", "unknown")
    return Cell(listed.words, "list", reasons=(at.source(listed.source),))


def _surveyed(at: Seen, one: Criterion) -> list[str]:
    hubs = (hub for hub in near_ends(at.mode, at.journey) if hub is not None)
    return [f"{hub.name}: {hub.facts[one.id]}" for hub in hubs if one.id in hub.facts]


def _waiting(at: Seen) -> Cell:
    rows = [leg for leg in at.parts if leg.stage.wait]
    if not rows:
        return Cell("0 min", "list", 0, 0, ("No stage of it is among the public",))
    return _sum(at, rows)


def _sum(at: Seen, rows: Sequence[Leg]) -> Cell:
    low, high, missing = together(rows)
    reasons = [leg.words for leg in rows]
    sources = dict.fromkeys(at.source(leg.stage.source) for leg in rows if leg.known)
    reasons += [f"Figures: {title}" for title in sources]
    if missing:
        words = f"Not known: {', '.join(leg.stage.title.lower() for leg in missing)}"
        if low:
            words += f"; the rest takes {band(low, high)}"
        return Cell(words, "unknown", reasons=tuple(reasons))
    return Cell(band(low, high), "reckoned", low, high, tuple(reasons))


def _handovers(at: Seen) -> Cell:
    held: list[str] = []
    for stage in at.mode.stages:
        if not held or held[-1] != stage.held_by:
            held.append(stage.held_by)
    count = len(held) - 1
    return Cell(str(count), "list", count, count, (f"In the hands of {', then '.join(held)}",))


def _time(at: Seen) -> Cell:
    if (booked := at.journey.booked.get(at.mode.id)) is None:
        return _sum(at, at.parts)
    words, (low, high) = booked
    rest = [leg for leg in at.parts if leg.stage.by != "main"]
    found = _sum(at, rest)
    reasons = (f"By the plan {band(low, high)}: {words}", *found.reasons)
    if not rest:
        return Cell(band(low, high), "record", low, high, reasons)
    if found.low is None or found.high is None:
        words = f"{found.words}; the leg itself takes {band(low, high)}"
        return Cell(words, "unknown", reasons=reasons)
    whole = (low + found.low, high + found.high)
    return Cell(band(*whole), "record", *whole, reasons)


def _trauma(at: Seen) -> Cell:
    ends = [one for one in at.journey.trauma if one is not None]
    if len(ends) < 2:
        known = [f"{name}: {band(*span)}" for name, span in ends]
        words = "No trauma centre on record" if not known else "Known at one end only"
        return Cell(words, "unknown", reasons=tuple(known))
    low, high = (max(span[side] for _, span in ends) for side in (0, 1))
    rows = [f"{side}: {name}, {band(*span)}" for side, (name, span) in zip(
        ("Start", "End"), ends, strict=True)]  # fmt: skip
    rows.append(f"By road: {at.source(at.library.road.source)}")
    aboard = [] if at.mode.along_road else ["Under way: only after it stops or lands"]
    return Cell(f"At worst {band(low, high)}", "reckoned", low, high, (*rows, *aboard))


def _haven(at: Seen) -> Cell:
    if not at.mode.along_road:
        return Cell("None under way; only at the ends", "list", reasons=("It cannot be left",))
    if not at.journey.havens:
        return Cell("None on record along the way", "unknown")
    return Cell(at.journey.havens, "record")


def _light(at: Seen) -> Cell:
    if not at.journey.light:
        return Cell("The hour is not known", "unknown", reasons=(at.mode.light.night,))
    words = at.mode.light.night if at.journey.light == "night" else at.mode.light.day
    return Cell(words, "reckoned", reasons=(at.journey.light_words,))


def _diversion(at: Seen) -> Cell | None:
    if at.mode.diversion != "airports":
        return None
    if not at.journey.airports_on_way:
        return Cell("Airports on the way are not known", "unknown")
    return Cell(
        at.journey.airports_on_way,
        "reckoned",
        reasons=("The length of their runways is not known",),
    )


RECKONED: dict[str, Callable[[Seen], Cell | None]] = {
    "waiting": _waiting,
    "handovers": _handovers,
    "time": _time,
    "trauma": _trauma,
    "haven": _haven,
    "light": _light,
    "diversion": _diversion,
}
