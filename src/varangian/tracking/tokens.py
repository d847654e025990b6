"""From the token in an address to the device, remembered for a moment.

Whether the device may still speak is asked of the tables with every batch, so a token that was
withdrawn puts nothing on the map from that second on, remembered or not.
"""

import hashlib
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .desk import Desk

KEEP = 30.0
MOST = 20_000
FIND = """select id, kind, operation_id, revoked_at is not null
from tracking_device where digest = %s"""
NODES = """select outside_id, id from tracking_device
where operation_id = %s and kind = 'meshtastic' and revoked_at is null and outside_id <> ''"""


@dataclass(frozen=True, slots=True)
class Bearer:
    device_id: UUID
    kind: str
    operation_id: UUID
    revoked: bool


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Tokens:
    def __init__(self) -> None:
        self.desk = Desk("tokens")
        self._known: dict[str, tuple[float, Bearer | None]] = {}
        self._nodes: dict[UUID, tuple[float, dict[str, UUID]]] = {}

    async def bearer(self, secret: str) -> Bearer | None:
        mark = digest(secret)
        kept = self._known.get(mark)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        row = await self.desk.do(lambda cursor: _one(cursor, FIND, mark))
        found = Bearer(*row) if row else None
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[mark] = (time.monotonic() + KEEP, found)
        return found

    async def nodes(self, operation_id: UUID) -> dict[str, UUID]:
        """What the nodes of a mesh call themselves, for the gateway that speaks for them."""
        kept = self._nodes.get(operation_id)
        if kept is None or kept[0] < time.monotonic():
            rows = await self.desk.do(lambda cursor: _all(cursor, NODES, operation_id))
            kept = self._nodes[operation_id] = (time.monotonic() + KEEP, dict(rows))
        return kept[1]


def _one(cursor: Any, sql: str, value: Any) -> Any:
    cursor.execute(sql, [value])
    return cursor.fetchone()


def _all(cursor: Any, sql: str, value: Any) -> list[Any]:
    cursor.execute(sql, [value])
    return cursor.fetchall()
