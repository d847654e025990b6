"""What is looked at every second by one worker: fences, the leash, and who has fallen silent."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import DurationField, F, Value
from django.db.models.functions import Greatest

from varangian.kernel.clock import age_words, now
from varangian.kernel.geometry import haversine_km
from varangian.operations.queries import duties_running
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.news.services import announce
from varangian.principals.queries import private_now

from ..events import device_silent, fence_crossed
from ..fence_rules import Side, beyond_circle, beyond_outline, step
from ..models import Device, Fence, FenceSide, LastPosition
from ..queries.positions import call_sign

Pair = tuple[UUID, UUID]
SILENT_PERIODS = 3
SECOND = Value(timedelta(seconds=1), output_field=DurationField())
SHORTEST = Value(timedelta(seconds=60), output_field=DurationField())
"""A shorter silence is on the map at once; the log would fill with every tunnel."""
_looked: dict[Pair, datetime] = {}
"""The fix that was last held against a fence, so that none counts twice."""


@system_read("fences are watched by the house")
def watch_fences() -> int:
    """Returns how many were crossed."""
    found = Fence.objects.filter(removed_at=None, operation__state="active")
    by_operation: dict[UUID, list[Fence]] = defaultdict(list)
    for fence in found.select_related("operation"):
        by_operation[fence.operation_id].append(fence)
    if not by_operation:
        _looked.clear()
        return 0
    rows: dict[UUID, list[LastPosition]] = defaultdict(list)
    spoken = LastPosition.objects.filter(
        device__operation__in=by_operation, device__revoked_at=None
    ).select_related("device", "device__person", "device__operation")
    for row in spoken:
        rows[row.device.operation_id].append(row)
    sides = _sides(list(by_operation))
    return sum(
        _hold(fence, rows[pk], sides) for pk, fences in by_operation.items() for fence in fences
    )


@system_read("fences are watched by the house")
def _sides(operations: list[UUID]) -> dict[Pair, FenceSide]:
    found = FenceSide.objects.filter(fence__operation__in=operations, fence__removed_at=None)
    return {(row.fence_id, row.device_id): row for row in found}


def _hold(fence: Fence, rows: list[LastPosition], sides: dict[Pair, FenceSide]) -> int:
    """Every new fix against one fence."""
    if fence.kind == Fence.Kind.LEASH:
        return _leash(fence, rows, sides)
    crossed = 0
    for row in rows:
        if _concerned(fence, row.device) and _new(fence, row):
            crossed += _step(fence, row, sides, _beyond(fence, row), row.accuracy)
    return crossed


def _beyond(fence: Fence, row: LastPosition) -> float:
    here = (row.lat, row.lon)
    if fence.kind == Fence.Kind.OUTLINE:
        return beyond_outline(fence.ring, here)
    return beyond_circle((fence.lat or 0.0, fence.lon or 0.0), fence.radius_m, here)


def _concerned(fence: Fence, device: Device) -> bool:
    if fence.about == Fence.About.ALL:
        return True
    return device.carried_by_principal == (fence.about == Fence.About.PRINCIPAL)


def _new(fence: Fence, row: LastPosition) -> bool:
    pair = (fence.pk, row.device_id)
    if _looked.get(pair) == row.at:
        return False
    _looked[pair] = row.at
    return True


def _leash(fence: Fence, rows: list[LastPosition], sides: dict[Pair, FenceSide]) -> int:
    """How far the nearest of those on duty is; in private time nobody has to be near."""
    own = [row for row in rows if row.device.carried_by_principal and _fresh(row)]
    if not own or private_now(fence.operation.principal_id):
        return 0
    middle = max(own, key=lambda row: row.at)
    present = duties_running(fence.operation_id)
    near = [row for row in rows if row.device.person_id in present and _fresh(row)]
    if not near or not _new(fence, middle):
        return 0
    metres, other = min(
        ((haversine_km((middle.lat, middle.lon), (r.lat, r.lon)) * 1000, r) for r in near),
        key=lambda pair: pair[0],
    )
    doubt = (middle.accuracy or 10.0) + (other.accuracy or 10.0)
    return _step(fence, middle, sides, metres - fence.radius_m, doubt)


def _fresh(row: LastPosition) -> bool:
    return (now() - row.at).total_seconds() <= row.device.lost_after_s


def _step(
    fence: Fence,
    row: LastPosition,
    sides: dict[Pair, FenceSide],
    beyond: float,
    accuracy: float | None,
) -> int:
    kept = sides.get((fence.pk, row.device_id))
    known = Side(kept.inside, kept.pending) if kept else None
    fresh, crossing = step(known, beyond, accuracy, fence.margin_m)
    if fresh is None or fresh == known:
        return 0
    if kept is None:
        kept = FenceSide(compartment_id=fence.compartment_id, fence=fence, device=row.device)
    kept.inside, kept.pending = fresh.inside, fresh.pending
    kept.since = row.at if crossing else kept.since
    kept.save()
    if crossing and fence.tells in (crossing, Fence.Tells.BOTH):
        _cross(fence, row, crossing)
        return 1
    return 0


def _cross(fence: Fence, row: LastPosition, crossing: str) -> None:
    device = row.device
    fence_crossed.send(
        sender=Fence,
        fence=fence,
        device=device,
        person=device.person,
        operation=fence.operation,
        kind=crossing,
        at=row.at,
        position=(row.lat, row.lon),
    )
    announce(
        topic="fences",
        event="crossed",
        text=crossing_words(fence, device, crossing),
        compartment_id=fence.compartment_id,
        operation_id=fence.operation_id,
        actor=SYSTEM,
    )


def crossing_words(fence: Fence, device: Device, crossing: str) -> str:
    if fence.kind == Fence.Kind.LEASH:
        return f"Nobody on duty is within {fence.radius_m} m of the principal: {fence.name}"
    did = "entered" if crossing == "enter" else "left"
    return f"{call_sign(device)} {did} {fence.name}"


@system_read("silence is noticed by the house")
def watch_silence() -> int:
    """A device that should speak and does not is told of once; returns how many are new."""
    present = now()
    found = LastPosition.objects.filter(
        silent_since=None,
        device__revoked_at=None,
        device__operation__state="active",
        at__lt=present - Greatest(F("device__period_s") * SILENT_PERIODS * SECOND, SHORTEST),
    ).exclude(device__share=Device.Share.OFF)
    count = 0
    for row in found.select_related("device", "device__person", "device__operation")[:500]:
        LastPosition.objects.filter(pk=row.pk).update(silent_since=row.at)
        if _should_speak(row.device):
            _silent(row, present)
            count += 1
    return count


def _should_speak(device: Device) -> bool:
    """Off duty, a phone is free to be silent."""
    if device.person_id is None or device.share != Device.Share.DUTY:
        return device.person_id is None
    return device.person_id in duties_running(device.operation_id)


def _silent(row: LastPosition, present: datetime) -> None:
    device = row.device
    device_silent.send(
        sender=Device,
        device_id=device.pk,
        person=device.person,
        operation=device.operation,
        since=row.at,
    )
    announce(
        topic="devices",
        event="silent",
        text=f"{call_sign(device)} is lost: no position for {age_words(row.at, present)}",
        compartment_id=device.compartment_id,
        operation_id=device.operation_id,
        record=("device", device.pk),
        actor=SYSTEM,
    )
