"""The log on paper and as a bundle that a stranger can verify. Every export is audited."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from zoneinfo import ZoneInfo

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.bundle import write_bundle
from varangian.platform.audit.services import note
from varangian.platform.ui.pdf import render

from . import queries
from .models import LogEntry

if TYPE_CHECKING:
    from varangian.operations.models import Operation

KEEP_PRINTED = timedelta(days=90)


def export_bundle(*, actor: Actor, operation: "Operation", out: Path | BinaryIO) -> dict[str, Any]:
    """Zip with all entries, their words and salts; returns the manifest."""
    require(actor, "log.export", operation.compartment_id)
    rows = queries.unbroken(actor, operation)
    what = {"operation": operation.slug, "id": str(operation.pk)}
    manifest = write_bundle(out, kind="log", what=what, entries=_lines(rows.iterator(500)))
    note(kind="export", record=operation, purpose="log bundle", actor=actor)
    return manifest


def _lines(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        (line,) = queries.links([row])
        yield {**line, "body": row.body or None}


def export_pdf(*, actor: Actor, operation: "Operation") -> bytes:
    require(actor, "log.export", operation.compartment_id)
    rows = list(queries.unbroken(actor, operation))
    if not rows:
        raise Refused("The log is empty", where=operation.slug)
    state = queries.walked(rows)
    if state.broken:
        raise Refused(
            f"The chain is broken at entry {state.broken.serial}: {state.broken.reason}",
            mend="Run varangian audit verify and tell the auditor.",
        )
    note(kind="export", record=operation, purpose="log PDF", actor=actor)
    return render("log/log.typ", _printed(operation, rows, actor))


def _printed(operation: "Operation", rows: list[LogEntry], actor: Actor) -> dict[str, Any]:
    zone = ZoneInfo(operation.time_zone)
    corrected = {row.corrects: row.serial for row in rows if row.corrects}
    first, last = (f"{row.at.astimezone(zone):%d %b %Y}" for row in (rows[0], rows[-1]))
    return {
        "house": {
            "title": "Operations log",
            "subtitle": f"{operation.title}, {first} to {last}, times of {operation.time_zone}",
            "classification": "Restricted",
            "serial": f"{operation.slug.upper()} LOG",
            "version": str(rows[-1].serial),
            "destroy_after": f"{now() + KEEP_PRINTED:%d %b %Y}",
            "copy": str(actor),
        },
        "facts": [
            ["Operation", f"{operation.slug} · {operation.get_state_display()}"],
            ["Entries", f"{rows[0].serial} to {rows[-1].serial}"],
        ],
        "entries": [_row(row, zone, corrected) for row in rows],
        "head": {"serial": str(rows[-1].serial), "hash": rows[-1].hash},
    }


def _row(row: LogEntry, zone: ZoneInfo, corrected: dict[int | None, int]) -> dict[str, str]:
    body = row.body
    late = (row.recorded_at - row.at) > timedelta(minutes=1)
    return {
        "serial": str(row.serial),
        "at": f"{row.at.astimezone(zone):%d %b %H:%M:%S %Z}",
        "recorded": f"{row.recorded_at.astimezone(zone):%d %b %H:%M}" if late else "",
        "parties": " → ".join(p for p in (body.get("from"), body.get("to")) if p),
        "event": body.get("event", "") or "[erased]",
        "action": body.get("action", ""),
        "corrects": str(row.corrects or ""),
        "corrected": str(corrected.get(row.serial, "")),
        "author": row.author,
        "kind": row.topic if row.kind == "auto" else row.kind,
    }
