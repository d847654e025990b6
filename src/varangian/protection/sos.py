"""Calls that devices make: an app's alarm flag, a TAK beacon, a button on a tracker."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from varangian.kernel.results import Refused
from varangian.platform.access.models import User

from .models import Via
from .services import duress

log = structlog.get_logger()
WAYS = {"tak": Via.BEACON, "beacon": Via.BEACON, "button": Via.BUTTON}


def on_sos_heard(
    *,
    person: User | None,
    device_id: UUID,
    at: datetime | None,
    position: Any,
    via: str,
    key: str,
    **_: Any,
) -> None:
    """In the transaction of whoever heard it: kept with theirs, or sent again with theirs."""
    lat, lon, *rest = [*(position or ()), None, None][:3]
    heard = duress.Heard(
        key=f"{device_id}:{key}",
        via=WAYS.get(via, Via.TRACKER),
        at=duress.instant(at),
        lat=duress.number(lat),
        lon=duress.number(lon),
        accuracy=duress.number(rest[0]) if rest else None,
    )
    try:
        if person is not None:
            duress.press(person=person, heard=heard)
        else:
            duress.press_of_device(device_id=device_id, heard=heard)
    except Refused as why:
        log.error("a device called and belongs to nobody", device=str(device_id), why=why.what)


def on_sos_cancelled(*, person: User | None, device_id: UUID, key: str, **_: Any) -> None:
    """Whoever holds the device may be forced: it is noted, and the call goes on."""
    duress.device_took_back(person=person, device_id=device_id, key=key)
