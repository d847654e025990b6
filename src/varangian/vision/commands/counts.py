"""How many people there are: of a camera of the house, or of a recording."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.engines.vision import catalogue
from varangian.engines.vision.behaviours import read
from varangian.engines.vision.counts import counter_of
from varangian.engines.vision.gate import Motion
from varangian.engines.vision.pipeline import Pipeline
from varangian.engines.vision.sources.decode import size_of
from varangian.engines.vision.sources.file import File
from varangian.engines.vision.tracker import ByteTracker
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.ui import console

COLUMNS = ("zone", "title", "inside", "entered", "left", "most", "per_m2", "as_of")
DOUBTFUL = 0.2


def count_people(
    source: Annotated[str, typer.Argument(help="the id of a camera, or a recording")],
    since: Annotated[str, typer.Option(help="ISO 8601 with zone; else an hour ago")] = "",
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="of a recording: zones and lines as YAML")
    ] = None,
    fps: Annotated[float, typer.Option(min=0, max=60)] = 5.0,
    as_json: console.AsJson = False,
) -> None:
    """People in, out and inside by zone, without knowing who.

    A camera of the house has counted already; a recording is looked through now.
    """
    try:
        pk = UUID(source)
    except ValueError:
        rows = _recording(Path(source), rules, fps)
    else:
        rows = _camera(pk, since)
    console.emit(rows, as_json, COLUMNS)


def _camera(pk: UUID, since: str) -> list[dict[str, Any]]:
    from varangian.surveillance.queries.cameras import camera
    from varangian.surveillance.services.counts import counts_since

    with console.unit() as actor:
        return counts_since(camera(actor, pk), _moment(since))


def _moment(words: str) -> datetime:
    if not words:
        return now() - timedelta(hours=1)
    mend = "Write it with its zone, as 2027-03-01T22:00:00+02:00."
    try:
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise Refused("This is no time", "--since", mend) from error
    if at.tzinfo is None:
        raise Refused("The time has no zone", "--since", mend)
    return at


def _recording(file: Path, rules: Path | None, fps: float) -> list[dict[str, Any]]:
    if not file.is_file():
        raise Refused(
            "There is no such recording", str(file), "Give a file, or the id of a camera."
        )
    size = size_of(str(file))
    text = console.read_file(rules).decode("utf-8", "replace") if rules else ""
    counter = counter_of(read(text, size) if text else [], size)
    line = Pipeline(
        File(file, fps=fps),
        Motion(),
        catalogue.detector(least=DOUBTFUL),
        ByteTracker(),
        [_Quiet(counter)],
    )
    for event in line.run():
        if event.name == "source.failed":
            raise Refused(f"The recording has failed: {event.detail['reason']}", str(file))
    zones = [
        {
            "zone": one.zone, "title": one.zone, "inside": one.people, "entered": one.entered,
            "left": one.left, "most": one.most, "per_m2": one.per_m2, "as_of": counter.scene.at,
        }
        for one in counter.zone_counts()
    ]  # fmt: skip
    doors = [
        {"zone": one.door, "title": one.door, "entered": one.entered, "left": one.left}
        for one in counter.door_counts()
    ]
    return zones + doors


class _Quiet:
    """A counter as a behaviour that tells nothing on its way."""

    def __init__(self, counter: Any) -> None:
        self.counter = counter

    def look(self, at: float, tracked: Any) -> tuple[()]:
        self.counter.look(at, tracked)
        return ()
