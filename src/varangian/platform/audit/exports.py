"""The audit as a bundle for a stranger, and as a table for a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO

from varangian.platform.access.scope import Actor, system_read

from .bundle import write_bundle
from .models import AuditEntry, AuditSeal, Checkpoint
from .queries import names, require_auditor, shape
from .services import content, note, seal_all

NEWEST_CHECKPOINTS = 1000
MOST_ROWS = 20_000
RISKY = ("=", "+", "-", "@", "\t", "\r")


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
    out = StringIO()
    writer = csv.writer(out)
    columns = ("id", "at", "kind", "who", "table", "record", "fields", "purpose", "sealed_as")
    writer.writerow(columns)
    for row in chosen:
        shown = shape(row, people)
        writer.writerow([_cell(shown[column]) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> str:
    words = "" if value is None else str(value)
    return f"'{words}" if words.startswith(RISKY) else words
