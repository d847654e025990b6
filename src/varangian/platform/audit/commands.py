"""``varangian audit ...``"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from varangian.kernel.results import Refused
from varangian.platform.ui import console

from .verify import Broken, verify_bundle

audit = typer.Typer(help="Who read and wrote what, and the proof of it.", no_args_is_help=True)
groups = {"audit": audit}


@audit.command()
def verify(
    bundle: Annotated[Path | None, typer.Argument(help="without one: the living house")] = None,
    as_json: console.AsJson = False,
    key: Annotated[str, typer.Option(metavar="HEX", help="public key of the house")] = "",
) -> None:
    """Verify a bundle offline, or every chain of this house. Exit 1 names the first break."""
    if bundle is None:
        if key:
            raise Refused("--key belongs to a bundle; the house knows its own key")
        _verify_house(as_json)
        return
    if not bundle.is_file():
        raise Refused("There is no such file", where=str(bundle))
    try:
        found = verify_bundle(bundle, key)
    except Broken as broken:
        if as_json:
            row = {"whole": False, "serial": broken.serial, "reason": broken.reason}
            console.emit(row, as_json)
        raise Refused(f"The bundle is broken: {broken}", where=str(bundle)) from broken
    if as_json:
        console.emit({"whole": True, **asdict(found)}, as_json)
    else:
        console.say(found.words())


def _verify_house(as_json: bool) -> None:
    from .live import unsealed, verify_house

    with console.unit(purpose="verify the audit"):
        found, waiting = verify_house(), unsealed()
    broken = [one for one in found if not one.whole]
    if as_json:
        console.emit([asdict(one) | {"whole": one.whole} for one in found], as_json)
    for one in found:
        state = f"broken at {one.serial}: {one.reason}" if one.reason else "whole"
        console.say(f"{one.chain}: {state}, {one.entries} entries, head {one.head[:16]}")
    console.say(f"{waiting} audit entries wait for the next seal.")
    if broken:
        first = broken[0]
        raise Refused(f"The chain is broken at entry {first.serial}: {first.reason}", first.chain)


@audit.command("list")
def list_entries(
    as_json: console.AsJson = False,
    record: str = "",
    kind: str = "",
    table: str = "",
    who: str = "",
    limit: int = 50,
) -> None:
    """The newest entries. Field names only, no content."""
    from . import queries

    with console.unit(purpose="read the audit") as actor:
        found = queries.entries(actor, kind=kind, record=record, table=table, who=who)[:limit]
        people = queries.names(found)
        rows = [queries.shape(row, people) for row in found]
    columns = ("id", "at", "who", "kind", "table", "record", "fields", "purpose")
    console.emit(rows, as_json, columns)


@audit.command()
def export(out: Annotated[Path, typer.Option(help="FILE.zip")]) -> None:
    """The whole chain as a bundle that ``audit verify`` checks offline."""
    from .exports import export_bundle

    with console.unit(purpose="export the audit") as actor:
        manifest = export_bundle(actor=actor, out=out)
    console.say(f"Wrote {out}: {manifest['count']} entries, key {manifest['public_key']}")
