"""``varangian route plan``: a mixed plan from a map file, without a database."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.platform.ui import console

from ..map_files import refuse_without_extra
from ..route_working import Wish, work_out

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Graph

route = typer.Typer(help="Routes that cannot be counted on.", no_args_is_help=True)
groups = {"route": route}

WITHIN_S = 20.0


@route.command("plan")
def plan_route(
    file: Annotated[Path, typer.Option("--map", metavar="FILE", help=".osm.pbf, or .npz of a map")],
    start: Annotated[str, typer.Option("--from", metavar="LAT,LON")],
    goal: Annotated[str, typer.Option("--to", metavar="LAT,LON")],
    routes: Annotated[int, typer.Option(help="at most so many routes")] = 12,
    budget: Annotated[float, typer.Option(help="mean time, in times of the fastest")] = 1.2,
    depart: Annotated[str, typer.Option(metavar="TIME", help="2027-05-04T08:00 or 08:00")] = "",
    window: Annotated[float, typer.Option(help="minutes in which to leave, from depart")] = 0.0,
    hold: Annotated[float, typer.Option(help="minutes that an observer can stay")] = 20.0,
    ends: Annotated[float, typer.Option(help="seconds at both ends that people cover")] = 90.0,
    avoid: Annotated[Path | None, typer.Option(metavar="FILE.geojson")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Mix routes and minutes so that no one place meets the car often, with a proved bound."""
    opens = _moment(depart)
    ends_at = _point(start), _point(goal)
    refuse_without_extra()
    wish = Wish(budget, window * 60, routes, WITHIN_S, hold * 60, ends)
    shape = work_out(_network(file), ends_at, wish, _areas(avoid))
    for row in shape["departures"]:
        row["at"] = _at(opens, row["at_s"])
    for row in shape["routes"]:
        del row["edges"], row["places"]
    _emit(shape, as_json)


def _network(file: Path) -> "Graph":
    """From a map of the house, or from an extract."""
    from varangian.engines.routing import osm, store
    from varangian.engines.routing.errors import BadMap

    if not file.is_file():
        raise Refused("There is no such file", where=str(file))
    try:
        return store.read(file) if file.suffix == ".npz" else osm.load(file)
    except BadMap as bad:
        raise Refused(bad.what, str(file), bad.mend) from bad


def _point(text: str) -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise Refused("This is no position", text, "Such as 54.5200,11.0200.") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refused("This position is not on the earth", text, "Latitude first, then longitude.")
    return lat, lon


def _moment(text: str) -> datetime | None:
    """A day and time, or a time alone: then any day."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text if len(text) > 8 else f"0001-01-01T{text}")
    except ValueError:
        raise Refused("This is no time", text, "Such as 2027-05-04T08:00, or 08:00.") from None


def _at(opens: datetime | None, at_s: float) -> str | None:
    if opens is None:
        return None
    moment = opens + timedelta(seconds=round(at_s))
    return moment.strftime("%H:%M:%S") if opens.year == 1 else moment.isoformat()


def _areas(file: Path | None) -> list[Any]:
    if file is None:
        return []
    try:
        return [json.loads(console.read_file(file))]
    except ValueError as error:
        raise Refused("This is no GeoJSON", str(file), "Give polygons of the areas.") from error


def _emit(shape: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(shape, True)
        return
    rows = [
        {
            "name": row["name"],
            "role": row["role"],
            "chance": f"{row['chance']:.0%}",
            "minutes": f"{row['seconds'] / 60:.1f}",
            "km": f"{row['metres'] / 1000:.1f}",
        }
        for row in shape["routes"]
    ]
    console.emit(rows, False, ("name", "role", "chance", "minutes", "km"))
    console.say(shape["words"])
    for place in shape["forced"]:
        console.say(
            f"staff: {place['road']}, {place['metres']} m at {place['lat']}, {place['lon']}"
        )
    source = shape["source"]
    age = source["data_date"] or "date unknown"
    known = plural(len(shape["havens"]), "haven")
    console.say(f"{known} near the routes, none verified. Map: {source['name']}, {age}")
    console.say(source["licence"])
