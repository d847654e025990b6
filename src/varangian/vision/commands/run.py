"""Watch one source and say what happens, an event a line."""

import json
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import time
from typing import Annotated, Any

import typer

from varangian.engines.vision import catalogue
from varangian.engines.vision.gate import Always, Motion
from varangian.engines.vision.model import Behaviour, Event
from varangian.engines.vision.pipeline import Pipeline
from varangian.engines.vision.sources.address import is_live
from varangian.engines.vision.sources.decode import size_of
from varangian.engines.vision.sources.file import File
from varangian.engines.vision.sources.live import Live
from varangian.engines.vision.tracker import ByteTracker
from varangian.kernel.results import Refused
from varangian.platform.ui import console

DOUBTFUL = 0.2  # the tracker uses weak boxes to hold tracks, never to begin them
BEHAVIOURS = "varangian.engines.vision.behaviours"

Which = Annotated[str, typer.Option(help="nanodet, or FAMILY:PATH of an ONNX file")]
Fps = Annotated[float, typer.Option(min=0, max=60, help="frames looked at a second; 0: all")]


def run_source(
    source: Annotated[str, typer.Argument(help="file, rtsp:// or http:// address")],
    fps: Fps = 5.0,
    detector: Which = "nanodet",
    rules: Annotated[Path | None, typer.Option(metavar="FILE", help="behaviours as YAML")] = None,
    gate: Annotated[bool, typer.Option(help="look only where something moves")] = True,
    faces: Annotated[bool, typer.Option(help="judge shots of faces; compares nobody")] = False,
    tries: Annotated[int, typer.Option(min=1, help="openings of a camera before giving up")] = 5,
    as_json: console.AsJson = False,
) -> None:
    """Follow people and vehicles in a recording or a camera's stream."""
    live = is_live(source)
    line = Pipeline(
        Live(source, fps=fps, tries=tries) if live else File(source, fps=fps),
        Motion() if gate else Always(),
        catalogue.detector(detector, least=DOUBTFUL),
        ByteTracker(),
        _behaviours(rules, source, live=live) if rules else (),
        _faces() if faces else None,
    )
    failed = ""
    for event in line.run():
        typer.echo(json.dumps(asdict(event), ensure_ascii=False) if as_json else _words(event))
        if event.name == "source.failed" or (
            event.name == "source.lost" and "retry_in" not in event.detail
        ):
            failed = event.detail["reason"]
    if failed:
        raise Refused(f"The source has failed: {failed}", mend="Check it with another player.")
    counts = line.counts
    console.say(f"{counts.frames} frames, {counts.looked} of them looked at")


def _words(event: Event) -> str:
    track = f" track {event.track}" if event.track is not None else ""
    detail = ", ".join(f"{key} {_brief(value)}" for key, value in event.detail.items())
    return f"{event.at:9.2f} s  {event.name}{track}  {detail}"


def _brief(value: Any) -> str:
    if isinstance(value, list):
        between = "; " if any(isinstance(part, str) for part in value) else " "
        return between.join(f"{part:g}" if isinstance(part, float) else str(part) for part in value)
    return str(value)


def _behaviours(rules: Path, source: str, *, live: bool) -> list[Behaviour]:
    """A camera's clock begins now, so rules with hours apply; that of a recording is not known."""
    if not rules.is_file():
        raise Refused("There is no such file", where=str(rules), mend="Check the path.")
    if find_spec(BEHAVIOURS) is None:
        raise Refused(
            "This build has no behaviours", where="--rules", mend="Run without the option."
        )
    read = import_module(BEHAVIOURS).read
    text = rules.read_text("utf-8")
    if live:
        return read(text, size=size_of(source), began=time())
    return read(text, size=size_of(source))


def _faces() -> Any:
    from varangian.engines.vision.faces.centerface import CenterFace
    from varangian.engines.vision.faces.dlib_resnet import DlibResNet
    from varangian.engines.vision.faces.watch import FaceWatch

    return FaceWatch(CenterFace(), DlibResNet())
