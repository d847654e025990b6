"""Positions on their way from a node to its hub: read by the time they were heard, written once.

A device and a time of its own make a fix unique, so that sending a batch again adds nothing.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import system_read
from varangian.tracking import store
from varangian.tracking.fix import Fix
from varangian.tracking.models import Device, Position

from ..models import Node, Uplink

MOST = 1_000
LAG = timedelta(seconds=2)
"""What was heard just now may not be committed yet; it goes with the next batch."""
NUMBERS = ("lat", "lon", "altitude", "accuracy", "speed", "course", "battery")
WORDS = ("activity", "trigger", "source")
FIELDS = ("device_id", "at", "heard_at", *NUMBERS, *WORDS)


@system_read("the sender of the house takes what is next")
def next_positions(uplink: Uplink) -> tuple[list[dict[str, Any]], datetime]:
    """A batch, and until when it covers what was heard. All of one moment go together."""
    until = now() - LAG
    found = Position.objects.filter(
        device__operation=uplink.operation_id,
        heard_at__gt=uplink.positions_to,
        heard_at__lte=until,
    ).order_by("heard_at", "at")
    rows = list(found[:MOST].values(*FIELDS))
    if len(rows) == MOST:
        until = rows[-1]["heard_at"]
        rows = list(found.filter(heard_at__lte=until).values(*FIELDS))
    return [{name: _plain(value) for name, value in row.items()} for row in rows], until


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


@system_read("the sender of the house notes how far it has come")
def sent_positions(uplink: Uplink, until: datetime) -> None:
    Uplink.objects.filter(pk=uplink.pk).update(positions_to=until)
    uplink.positions_to = until


@system_read(
    "a node brings what devices of its operation said; the node has judged what they share"
)
def keep_positions(*, node: Node, rows: list[Any], ahead: timedelta) -> int:
    """Returns how many were new. Devices of other operations are passed over."""
    ours = set(Device.objects.filter(operation=node.operation_id).values_list("pk", flat=True))
    fixes = [fix for row in rows[: 2 * MOST] if (fix := _fix(row, ahead)).device_id in ours]
    with connection.cursor() as cursor:
        fresh = _fresh(cursor, fixes)
        return store.write(cursor, fresh, deliberate=True).count("")


def _fresh(cursor: Any, fixes: list[Fix]) -> list[Fix]:
    """Without those that are here already: a batch sent again is no fault of the device."""
    cursor.execute(
        "select device_id, at from tracking_position where (device_id, at) in "
        "(select * from unnest(%s::uuid[], %s::timestamptz[]))",
        [[fix.device_id for fix in fixes], [fix.at for fix in fixes]],
    )
    known = set(cursor.fetchall())
    return [fix for fix in fixes if (fix.device_id, fix.at) not in known]


def _fix(row: Any, ahead: timedelta) -> Fix:
    try:
        heard = min(datetime.fromisoformat(row["heard_at"]) - ahead, now())
        numbers = {n: None if row.get(n) is None else float(row[n]) for n in NUMBERS}
        words = {n: str(row.get(n) or "")[:20] for n in WORDS}
        at = datetime.fromisoformat(row["at"])
        return Fix(UUID(row["device_id"]), at, heard, **numbers, **words)  # pyright: ignore
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused("A position of a node cannot be read", where=str(error)[:80]) from error
