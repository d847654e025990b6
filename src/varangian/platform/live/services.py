"""News for open screens: ids only; whoever hears it asks for what they may see."""

import json
from uuid import UUID

from django.db import connection

CHANNEL = "varangian_live"


def publish(
    *, topic: str, kind: str = "changed", record: UUID | None = None, compartment_id: UUID | None
) -> None:
    """Sent when the transaction commits, never before."""
    payload = json.dumps(
        {
            "topic": topic,
            "kind": kind,
            "record": str(record) if record else None,
            "compartment": str(compartment_id) if compartment_id else None,
        }
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, payload])
