"""``varangian roster ...``: rosters from and to files."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.engines.rostering import Answer, Step, repair, solve
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.platform.ui import console

from ..rosterfile.answering import answer_shape, impossible_shape
from ..rosterfile.reading import Read, read_roster, sick_call
from ..rosterfile.schema import RosterFile

roster = typer.Typer(help="Duty rosters.", no_args_is_help=True)
groups = {"roster": roster}

File = Annotated[Path, typer.Argument(metavar="INPUT.json", help="see roster schema")]
Seconds = Annotated[float | None, typer.Option(min=0.5, max=3600, help="time for the search")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="processor cores")]
Before = Annotated[
    Path | None, typer.Option("--from", help="an earlier answer whose roster is taken over")
]
FAIR_SHARE = 0.25


@roster.command("solve")
def solve_roster(
    file: File,
    seconds: Seconds = None,
    workers: Workers = 2,
    before: Before = None,
    explain: Annotated[bool, typer.Option(help="also list every impossible pair")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Fill the shifts of a file by the rules: what is open first, then fairness and wishes."""
    read = _read(file, before)
    limit = seconds or _usual(read)
    answer = solve(
        read.problem, read.assignments, seconds=limit, fair_seconds=limit * FAIR_SHARE,
        workers=workers, tell=_tell,
    )  # fmt: skip
    more = {"impossible": impossible_shape(read.problem)} if explain else {}
    _emit(read, answer, as_json, more)


@roster.command("repair")
def repair_roster(
    file: File,
    sick: Annotated[str, typer.Option(metavar="OFFICER[:FROM[/TO]]", help="who, and from when")],
    seconds: Seconds = None,
    workers: Workers = 2,
    before: Before = None,
    as_json: console.AsJson = False,
) -> None:
    """Give the duties of a sick officer to others, with as few changes as can be."""
    read = _read(file, before)
    if not read.assignments:
        raise Refused(
            "There is no roster to repair",
            f"{file}: assignments",
            "Put the assignments of an answer into the file, or name the answer with --from.",
        )
    officer, since, until = sick_call(sick, read.problem)
    answer = repair(
        read.problem, read.assignments, officer, since, until,
        seconds=seconds or 10, workers=workers,
    )  # fmt: skip
    _emit(read, answer, as_json, {})


@roster.command("schema")
def show_schema() -> None:
    """The JSON schema of the file that solve and repair read."""
    typer.echo(json.dumps(RosterFile.model_json_schema(by_alias=True), indent=2))


def _read(file: Path, before: Path | None) -> Read:
    data = console.read_file(file)
    if before is not None:
        data = _with_assignments(data, console.read_file(before), str(before))
    read = read_roster(data)
    for fault in read.faults:
        console.say(f"left out: {Refused(fault.what, fault.where, fault.mend)}")
    for note in read.notes:
        console.say(note)
    return read


def _with_assignments(data: bytes, answer: bytes, where: str) -> bytes:
    try:
        taken = json.loads(answer)["assignments"]
        document = json.loads(data)
        document["assignments"] = taken
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            "This holds no roster", where, "Name the output of varangian roster solve --json."
        ) from error
    return json.dumps(document).encode()


def _usual(read: Read) -> float:
    """Longer for more officers."""
    count = len(read.problem.officers)
    return 10.0 if count <= 40 else 30.0 if count <= 200 else 75.0


def _tell(step: Step) -> None:
    words = {"first": "first roster", "cover": "closing gaps", "fair": "evening out"}[step.stage]
    unfair = f", {step.unfairness:.0f} h of unevenness" if step.stage == "fair" else ""
    console.say(f"{step.seconds:6.1f} s  {words}: {step.open} open{unfair}")


def _emit(read: Read, answer: Answer, as_json: bool, more: dict[str, Any]) -> None:
    shape = {**answer_shape(read, answer), **more}
    if as_json:
        console.emit(shape, True)
        return
    shifts = {s.id: s for s in read.problem.shifts}
    rows = [
        {**pair, "post": shifts[pair["shift"]].post, "start": shifts[pair["shift"]].start}
        for pair in shape["changes"] or shape["assignments"]
    ]
    console.emit(rows, False, ("start", "shift", "post", "officer", "change"))
    for gap in shape["gaps"]:
        lacking = ", ".join(f"{n['count']} {n['kind']} {n['name']}" for n in gap["lacking"])
        console.say(
            f"open: {gap['shift']}: {gap['missing']} missing, lacking {lacking or 'nothing'}"
        )
    for clash in shape["conflicts"]:
        console.say(clash["words"])
    told = shape["summary"]
    unmet = plural(told["needs_unmet"], "need") + " unmet"
    console.say(f"{told['filled']} of {told['places']} places filled, {unmet}")
