"""``varangian camera find``: who looked so before the cameras one may search."""

from pathlib import Path
from typing import Annotated

import typer

from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.platform.ui import console

from ..queries import looks as queries
from ..services import looks as services
from ..shapes.looks import search_shape

COLUMNS = ("begun_at", "camera", "kind", "looks", "words")


def find_looks(
    words: Annotated[str, typer.Argument(help="such as: grey coat, red bag, after 14:00")],
    purpose: Annotated[str, typer.Option(help="why you search; it is put on record")],
    operation: Annotated[str, typer.Option(help="its cameras alone")] = "",
    days: Annotated[int, typer.Option(help="how far back")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="where the small pictures are put")
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Find people and vehicles by how they looked. A person searches: say who with --as.

    Cameras tell the colours of coat, trousers and bag, and of vehicles. They know nobody again.
    """
    with console.unit() as actor:
        found_in = operations.operation(actor, operation) if operation else None
        cameras = queries.searchable(actor, found_in)
        found = services.find_looks(
            actor=actor, words=words, purpose=purpose, cameras=cameras, days=days
        )
        shape = search_shape(found)
    if out is not None:
        _write(out, found)
    console.emit(shape if as_json else shape["hits"], as_json, COLUMNS)
    more = f"; {found.more} earlier ones agree too, narrow the hours" if found.more else ""
    records, where = plural(found.weighed, "record"), plural(found.searched, "camera")
    console.say(f"{plural(len(found.hits), 'hit')} in {records} of {where}{more}")


def _write(folder: Path, found: services.Search) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in found.hits:
            if one.crop:
                name = f"{one.row.begun_at:%Y%m%dT%H%M%S}-{one.row.pk}.jpg"
                (folder / name).write_bytes(one.crop)
    except OSError as error:
        raise Refused("The pictures cannot be written there", where=str(folder)) from error
