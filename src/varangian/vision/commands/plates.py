"""Number plates in pictures and recordings. Nothing is kept, compared or looked up."""

from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.engines.vision import catalogue
from varangian.engines.vision.faces import pictures
from varangian.engines.vision.gate import Motion
from varangian.engines.vision.pipeline import Habits, Pipeline
from varangian.engines.vision.plates import PlateReader, PlateWatch, vote
from varangian.engines.vision.plates.countries import chosen
from varangian.engines.vision.plates.place import KINDS
from varangian.engines.vision.plates.watch import plain_answer
from varangian.engines.vision.sources.file import File
from varangian.engines.vision.tracker import ByteTracker
from varangian.kernel.results import Refused
from varangian.platform.ui import console

from .run import DOUBTFUL, Fps, Which

COLUMNS = ("at", "plate", "country", "confidence", "agreeing_shots", "shots", "whole")


def read_plates(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a picture, or a recording")],
    countries: Annotated[str, typer.Option(help='such as "GB, FR"; empty: all clear ones')] = "",
    whole: Annotated[
        bool, typer.Option(help="of a picture: all of it is one vehicle, none is looked for")
    ] = False,
    fps: Fps = 5.0,
    detector: Which = "nanodet",
    as_json: console.AsJson = False,
) -> None:
    """Plates of the vehicles in it. A picture is one shot: a camera wants two that agree."""
    if not file.is_file():
        raise Refused("There is no such file", where=str(file), mend="Check the path.")
    reader = PlateReader(chosen(countries))
    if file.suffix.lower() in pictures.SUFFIXES:
        rows = _picture(file, reader, detector, whole=whole)
    else:
        rows = _recording(file, reader, detector, fps)
    if as_json or rows:
        console.emit(rows, as_json, COLUMNS)
    else:
        console.say("No plate was read")


def _picture(
    file: Path, reader: PlateReader, detector: str, *, whole: bool
) -> list[dict[str, Any]]:
    image = pictures.read(file)
    high, wide = image.shape[:2]
    if whole:
        seen = [((0.0, 0.0, float(wide), float(high)), "car")]
    else:
        found = catalogue.detector(detector).detect(image)
        seen = [(one.box, one.kind) for one in found if one.kind in KINDS]
    rows = []
    for box, kind in seen:
        look = reader.look(image, box, kind)
        answer = vote([look.read], reader.among, agree=1) if look else None
        if look and answer:
            told = {"at": None, "kind": kind, **plain_answer(answer, look.height)}
            rows.append({**told, "box": [round(side, 1) for side in box]})
    return rows


def _recording(file: Path, reader: PlateReader, detector: str, fps: float) -> list[dict[str, Any]]:
    watch = PlateWatch(reader)
    line = Pipeline(
        File(file, fps=fps),
        Motion(),
        catalogue.detector(detector, least=DOUBTFUL),
        ByteTracker(),
        habits=Habits(tell=0),
        plates=watch,
    )
    rows, at = [], 0.0
    for event in line.run():
        at = event.at
        if event.name == "source.failed":
            raise Refused(f"The recording has failed: {event.detail['reason']}", str(file))
        if event.name == "plate.read":
            rows.append({"at": round(event.at, 2), **event.detail})
    return rows + [{"at": round(event.at, 2), **event.detail} for event in watch.end(at)]
