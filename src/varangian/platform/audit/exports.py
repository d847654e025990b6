"""The audit as a bundle for a stranger, and as a table for a spreadsheet."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from varangian.platform.access.scope import Actor, system_read
from varangian.platform.ui.sheets import MOST_ROWS, written

from .bundle import write_bundle
from .models import AuditEntry, AuditSeal, Checkpoint
from .queries import names, require_auditor, shape
from .services import content, note, seal_all

NEWEST_CHECKPOINTS = 1000
COLUMNS = ("id", "at", "kind", "who", "table", "record", "fields", "purpose", "sealed_as")


@system_read("the auditor hands out the whole chain, without the changed values")
def export_bundle(*, actor: Actor, out: Path | BinaryIO) -> dict[str, Any]:
    """Seals what waits, then writes all entries. Changes stay behind as their digest."""
    require_auditor(actor)
    note(kind="export", purpose="audit bundle", actor=actor)
    seal_all()
    seals = AuditSeal.objects.select_related("entry").order_by("serial")
    points = Checkpoint.objects.order_by("-pk")[:NEWEST_CHECKPOINTS]
    return write_bundle(
        out,
        kind="audit",
        what={"house": "of this house"},
        entries=_lines(seals.iterator(2000)),
        checkpoints=[_point(point) for point in points],
    )


def _lines(seals: Iterable[AuditSeal]) -> Iterator[dict[str, Any]]:
    for seal in seals:
        yield {
            "serial": seal.serial,
            "previous": seal.previous,
            "hash": seal.hash,
            "content": content(seal.entry),
        }


def _point(point: Checkpoint) -> dict[str, Any]:
    return {
        "at": point.at.isoformat(),
        "serial": point.serial,
        "hash": point.hash,
        "public_key": point.public_key,
        "signature": point.signature,
    }


def export_csv(*, actor: Actor, rows: Any) -> str:
    """The newest rows of a filter. Cells that a spreadsheet would run are quoted."""
    require_auditor(actor)
    note(kind="export", purpose="audit CSV", actor=actor)
    chosen: list[AuditEntry] = list(rows[:MOST_ROWS])
    people = names(chosen)
    shown = (shape(row, people) for row in chosen)
    return written({column: row[column] for column in COLUMNS} for row in shown)
