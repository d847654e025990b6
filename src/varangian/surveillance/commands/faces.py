"""``varangian faces ...``"""

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from ..queries import cameras
from ..queries import faces as queries
from ..services.faces import assessing, deciding, records, watchlist
from ..services.faces import evidence as proof
from ..shapes.faces import (
    entry_shape,
    exported_shape,
    looked_shape,
    match_shape,
    picture_shape,
    record_shape,
)

faces = typer.Typer(help="The face watchlist: off until a record is signed.", no_args_is_help=True)
groups = {"faces": faces}
Moment = Annotated[datetime, typer.Option(help="on the clock of the operation")]
Daily = Annotated[str, typer.Option(help="such as 22:00, daily")]
RECORDS = ("id", "label", "state", "valid_from", "valid_until", "drawn_by", "signed_by")
ENTRIES = ("id", "label", "title", "state", "reviewer", "expires_at")
MATCHES = ("id", "last_at", "camera", "entry", "title", "state")


@faces.command("records")
def list_records(operation: str, as_json: console.AsJson = False) -> None:
    """Deployment records of an operation."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "face_record.view", found.compartment_id)
        rows = [record_shape(row, actor) for row in queries.records(actor, found)]
    console.emit(rows, as_json, RECORDS)


@faces.command("draw")
def draw(
    operation: str,
    camera: Annotated[list[UUID], typer.Option(help="repeat for more")],
    purpose: Annotated[str, typer.Option()],
    legal_basis: Annotated[str, typer.Option()],
    necessity: Annotated[str, typer.Option(help="why nothing milder does")],
    dpia: Annotated[str, typer.Option(help="where the impact assessment is")],
    places: Annotated[str, typer.Option()],
    signage: Annotated[str, typer.Option()],
    valid_until: Moment,
    deletion_days: Annotated[int, typer.Option(help="1 to 30")],
    begins: Daily = "",
    ends: Daily = "",
    assessment: Annotated[Path | None, typer.Option(help="the impact assessment, a PDF")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Draw a deployment record as a draft; it is not signed without --assessment. Needs --as."""
    paper = console.read_file(assessment) if assessment else b""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        made = records.draw_record(
            actor=actor, operation=found, cameras=[cameras.camera(actor, pk) for pk in camera],
            purpose=purpose, legal_basis=legal_basis, necessity=necessity, dpia=dpia,
            places=places, signage=signage, deletion_days=deletion_days,
            valid_until=console.in_zone(valid_until, found.time_zone),
            begins=time.fromisoformat(begins) if begins else None,
            ends=time.fromisoformat(ends) if ends else None,
            assessment=paper, assessment_name=assessment.name if assessment else "",
        )  # fmt: skip
        row = record_shape(made, actor)
    console.emit(row, as_json)


@faces.command("assess")
def assess(pk: UUID, file: Path, as_json: console.AsJson = False) -> None:
    """Lay the impact assessment, a PDF, to a draft. Needs --as."""
    data = console.read_file(file)
    with console.unit() as actor:
        found = queries.record(actor, pk)
        made = assessing.keep_assessment(actor=actor, record=found, data=data, name=file.name)
        row = record_shape(made, actor)
    console.emit(row, as_json)


@faces.command("assessment")
def assessment_of(pk: UUID, out: Annotated[Path, typer.Option(metavar="FILE.pdf")]) -> None:
    """Write the impact assessment of a record as a file; opening it is on record."""
    with console.unit() as actor:
        found = queries.record(actor, pk)
        data = assessing.open_assessment(actor=actor, record=found)
    out.write_bytes(data)
    console.say(f"Wrote {out}, SHA-256 {found.assessment_sha256}")


@faces.command("sign")
def sign(
    pk: UUID,
    digest: Annotated[str, typer.Option(help="content_digest of what you read")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Sign a record that another person drew. Needs --as."""
    with console.unit() as actor:
        found = queries.record(actor, pk)
        row = record_shape(records.sign_record(actor=actor, record=found, seen=digest), actor)
    console.emit(row, as_json)


@faces.command("revoke")
def revoke(
    pk: UUID, reason: Annotated[str, typer.Option()], as_json: console.AsJson = False
) -> None:
    """End a record at once. Needs --as."""
    with console.unit() as actor:
        found = queries.record(actor, pk)
        made = records.revoke_record(actor=actor, record=found, reason=reason)
        row = record_shape(made, actor)
    console.emit(row, as_json)


@faces.command("list")
def list_entries(
    operation: str,
    ended: Annotated[bool, typer.Option(help="also what is over")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Whom an operation looks for."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "face_entry.view", found.compartment_id)
        rows = [entry_shape(row) for row in queries.entries(actor, found, ended=ended)]
    console.emit(rows, as_json, ENTRIES)


@faces.command("propose")
def propose(
    operation: str,
    title: str,
    purpose: Annotated[str, typer.Option()],
    legal_basis: Annotated[str, typer.Option()],
    proportionality: Annotated[str, typer.Option()],
    drill: Annotated[str, typer.Option(help="what to do on a confirmed match")],
    reviewer: Annotated[str, typer.Option(metavar="EMAIL")],
    expires_at: Moment,
    case: Annotated[str, typer.Option(help="threat:ID or bolo:ID")] = "",
    reference: Annotated[str, typer.Option(help="of a case kept elsewhere")] = "",
    picture: Annotated[list[Path] | None, typer.Option(help="repeat for more")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Propose somebody for the watchlist. Needs --as."""
    kind, _, pk = case.partition(":")
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        made = watchlist.propose_entry(
            actor=actor, operation=found, title=title, purpose=purpose, legal_basis=legal_basis,
            proportionality=proportionality, drill=drill, reference=reference, case_kind=kind,
            case_id=_id(pk), reviewer=member_by_email(actor, found, reviewer),
            expires_at=console.in_zone(expires_at, found.time_zone),
        )  # fmt: skip
        for path in picture or []:
            data = console.read_file(path)
            watchlist.add_picture(actor=actor, entry=made, data=data, name=path.name)
        row = entry_shape(made)
    console.emit(row, as_json)


def _id(text: str) -> UUID | None:
    from varangian.kernel.results import Refused

    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Refused("A case is threat:ID or bolo:ID", where="--case") from error


@faces.command("picture")
def add_picture(pk: UUID, file: Path, as_json: console.AsJson = False) -> None:
    """Add a picture to an entry; one that cannot be compared is refused in words. Needs --as."""
    with console.unit() as actor:
        entry = queries.entry(actor, pk)
        data = console.read_file(file)
        made = watchlist.add_picture(actor=actor, entry=entry, data=data, name=file.name)
        row = picture_shape(made)
    console.emit(row, as_json)


@faces.command("accept")
def accept(pk: UUID, as_json: console.AsJson = False) -> None:
    """Accept an entry as its reviewer. Needs --as."""
    with console.unit() as actor:
        row = entry_shape(watchlist.accept_entry(actor=actor, entry=queries.entry(actor, pk)))
    console.emit(row, as_json)


@faces.command("remove")
def remove(pk: UUID, as_json: console.AsJson = False) -> None:
    """Erase an entry with its pictures and templates. Needs --as."""
    with console.unit() as actor:
        row = entry_shape(watchlist.remove_entry(actor=actor, entry=queries.entry(actor, pk)))
    console.emit(row, as_json)


@faces.command("candidates")
def candidates(
    operation: str,
    view: Annotated[str, typer.Option(help="waiting, confirmed, denied or all")] = "waiting",
    as_json: console.AsJson = False,
) -> None:
    """What a machine holds for alike."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "face_match.view", found.compartment_id)
        rows = [match_shape(row) for row in queries.matches(actor, found, view=view)[:200]]
    console.emit(rows, as_json, MATCHES)


@faces.command("look")
def look(
    pk: UUID,
    purpose: Annotated[str, typer.Option(help="why you look; it is noted")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="where the pictures are written")],
    as_json: console.AsJson = False,
) -> None:
    """Write both sides of a candidate as files. Needs --as."""
    with console.unit() as actor:
        match = queries.match(actor, pk)
        deciding.look(actor=actor, match=match, purpose=purpose)
        pictures = {f"shot-{n}.jpg": deciding.shot(match, n) for n in _count(len(match.shots))}
        for number in _count(queries.counted(actor, match)):
            pictures[f"entry-{number}.jpg"] = deciding.entry_picture(match, number)
        row: dict[str, Any] = match_shape(match)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in pictures.items():
        (out / name).write_bytes(data)
    console.emit({**row, "files": sorted(pictures)}, as_json)


def _count(number: int) -> range:
    return range(1, number + 1)


@faces.command("decide")
def decide(
    pk: UUID,
    confirmed: Annotated[bool, typer.Option("--confirm/--deny")],
    words: Annotated[str, typer.Option(help="what you go by")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Say that it is this person, or not; only after a look. Needs --as."""
    with console.unit() as actor:
        match = queries.match(actor, pk)
        made = deciding.decide(actor=actor, match=match, confirmed=confirmed, words=words)
        row = match_shape(made)
    console.emit(row, as_json)


@faces.command("looked")
def looked(operation: str, as_json: console.AsJson = False) -> None:
    """Who looked at candidates, and why."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "face_match.oversee", found.compartment_id)
        rows = [looked_shape(row) for row in queries.views(actor, found)[:200]]
    console.emit(rows, as_json, ("at", "person", "camera", "purpose"))


@faces.command("evidence")
def evidence(
    pk: UUID,
    purpose: Annotated[str, typer.Option(help="why it leaves the house; it is noted")],
    out: Annotated[Path, typer.Option(metavar="FILE.zip")],
    as_json: console.AsJson = False,
) -> None:
    """Take a confirmed candidate out as a zip that ``audit verify`` checks offline. Needs --as."""
    with console.unit() as actor:
        match = queries.match(actor, pk)
        taken = proof.export_evidence(actor=actor, match=match, purpose=purpose)
        row = exported_shape(taken.record)
        out.touch(mode=0o600)
        out.write_bytes(taken.data)
    console.emit({**row, "file": str(out)}, as_json)


@faces.command("exports")
def list_exports(operation: str, as_json: console.AsJson = False) -> None:
    """Who took a candidate out as evidence, and why."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "face_match.oversee", found.compartment_id)
        rows = [exported_shape(row) for row in queries.exports(actor, found)[:200]]
    console.emit(rows, as_json, ("at", "person", "camera", "purpose", "sha256"))
