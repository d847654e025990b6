"""``varangian behaviours ...``: rules of a camera from a file. No database is needed."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.engines.vision import catalogue
from varangian.engines.vision.behaviours import (
    FollowLimits,
    following,
    look_over,
    read,
    read_ground,
    read_tracks,
    schema,
)
from varangian.engines.vision.model import Event
from varangian.engines.vision.sources.file import File
from varangian.engines.vision.trial import trial
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.platform.ui import console

from .. import preview

behaviours = typer.Typer(help="Rules of behaviour of a camera.", no_args_is_help=True)
groups = {"behaviours": behaviours}

Rules = Annotated[Path, typer.Argument(metavar="RULES.yaml", help="see behaviours schema")]
Size = Annotated[str, typer.Option(metavar="W,H", help="of the frames; else as the file says")]
DOUBTFUL = 0.2
MOST_BYTES = 500 * 1024 * 1024


@behaviours.command("check")
def check_rules(file: Rules, size: Size = "", as_json: console.AsJson = False) -> None:
    """Find what is wrong with a file of rules: which rule, which key, how to mend it.

    Exit code 1 when there is a fault.
    """
    found = look_over(_text(file), _size(size))
    rows = [asdict(fault) for fault in found.faults]
    if as_json:
        shape = {"rules": len(found.behaviours), "faults": rows, "notes": found.notes}
        console.emit(shape, True)
    else:
        console.emit(rows, False, ("where", "what", "mend"))
        for note in found.notes:
            console.say(note)
    good = plural(len(found.behaviours), "rule")
    console.say(f"{good} can be used, {plural(len(rows), 'fault')}")
    if rows:
        raise typer.Exit(1)


@behaviours.command("run")
def run_rules(
    file: Rules,
    clip: Annotated[Path | None, typer.Argument(metavar="[CLIP]", help="a recording")] = None,
    tracks: Annotated[
        Path | None, typer.Option(metavar="TRACKS.jsonl", help="instead: one box a line")
    ] = None,
    size: Size = "",
    began: Annotated[str, typer.Option(help="time of second 0, for hours (ISO 8601)")] = "",
    out: Annotated[
        Path | None, typer.Option(help="of a clip: a folder for stills, or NAME.mp4")
    ] = None,
    fps: Annotated[float, typer.Option(min=0.5, max=30, help="frames looked at a second")] = 5.0,
    detector: Annotated[str, typer.Option(help="nanodet, or FAMILY:PATH of an ONNX file")] = (
        "nanodet"
    ),
    as_json: console.AsJson = False,
) -> None:
    """What the rules say of a recording or of recorded tracks: a preview before they watch.

    With --json one event a line, as the pipeline says it. With --out stills or a clip that show
    the rules, everybody seen and whom each event is of.
    """
    if (clip is None) == (tracks is None):
        raise Refused("One recording is tried", "CLIP, --tracks", "Name a clip, or --tracks FILE.")
    if tracks is not None:
        _on_tracks(file, tracks, size, began, as_json=as_json)
        return
    assert clip is not None
    if not clip.is_file():
        raise Refused("There is no such recording", str(clip), "Check the path.")
    kept = preview.keeper(out) if out else None
    events, frames = [], 0
    steps = trial(
        File(clip, fps=fps), _text(file), catalogue.detector(detector, least=DOUBTFUL),
        began=_moment(began),
    )  # fmt: skip
    for step in steps:
        events += step.events
        frames += 1
        if kept is not None:
            kept.take(step)
    _emit(events, as_json)
    put = f"; {kept.close()}" if kept is not None else ""
    console.say(f"{plural(len(events), 'event')} in {plural(frames, 'frame')}{put}")


def _on_tracks(file: Path, tracks: Path, size: str, began: str, *, as_json: bool) -> None:
    rules = read(_text(file), _size(size), began=_moment(began))
    frames, unread = read_tracks(_lines(tracks))
    for one in unread[:20]:
        console.say(f"left out: {Refused(one.what, f'{tracks}, line {one.line}', one.mend)}")
    events = [event for at, seen in frames for rule in rules for event in rule.look(at, seen)]
    _emit(events, as_json)
    left = f", {plural(len(unread), 'line')} left out" if unread else ""
    console.say(f"{plural(len(events), 'event')} in {plural(len(frames), 'frame')}{left}")


@behaviours.command("following")
def find_following(
    principal: Annotated[
        Path, typer.Argument(metavar="PRINCIPAL.jsonl", help="the principal's own tracks")
    ],
    others: Annotated[Path, typer.Argument(metavar="OTHERS.jsonl", help="everybody else's")],
    lag: Annotated[str, typer.Option(metavar="FROM,TO", help="seconds behind")] = "2,60",
    near: Annotated[float, typer.Option(min=0.1, help="metres from the way")] = 2.5,
    way: Annotated[float, typer.Option(min=1, help="metres that must be followed")] = 60.0,
    as_json: console.AsJson = False,
) -> None:
    """Does somebody walk the principal's way behind them, from camera to camera?

    A line a place: {"camera": "gate", "track": "7", "at": 12.5, "x": 3.1, "y": 40.2}, in seconds of
    one clock and metres on one ground. No face is used, and no figure is of a person.
    """
    limits = FollowLimits(lag_s=_pair(lag), near_m=near, way_m=way)
    read_in = []
    for named in (principal, others):
        rows, unread = read_ground(_lines(named))
        for one in unread[:20]:
            console.say(f"left out: {Refused(one.what, f'{named}, line {one.line}', one.mend)}")
        read_in.append(rows)
    found = following(read_in[0], read_in[1], limits)
    rows = [one.shape() for one in found]
    console.emit(rows, as_json, ("lag_s", "way_m", "cameras", "turns", "stops", "words"))
    console.say(f"{plural(len(rows), 'follower')} in {plural(len(read_in[1]), 'track')}")


def _pair(words: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in words.split(","))
    except ValueError as error:
        raise Refused("This is no pair of seconds", "--lag", "Write it as 2,60.") from error
    return low, high


@behaviours.command("schema")
def show_schema() -> None:
    """The JSON Schema of a file of rules."""
    typer.echo(json.dumps(schema(), indent=2))


def _emit(events: Iterable[Event], as_json: bool) -> None:
    if as_json:
        for event in events:
            typer.echo(json.dumps(asdict(event), ensure_ascii=False))
        return
    rows: list[dict[str, Any]] = [
        {"at": f"{event.at:.1f}", "rule": event.detail["rule"], "what": event.detail["words"]}
        for event in events
    ]
    console.emit(rows, False, ("at", "rule", "what"))


def _text(file: Path) -> str:
    try:
        return console.read_file(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("The file is not UTF-8", str(file), "Save it again as UTF-8.") from error


def _lines(file: Path) -> list[str]:
    return console.read_file(file, MOST_BYTES).decode("utf-8", "replace").splitlines()


def _size(words: str) -> tuple[int, int] | None:
    if not words:
        return None
    wide, _, high = words.replace("x", ",").partition(",")
    if not (wide.strip().isdecimal() and high.strip().isdecimal()):
        raise Refused("This is no size", "--size", "Write W,H, as 768,432.")
    return int(wide), int(high)


def _moment(words: str) -> float | None:
    if not words:
        return None
    mend = "Write it with its zone, as 2027-03-01T22:00:00+02:00."
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise Refused("This is no time", "--began", mend) from error
    if moment.tzinfo is None:
        raise Refused("The time has no zone", "--began", mend)
    return moment.timestamp()
