"""Between the machines of the house: NOTIFY carries whole events, heard when they are committed."""

import base64
import json
from uuid import UUID

from django.db import connection

CHANNEL = "varangian_tak"
MOST_BYTES = 7_900


def tell(circle: UUID, event: bytes, *, sender: str) -> bool:
    """False: too long for a NOTIFY, and nobody was told."""
    told = {"from": sender, "circle": str(circle), "event": base64.b64encode(event).decode()}
    payload = json.dumps(told)
    if len(payload) > MOST_BYTES:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, payload])
    return True


def read(payload: str) -> tuple[str, UUID, bytes]:
    """Sender, circle and event. Raises ValueError, KeyError or TypeError for what is not ours."""
    told = json.loads(payload)
    return told["from"], UUID(told["circle"]), base64.b64decode(told["event"])
