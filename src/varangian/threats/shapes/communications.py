"""How communications look in the API and in ``--json``."""

from typing import Any

from ..letter_picture import record, signal_rows
from ..models import Communication, ImportLine, LetterImport, Triage, Writer, WriterTie
from ..queries.communications import Proposal


def row_shape(row: Communication) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "serial": row.label,
        "principal": row.principal.slug,
        "channel": row.channel,
        "direction": row.direction,
        "at": row.at,
        "doubt": row.doubt,
        "writer": writer_words(row.writer),
        "subject": row.title,
        "kinds": row.kinds,
        "by_machine": row.by_machine,
        "triaged_at": row.triaged_at,
        "triaged_by": _name(row.triaged_by),
    }


def whole_shape(row: Communication, triages: list[Triage]) -> dict[str, Any]:
    return row_shape(row) | {
        "subject": row.subject,
        "text": row.text,
        "sha256": row.sha256,
        "size": row.size,
        "readable": row.readable,
        "near": row.near.label if row.near else None,
        "import": row.brought_by.label if row.brought_by else None,
        "parsed": row.parsed,
        "triages": [triage_shape(one) for one in triages],
    }


def triage_shape(one: Triage) -> dict[str, Any]:
    return {"by": str(one.by), "at": one.at, "answers": one.answers, "words": one.words}


def writer_words(writer: Writer | None) -> dict[str, str] | None:
    if writer is None:
        return None
    shown = {"id": str(writer.pk), "serial": writer.label}
    return shown | {"name": writer.name, "address": writer.address}


def writer_row(writer: Any) -> dict[str, Any]:
    shown: dict[str, Any] = dict(writer_words(writer) or {})
    return shown | {
        "group": str(writer.group),
        "contacts": writer.sent,
        "first": writer.first,
        "last": writer.last,
    }


def writer_shape(
    writer: Writer,
    group: list[Writer],
    rows: list[Communication],
    said: list[WriterTie],
    proposed: list[Proposal],
) -> dict[str, Any]:
    found = record(rows)
    return (writer_words(writer) or {}) | {
        "addresses": [writer_words(one) for one in group],
        "contacts": len(rows),
        "first": found.first,
        "last": found.last,
        "signals": [_signal(one) for one in signal_rows(found, rows)],
        "ties": [tie_shape(one) for one in said],
        "proposals": [proposal_shape(one) for one in proposed],
    }


def _signal(one: dict[str, Any]) -> dict[str, Any]:
    sources = [
        {"short": s.short, "title": s.title, "where": s.where, "found": s.found}
        for s in one["sources"]
    ]
    evidence = [row.label for row in one["evidence"]]
    return one | {"sources": sources, "evidence": evidence}


def tie_shape(tie: WriterTie) -> dict[str, Any]:
    return {
        "id": str(tie.pk),
        "one": tie.one.label,
        "other": tie.other.label,
        "joined": tie.joined,
        "words": tie.words,
        "by": str(tie.by),
        "at": tie.at,
        "undone_by": _name(tie.undone_by),
        "undone_at": tie.undone_at,
    }


def proposal_shape(one: Proposal) -> dict[str, Any]:
    shared = [{"reason": reason, "what": what} for reason, what in one.shared]
    return {"writer": writer_words(one.other), "shared": shared}


def import_shape(batch: LetterImport) -> dict[str, Any]:
    return {
        "id": str(batch.pk),
        "serial": batch.label,
        "principal": batch.principal.slug,
        "name": batch.name,
        "size": batch.size,
        "state": batch.state,
        "percent": batch.percent,
        "step": batch.step.get("words", ""),
        "words": batch.words,
        "mails": batch.mails,
        "kept": batch.kept,
        "same": batch.same,
        "odd": batch.odd,
        "unread": batch.unread,
        "asked_by": _name(batch.asked_by),
        "asked_at": batch.asked_at,
        "ended_at": batch.ended_at,
    }


def line_shape(line: ImportLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "mail": line.number,
        "told": line.told,
        "communication": line.communication.label if line.communication else None,
    }


def _name(user: Any) -> str | None:
    return str(user) if user else None
