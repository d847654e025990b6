"""The snapshot of a phone, not made anew while nothing has changed.

What it says rests on rows of three circles: the operation, its engagement and the principal. Each
write to them leaves an entry in the audit, so a snapshot holds as long as there is no entry of a
transaction that was not over when it was made. It is kept in the memory of this process only.
"""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from varangian.kernel.clock import now
from varangian.operations import queries as operations
from varangian.operations.models import Duty
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.access.stage import exercising

from .phone import snapshot

HOLDS = timedelta(minutes=3)
"""What time alone changes (a shelf that ends, a leg that is over) is seen at the latest then."""
LONGEST_WRITE = timedelta(minutes=10)
NOW = """select pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
coalesce((select max(id) from audit_auditentry where at < %s), 0)"""
SINCE = """select exists (select 1 from audit_auditentry
where id > %s and kind in ('insert', 'update', 'delete')
and (compartment is null or compartment = any(%s))
and mod(xmin::text::bigint - mod(%s, 4294967296) + 4294967296, 4294967296) < 2147483648)"""
"""Numbers of transactions go round; half a circle ahead is later."""


def taken_along(actor: Actor, have: str) -> dict[str, Any]:
    """Nothing over a thin link that the phone has already; ``mark`` names what it has."""
    duty = operations.own_duty(actor)
    shown, mark = _held(actor, duty) or _made(actor, duty)
    if mark == have:
        return {"made_at": now(), "mark": mark}
    return {"snapshot": {**shown, "made_at": now()}, "mark": mark}


def _name(actor: Actor, duty: Duty | None) -> str:
    return f"phone:{actor.pk}:{duty.pk if duty else 'off'}:{exercising()}"


def _held(actor: Actor, duty: Duty | None) -> tuple[dict[str, Any], str] | None:
    kept = caches["near"].get(_name(actor, duty))
    if kept is None or kept["until"] <= now():
        return None
    return None if _written_since(kept) else (kept["shown"], kept["mark"])


@system_read("whether something was written in these circles, and nothing of what")
def _written_since(kept: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SINCE, [kept["entry"], kept["circles"], kept["transaction"]])
        return cursor.fetchone()[0]


@system_read("where the numbers of transactions and of the audit stand")
def _moment() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(NOW, [now() - LONGEST_WRITE])
        return dict(zip(("transaction", "entry"), cursor.fetchone(), strict=True))


def _made(actor: Actor, duty: Duty | None) -> tuple[dict[str, Any], str]:
    moment, shown = _moment(), snapshot(actor, duty)
    shown.pop("made_at")
    mark = sha256(json.dumps(shown, cls=DjangoJSONEncoder).encode()).hexdigest()
    if duty is not None:
        kept = {**moment, "shown": shown, "mark": mark, "until": _until(shown)}
        kept["circles"] = _circles(actor, duty)
        caches["near"].set(_name(actor, duty), kept, HOLDS.total_seconds())
    return shown, mark


def _circles(actor: Actor, duty: Duty) -> list[UUID]:
    operation = operations.operation_by_id(actor, duty.operation_id)
    owners = (operation, operation.engagement, operation.principal)
    return list({row.compartment_id for row in owners})


def _until(shown: dict[str, Any]) -> datetime:
    """Until the next leg begins or ends, or a card runs out."""
    times = [leg[end] for leg in shown.get("legs", ()) for end in ("starts", "ends") if leg[end]]
    times += [card["expires_at"] for card in (shown.get("bolo") or {}).get("cards", ())]
    coming = [at for at in times if at > now()]
    return min([now() + HOLDS, *coming])
