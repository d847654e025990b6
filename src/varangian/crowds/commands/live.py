"""``varangian crowd live ...``: watch a venue, count, and play a recorded evening again."""

import csv
import io
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.ui import console

from .. import services
from ..counted import Word
from ..models import CrowdWatch
from ..queries import live as reads
from ..queries import venues as queries
from ..services import hearing, watching
from ..shapes.live import address_of, camera_row, counter_row, trigger_row, watch_row

live = typer.Typer(help="How many are where, now.", no_args_is_help=True)
Venue = Annotated[UUID, typer.Argument(metavar="VENUE", help="as venue list tells")]
WATCHES = ("id", "name", "on", "expected", "started_at", "ended_at")
ZONES = ("zone", "label", "low", "people", "high", "per_m2", "bridged")
CAMERAS = ("camera", "name", "zone", "title", "line")
COUNTERS = ("id", "name", "kind", "behind", "into", "heard_at")
TRIGGERS = ("id", "zone", "level", "what", "value")
MOST_ROWS = 200_000
LEAST_PAUSE = 0.05


@live.command("start")
def start(
    venue: Venue,
    expected: Annotated[int | None, typer.Option(help="people who will come in all")] = None,
    give: Annotated[int, typer.Option(help="per cent by which that may be wrong")] = 10,
    as_json: console.AsJson = False,
) -> None:
    """Watch a venue of an operation."""
    with console.unit() as actor:
        version = queries.version(actor, queries.plan(actor, venue))
        made = services.start_watch(actor=actor, version=version, expected=expected, give=give)
        console.emit(watch_row(made, whole=False), as_json)


@live.command("end")
def end(venue: Venue, as_json: console.AsJson = False) -> None:
    """End the watch; its summary and its evening stay."""
    with console.unit() as actor:
        made = services.end_watch(actor=actor, watch=_on(actor, venue))
        console.emit(watch_row(made), as_json)


@live.command("list")
def list_watches(venue: Venue, as_json: console.AsJson = False) -> None:
    """Watches of a venue, now and before."""
    with console.unit() as actor:
        found = reads.watches(actor, queries.plan(actor, venue))[:200]
        console.emit([watch_row(row, whole=False) for row in found], as_json, WATCHES)


@live.command("show")
def show(venue: Venue, as_json: console.AsJson = False) -> None:
    """Zones as bands now; with --json also counters, triggers and the principal's way out."""
    with console.unit() as actor:
        row = watch_row(_on(actor, venue))
        console.emit(row if as_json else (row["now"] or {}).get("zones", []), as_json, ZONES)


@live.command("counters")
def counters(venue: Venue, as_json: console.AsJson = False) -> None:
    """Counters of a venue."""
    with console.unit() as actor:
        found = reads.counters(actor, queries.plan(actor, venue))
        console.emit([counter_row(row) for row in found], as_json, COUNTERS)


@live.command("add-counter")
def add_counter(
    venue: Venue,
    name: str,
    kind: Annotated[str, typer.Argument(help="http, mqtt, camera, clicker")],
    behind: Annotated[str, typer.Option(help="zone that people come from; none: outside")] = "",
    into: Annotated[str, typer.Option(help="zone that they go into; none: outside")] = "",
    outside_id: Annotated[str, typer.Option(help="its name over MQTT")] = "",
    passages: Annotated[bool, typer.Option(help="it says those since its last word")] = False,
    missed: Annotated[float, typer.Option(help="share of passages it misses")] = 0.03,
    period: Annotated[int, typer.Option(help="seconds between its words")] = 60,
    as_json: console.AsJson = False,
) -> None:
    """Register a counter; its address is shown this once."""
    with console.unit() as actor:
        made, secret = services.add_counter(
            actor=actor, plan=queries.plan(actor, venue), name=name, kind=kind, behind=behind,
            into=into, outside_id=outside_id, totals=not passages, missed=missed, period_s=period,
        )  # fmt: skip
        row = {**counter_row(made), "url": address_of(secret) if secret else None}
    console.emit(row, as_json)


@live.command("cameras")
def cameras(venue: Venue, as_json: console.AsJson = False) -> None:
    """Areas and lines that cameras of the operation count by."""
    with console.unit() as actor:
        found = services.offered(actor, queries.plan(actor, venue))
        console.emit([camera_row(place) for place in found], as_json, CAMERAS)


@live.command("add-camera")
def add_camera(
    venue: Venue,
    camera: UUID,
    zone: Annotated[str, typer.Argument(help="its area or line, as crowd live cameras tells")],
    into: Annotated[str, typer.Option(help="zone of the venue; none: outside")] = "",
    behind: Annotated[str, typer.Option(help="of a line: zone that people come from")] = "",
    as_json: console.AsJson = False,
) -> None:
    """A camera of the operation counts for this venue: numbers, never who anybody is."""
    with console.unit() as actor:
        made = services.add_camera(
            actor=actor, plan=queries.plan(actor, venue), camera=camera, zone=zone, into=into,
            behind=behind,
        )  # fmt: skip
        console.emit(counter_row(made), as_json)


@live.command("remove-counter")
def remove_counter(counter: UUID) -> None:
    """Its address opens nothing any more."""
    with console.unit() as actor:
        services.remove_counter(actor=actor, counter=reads.counter(actor, counter))


@live.command("triggers")
def triggers(venue: Venue, as_json: console.AsJson = False) -> None:
    """From when a zone asks for a person."""
    with console.unit() as actor:
        version = queries.version(actor, queries.plan(actor, venue))
        console.emit([trigger_row(t) for t in reads.triggers(actor, version)], as_json, TRIGGERS)


@live.command("trigger")
def trigger(
    venue: Venue,
    level: Annotated[str, typer.Argument(help="amber or red")],
    value: float,
    what: Annotated[str, typer.Option(help="people or per_m2")] = "people",
    zone: Annotated[str, typer.Option(help="none: the whole venue")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Set a trigger."""
    with console.unit() as actor:
        version = queries.version(actor, queries.plan(actor, venue))
        made = services.add_trigger(
            actor=actor, version=version, level=level, what=what, value=value, zone=zone
        )
        console.emit(trigger_row(made), as_json)


@live.command("remove-trigger")
def remove_trigger(pk: Annotated[UUID, typer.Argument(metavar="TRIGGER")]) -> None:
    """Take a trigger away."""
    with console.unit() as actor:
        services.remove_trigger(actor=actor, trigger=reads.trigger(actor, pk))


@live.command("count")
def count(
    venue: Venue,
    zone: str,
    people: int,
    within: Annotated[int | None, typer.Option(help="by how many it may be off")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Somebody counted a zone: the doors are set right by it."""
    with console.unit() as actor:
        watch = _on(actor, venue)
        made = services.count(actor=actor, watch=watch, zone=zone, people=people, within=within)
        console.emit({"zone": zone, "people": people, "at": made.at}, as_json)


@live.command("click")
def click(counter: UUID, entered: int = 0, left: int = 0, as_json: console.AsJson = False) -> None:
    """Passages clicked by hand."""
    with console.unit() as actor:
        found = reads.counter(actor, counter)
        kept = services.click(actor=actor, counter=found, entered=entered, left=left)
        console.emit({"counter": found.name, "kept": kept}, as_json)


@live.command("principal")
def principal(
    venue: Venue,
    at: Annotated[str, typer.Option(metavar="X,Y", help="in metres of the plan")],
    level: int = 0,
    as_json: console.AsJson = False,
) -> None:
    """Where the principal is; tells the ways out with the crowd as it stands."""
    from .flow import point
    from .principal import COLUMNS

    x, y = point(at, "--at")
    with console.unit() as actor:
        made = services.place_principal(actor=actor, watch=_on(actor, venue), x=x, y=y, level=level)
        advice = made.advice
    console.emit(advice if as_json else advice["options"], as_json, COLUMNS)
    if not as_json:
        console.say(f"{advice['trade']} The leader decides.")


@live.command("replay")
def replay(
    venue: Venue,
    file: Annotated[Path, typer.Argument(help="CSV: seconds, counter, entered, left")],
    speed: Annotated[float, typer.Option(min=0, help="times real time; 0: at once")] = 20.0,
    expected: int | None = None,
    as_json: console.AsJson = False,
) -> None:
    """Feed a recorded evening of counters into a watch of its own; alerts are real.

    Counters are named as at the venue. A row ``seconds, =zone, people, within`` is a count by hand.
    """
    rows = recorded(console.read_file(file).decode("utf-8-sig", "replace"), str(file))
    with console.unit() as actor:
        plan = queries.plan(actor, venue)
        known = {one.name: one for one in reads.counters(actor, plan)}
        for row in rows:
            if row.counter not in known and not row.counter.startswith("="):
                raise Refused(f"There is no counter {row.counter}", f"line {row.line}",
                              f"Register it. There is: {', '.join(known) or 'none'}.")  # fmt: skip
        version = queries.version(actor, plan)
        watch = services.start_watch(actor=actor, version=version, expected=expected, replayed=True)
    began, before = now(), rows[0].seconds
    with console.progress("Replaying", total=len(rows)) as advance:
        for group in _groups(rows):
            pause = (group[0].seconds - before) / speed if speed else 0.0
            before = group[0].seconds
            if pause >= LEAST_PAUSE:
                time.sleep(pause)
            with console.unit() as actor:
                for row in group:
                    _feed(actor, watch, known, row, began)
            advance(len(group))
    with console.unit(purpose="look at a replay"):
        watching.step_all()
    with console.unit() as actor:
        console.emit(watch_row(reads.watch(actor, watch.pk), whole=as_json), as_json)


@dataclass(frozen=True)
class Row:
    line: int
    seconds: float
    counter: str
    first: int
    second: int


def recorded(text: str, where: str) -> list[Row]:
    """What cannot be read names its line; a first line of words is a heading."""
    found = []
    for number, cells in enumerate(csv.reader(io.StringIO(text)), 1):
        if not cells or (number == 1 and not _number(cells[0])):
            continue
        try:
            seconds, name = float(cells[0]), cells[1].strip()
            found.append(Row(number, seconds, name, int(cells[2]), int(cells[3])))
        except (ValueError, IndexError) as error:
            mend = "Write seconds, counter, entered, left."
            raise Refused("This line is no word of a counter", f"line {number}", mend) from error
    if not found or len(found) > MOST_ROWS:
        raise Refused(f"{len(found)} rows", where, f"1 to {MOST_ROWS:,} rows are replayed.")
    return sorted(found, key=lambda row: row.seconds)


def _number(cell: str) -> bool:
    return cell.strip().replace(".", "", 1).isdigit()


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Of the same ten seconds."""
    found: list[list[Row]] = []
    for row in rows:
        if not found or row.seconds // watching.EVERY > found[-1][0].seconds // watching.EVERY:
            found.append([])
        found[-1].append(row)
    return found


def _feed(actor: Any, watch: CrowdWatch, known: dict[str, Any], row: Row, began: datetime) -> None:
    at = began + timedelta(seconds=row.seconds)
    if row.counter.startswith("="):
        services.count(
            actor=actor, watch=watch, zone=row.counter[1:], people=row.first, within=row.second,
            at=at,
        )  # fmt: skip
    else:
        hearing.hear(counter=known[row.counter], words=[Word(row.first, row.second, at=at)])


def _on(actor: Any, venue: UUID) -> CrowdWatch:
    plan = queries.plan(actor, venue)
    found = reads.watch_on(actor, plan)
    if found is None:
        raise NotFound("Nobody watches this venue", str(venue), "varangian crowd live start VENUE")
    return found
