"""A track from a file, for a phone that was without a net all day."""

from collections import Counter
from typing import Any

from django.db import connection, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, system_read

from .. import store
from ..door import fix_of
from ..fix import Fix
from ..models import Device
from ..parsers.gpx import read_gpx
from ..parsers.reading import Unreadable
from .devices import mine, tell

AT_ONCE = 2_000


@transaction.atomic
def upload_track(*, actor: Actor, device: Device, data: bytes) -> dict[str, Any]:
    """Whoever may change the device gives its track, whatever its share mode is now. Returns how
    many points were kept, and why the others were not."""
    device = mine(actor, device)
    heard = now()
    try:
        readings = read_gpx(data)
    except Unreadable as error:
        raise Refused(f"The track cannot be read: {error}", where=device.label) from error
    if not readings:
        raise Refused("There is no point with a time in this file", where=device.label)
    fixes = [fix_of(reading, device.pk, "gpx", heard) for reading in readings]
    reasons = _write(fixes)
    kept = reasons.pop("", 0)
    tell(device, "uploaded", f"A track of {kept} positions was added to {device.label}", actor)
    return {"kept": kept, "refused": dict(reasons)}


@system_read("a fix is judged by what is known of its device; the device was asked for before")
def _write(fixes: list[Fix]) -> Counter[str]:
    reasons: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for start in range(0, len(fixes), AT_ONCE):
            reasons.update(store.write(cursor, fixes[start : start + AT_ONCE], deliberate=True))
    return reasons
