"""Who has the vehicle in sight. Losing sight ends what a search was worth."""

from datetime import datetime

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.news.services import announce

from ..fleet.library import vehicles
from ..models import Custody, Inspection, Vehicle


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    vehicle: Vehicle,
    state: str,
    where: str = "",
    keeper: str = "",
    at: datetime | None = None,
) -> Custody:
    """From here on it is kept like this. The line before ends at the same moment."""
    require(actor, "vehicle.check", vehicle.compartment_id)
    known = vehicles().custody_state(state)
    at = at or now()
    if at > now():
        raise Refused("Custody is written when it is so, not ahead", where=f"{at:%d %b %H:%M} UTC")
    if state == "guarded" and not keeper.strip():
        keeper = str(actor) if not actor.is_system else ""
        if not keeper:
            raise Refused("Guarded by whom?", where="keeper", mend="Name the person.")
    before = _current(vehicle)
    if before and at < before.starts:
        began = f"{before.starts:%d %b %H:%M} UTC"
        raise Refused("The line before began later", began, "Give a time after it.")
    if before:
        before.ends = at
        before.save(update_fields=["ends"])
    made = Custody.objects.create(
        compartment_id=vehicle.compartment_id,
        key_id=vehicle.key_id,
        vehicle=vehicle,
        state=state,
        where=where.strip()[:200],
        keeper=keeper.strip()[:80],
        starts=at,
        by_id=actor.pk,
    )
    if not known.sight:
        _expire(vehicle, at, f"out of sight since {at:%d %b %H:%M} UTC")
    announce(
        topic="fleet",
        event="custody",
        text=f"{vehicle.name}: {known.title.lower()}",
        compartment_id=vehicle.compartment_id,
        record=("vehicle", vehicle.pk),
        actor=actor,
    )
    return made


@system_read("one line of custody runs at a time, whoever wrote it")
def _current(vehicle: Vehicle) -> Custody | None:
    rows = Custody.objects.select_for_update().filter(vehicle=vehicle, ends=None)
    return rows.first()


@system_read("a search is worth nothing once nobody saw the vehicle, whoever did it")
def _expire(vehicle: Vehicle, at: datetime, why: str) -> None:
    rows = Inspection.objects.filter(vehicle=vehicle, kind="search", expired_at=None)
    for row in rows.filter(state__in=("open", "second", "clear")):
        row.expired_at, row.expired_why = at, why
        row.save(update_fields=["expired_at", "expired_why"])
