"""``varangian clip ...``: clips and pictures from the ground, pushed in parts that resume."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid5

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.ui import console

from ..queries import cameras as camera_queries
from ..queries import clips as queries
from ..services import clips as services
from ..shapes import clip_shape

clip = typer.Typer(help="Clips and pictures from the ground.", no_args_is_help=True)
groups = {"clip": clip}
COLUMNS = ("id", "taken_at", "person", "what", "media_type", "size", "received", "whole_at")
At = Annotated[tuple[float, float] | None, typer.Option(help="latitude and longitude")]
ACTS = UUID("0d5cfa2e-3c1e-5b0c-9a3e-6f1f0a7f2b11")
"""The same file of the same person in the same operation is the same push, also next day."""


@clip.command("list")
def list_clips(operation: str, as_json: console.AsJson = False) -> None:
    """Clips of an operation, the newest first."""
    with console.unit() as actor:
        found = queries.clips(actor, operations.operation(actor, operation))[:200]
        rows = [clip_shape(row) for row in found]
    console.emit(rows, as_json, COLUMNS)


@clip.command("push")
def push(
    file: Path,
    operation: Annotated[str, typer.Option(help="whose members see it")],
    what: Annotated[str, typer.Option(help="what it shows")] = "",
    camera: Annotated[
        UUID | None, typer.Option(help="it is of this camera: its place and name are taken over")
    ] = None,
    at: At = None,
    as_json: console.AsJson = False,
) -> None:
    """Push a clip or picture in parts. What broke off goes on when it is pushed again."""
    size, head, digest = _read(file)
    media_type = services.kind_of(head)
    taken_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        where, words = list(at) if at else None, what
        if camera is not None:
            of = camera_queries.camera(actor, camera)
            if of.operation_id != found.pk:  # pyright: ignore
                raise Refused("This camera belongs to another operation", where=of.name)
            where = where or list(of.position or []) or None
            words = f"{of.name}: {what}" if what else of.name
        row = services.begin_clip(
            actor=actor, operation=found, act=uuid5(ACTS, f"{actor.pk}:{found.pk}:{digest}"),
            what=words, media_type=media_type, size=size, sha256=digest, taken_at=taken_at,
            position=where,
        )  # fmt: skip
    console.emit(_parts(file, row.pk, row.received, size, row.whole_at is not None), as_json)


def _parts(file: Path, pk: UUID, received: int, size: int, whole: bool) -> dict:
    """Each part in a transaction of its own: what has arrived stays."""
    if whole:
        console.say("It is there already, whole and checked.")
    elif received:
        console.say(f"Going on at {received * 100 // size} %")
    with console.shares("Pushing") as tell, file.open("rb") as stream:
        while not whole:
            tell("", received / size)
            stream.seek(received)
            data = stream.read(services.MOST_PART)
            with console.unit() as actor:
                found = queries.clip(actor, pk, "clip.add")
                row = services.take_part(actor=actor, clip=found, offset=received, data=data)
            if row.received <= received and row.whole_at is None:
                raise Refused("The file changed while it was pushed", where=str(file))
            received, whole = row.received, row.whole_at is not None
    with console.unit() as actor:
        return clip_shape(queries.clip(actor, pk, "clip.add"))


def _read(file: Path) -> tuple[int, bytes, str]:
    if not file.is_file():
        raise Refused("There is no such file", where=str(file))
    told, head = hashlib.sha256(), b""
    with file.open("rb") as stream:
        while data := stream.read(services.MOST_PART):
            head = head or data[:16]
            told.update(data)
    return file.stat().st_size, head, told.hexdigest()


@clip.command("open")
def open_clip(
    pk: UUID, out: Annotated[Path, typer.Option(metavar="FILE", help="where it is put")]
) -> None:
    """Take a clip out; the opening is on record. A person opens: say who with --as."""
    with console.unit() as actor:
        found = queries.clip(actor, pk)
        try:
            with out.open("wb") as target:
                for data in services.open_clip(actor=actor, clip=found):
                    target.write(data)
        except OSError as error:
            raise Refused("The clip cannot be written there", where=str(out)) from error
