"""Evidence of an event as a zip that a stranger verifies offline, signed with the key of the house.
It is not encrypted: whoever carries it carries the pictures."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.db import transaction

from varangian.kernel.chain import START, link
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.bundle import write_bundle

from ..models import KeptEvent, KeptUse
from .faces.common import named, say
from .kept import Kind, digest_of, file_of, held_kept, record_use
from .watching import purpose_of


@dataclass(frozen=True)
class TakenOut:
    """What is handed out, and the row that says so."""

    record: KeptUse
    data: bytes
    name: str


@transaction.atomic
def export_kept(*, actor: Actor, kept: KeptEvent, purpose: str) -> TakenOut:
    """On record before it leaves; refused when it is not what was kept."""
    require(actor, "kept_event.export", kept.compartment_id)
    named(actor, "take evidence out")
    row, why, at = held_kept(actor, kept), purpose_of(purpose), now()
    files = {told["name"]: data for told, data in _read(row)}
    data = _bundle(row, files, actor, why, at)
    made = record_use(row, Kind.EXPORTED, actor, why, sha256(data).hexdigest())
    say(row, "exported", f"{row.label} taken out, SHA-256 {made.sha256}", actor)
    return TakenOut(made, data, f"event-{row.label.lower()}-{at:%Y%m%d-%H%M%S}.zip")


def _read(row: KeptEvent) -> list[tuple[dict[str, Any], bytes]]:
    found = [file_of(row, n) for n in range(1, len(row.files) + 1)]
    whole = all(sha256(data).hexdigest() == told["sha256"] for told, data in found)
    if not whole or digest_of(row) != row.digest:
        raise Refused(
            "What lies here is not what was kept",
            where=row.label,
            mend="Restore a backup from before, and ask who wrote to the database.",
        )
    return found


def _bundle(row: KeptEvent, files: dict[str, bytes], actor: Actor, purpose: str, at: Any) -> bytes:
    uses = _uses(row)
    exports = sum(one["what"] == Kind.EXPORTED for one in uses)
    steps = [
        {"step": "event", **row.told, "id": str(row.event)},
        {
            "step": "kept", "label": row.label, "by": str(row.kept_by),
            "at": row.kept_at.isoformat(),
            "reason": row.reason, "reference": row.reference, "ends": row.ends_at.isoformat(),
            "digest": row.digest,
            "files": [{n: v for n, v in one.items() if n != "parts"} for one in row.files],
        },
        {"step": "uses", "since": uses},
        {
            "step": "export", "by": str(actor), "person": str(actor.pk), "at": at.isoformat(),
            "purpose": purpose, "exports_before": exports,
        },
    ]  # fmt: skip
    files = {**files, "statement.txt": _statement(row, str(actor), purpose, at).encode()}
    out = BytesIO()
    what = {"operation": row.operation.slug, "id": str(row.pk)}
    write_bundle(out, kind="event", what=what, entries=_chained(steps), files=files)
    return out.getvalue()


def _chained(contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    previous, rows = START, []
    for serial, content in enumerate(contents, 1):
        head = link(previous, content)
        rows.append({"serial": serial, "previous": previous, "hash": head, "content": content})
        previous = head
    return rows


@system_read("who had it in hand is part of the proof; why, only the leader reads")
def _uses(row: KeptEvent) -> list[dict[str, Any]]:
    found = KeptUse.objects.filter(kept=row.pk).select_related("person").order_by("at")
    return [{"what": one.kind, "by": str(one.person), "at": one.at.isoformat()} for one in found]


def _statement(row: KeptEvent, who: str, purpose: str, at: Any) -> str:
    names = "\n".join(f"  {one['name']}, from {one['from']}, {one['sha256']}" for one in row.files)
    return f"""Evidence {row.label} of one event

Event: {row.told["words"]}
Told by {row.source_name} at {row.told["at"]}.
Kept by: {row.kept_by}, {row.kept_at:%d %B %Y %H:%M:%S} UTC. {row.reason} Case: {row.reference}.
Taken out by: {who}, {at:%d %B %Y %H:%M:%S} UTC. For: {purpose}

Files with their SHA-256:
{names}

A machine told of the event; it does not know who anybody is, nor what they meant.
entries.jsonl tells event, keeping, uses and export, each bound to the one before it by its hash.
manifest.json names every file with its SHA-256 and is signed with the key of the house.
To verify offline: varangian audit verify FILE.zip --key KEY-OF-THE-HOUSE
"""
