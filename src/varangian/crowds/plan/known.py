"""What is known of a venue when its plan is written: figures with their sources. No database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from varangian.engines.crowdflow.standards.figures import standards
from varangian.engines.crowdflow.venue import Venue
from varangian.engines.crowdflow.venue.model import Item
from varangian.kernel.results import Refused
from varangian.kernel.words import plural

from ..computing import capacity_shape, entry_shape
from .content import Fact

WAIT = 10.0
"""Minutes in the queue that a lane count is sought for."""


@dataclass(frozen=True)
class Known:
    """``plain`` and ``trouble``: the last run in which nothing happened, and in which something
    did, as (result, wish, when)."""

    venue: Venue
    version: str
    people: int | None
    capacity: dict[str, Any]
    queue: dict[str, Any] | None
    findings: list[dict[str, Any]]
    plain: tuple[dict[str, Any], dict[str, Any], str] | None = None
    trouble: tuple[dict[str, Any], dict[str, Any], str] | None = None

    @property
    def of_plan(self) -> str:
        return f"venue plan, {self.version}"


def known_of(venue: Venue, version: str, findings: list[dict[str, Any]], **runs: Any) -> Known:
    capacity = capacity_shape(venue)
    people = venue.people if venue.people is not None else capacity["people"]
    queue = None
    if people and (venue.of("screening") or any(d.props.turnstiles for d in venue.doors)):
        try:
            queue = entry_shape(venue, {"people": people, "longest_wait": WAIT})
        except Refused:
            queue = None
    return Known(venue, version, people, capacity, queue, findings, **runs)


def ways(items: Iterable[Item]) -> str:
    """front (2.40 m), west (1.20 m)."""
    return ", ".join(f"{item.props.name or item.id} ({item.width:.2f} m)" for item in items)


def capacity_fact(known: Known, name: str) -> list[Fact]:
    for line in known.capacity["capacities"]:
        if line["name"] == name:
            count = "unknown" if line["people"] is None else f"{line['people']:,} people"
            return [Fact(words=f"{name.capitalize()} capacity: {count}. {line['how']}"[:600],
                         source=sources(line["figures"]))]  # fmt: skip
    return []


def sources(figures: list[dict[str, Any]]) -> str:
    told = [
        f"{f['source']}, {f['edition']}" + (" (assumed)" if f["sure"] == "assumed" else "")
        for f in figures
    ]
    return "; ".join(dict.fromkeys(told))[:600]


def queue_facts(known: Known) -> list[Fact]:
    if known.queue is None:
        return []
    shape, source = known.queue, "queue of the plan's lanes, arrivals before the start"
    queued, wait = shape["longest_queue"], shape["longest_wait"]
    needed = shape["lanes_needed"]
    return [
        Fact(words=f"Longest queue {queued[0]:.0f} to {queued[2]:.0f} people, longest wait "
             f"{wait[0]:.0f} to {wait[2]:.0f} min, for {known.people:,} people", source=source),
        Fact(words=f"{plural(needed['lanes'], 'lane')} keep the wait under {WAIT:.0f} min; the "
             f"queue needs {shape['area_needed_m2']} m2", source=source),
    ]  # fmt: skip


def run_facts(run: tuple[dict[str, Any], dict[str, Any], str] | None) -> list[Fact]:
    """Times as bands, then the worst places."""
    if run is None:
        return []
    side, wish, when = run
    source = f"egress of {wish['people']:,} people, {plural(wish['runs'], 'run')}, {when}"
    found = [
        Fact(words=f"95 in 100 are out after {_band(side['t95'])} s{_happens(wish)}", source=source)
    ]
    for place in side["worst"][:3]:
        words = (
            f"Worst place near {place['near']}: {_band(place['per_m2'], 1)} people on a square "
            f"metre, {place['called']}, about minute {place['minute'][1]:g}"
        )
        found.append(Fact(words=words, source=source))
    return found


def _band(values: list[float | None], digits: int = 0) -> str:
    low, _, high = (None if v is None else f"{v:.{digits}f}" for v in values)
    return f"{low or 'never'} to {high or 'never'}" if low != high else f"{low or 'never'}"


def _happens(wish: dict[str, Any]) -> str:
    told = [f"{', '.join(wish['blocked'])} shut"] if wish["blocked"] else []
    told += [f"a surge at {wish['surge_gate']}"] if wish["surge_gate"] else []
    told += ["an incident"] if wish["incident"] else []
    return f" with {' and '.join(told)}" if told else ""


def staff_facts(known: Known) -> list[Fact]:
    staff = known.capacity["staff"]
    words = f"{plural(staff['stewards'], 'steward')} for {known.capacity['for_people']:,} people"
    found = [Fact(words=words, source="; ".join(staff["how"])[:600])]
    if staff["crowd_managers"]:
        managers = plural(staff["crowd_managers"], "crowd manager")
        found.append(Fact(words=managers, source=f"rules {known.capacity['jurisdiction']}"))
    return found


def finding_facts(known: Known, *codes: str) -> list[Fact]:
    return [
        Fact(words=f"{row['what']}. {row['mend']}"[:600], source=known.of_plan)
        for row in known.findings
        if row["code"] in codes
    ]


def density_source() -> str:
    scale = standards().density
    return f"{scale.source}, {scale.edition}"
