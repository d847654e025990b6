"""How an entry looks in the API and in ``--json``."""

from typing import Any

from .models import LogEntry


def shape(entry: LogEntry) -> dict[str, Any]:
    body = entry.body
    return {
        "operation": entry.operation.slug,
        "serial": entry.serial,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "author": entry.author,
        "kind": entry.kind,
        "topic": entry.topic,
        "from": body.get("from", ""),
        "to": body.get("to", ""),
        "event": body.get("event", ""),
        "action": body.get("action", ""),
        "corrects": entry.corrects,
        "hash": entry.hash,
    }
