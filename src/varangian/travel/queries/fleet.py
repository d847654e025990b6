"""Reads of vehicles."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..fleet import custody, standing
from ..fleet.library import Checklist, inspections, vehicles
from ..models import Armour, Custody, Defect, Equipment, Find, Inspection, Vehicle

PARTS = ("equipment", "armour", "defects", "finds")
LOOKED_BACK = timedelta(days=120)
"""An older search or line of custody decides nothing any more."""


def fleet(actor: Actor, *, retired: bool = False) -> QuerySet[Vehicle]:
    found = Vehicle.objects.visible_to(actor).select_related("compartment")
    found = found.prefetch_related(*PARTS, *_lately(actor)).order_by("name")
    return found if retired else found.filter(retired_at=None)


def _lately(actor: Actor) -> list[Prefetch]:
    since = now() - LOOKED_BACK
    checks = Inspection.objects.visible_to(actor).filter(began_at__gt=since)
    log = Custody.objects.visible_to(actor).filter(Q(ends=None) | Q(ends__gt=since))
    return [Prefetch("inspections", checks), Prefetch("custody", log)]


def vehicle(actor: Actor, pk: UUID) -> Vehicle:
    return one(fleet(actor, retired=True).filter(pk=pk), "vehicle", str(pk))


def vehicle_named(actor: Actor, name: str) -> Vehicle:
    """By its short name, or by its id."""
    wanted = Q(slug=name)
    with suppress(ValueError):
        wanted |= Q(pk=UUID(name))
    return one(fleet(actor, retired=True).filter(wanted), "vehicle", name)


def of_engagement(actor: Actor, compartment_id: UUID) -> QuerySet[Vehicle]:
    return fleet(actor).filter(compartment_id=compartment_id)


def equipment(actor: Actor, vehicle: Vehicle) -> QuerySet[Equipment]:
    return Equipment.objects.visible_to(actor).filter(vehicle=vehicle, removed_at=None)


def piece(actor: Actor, vehicle: Vehicle, pk: UUID) -> Equipment:
    return one(equipment(actor, vehicle).filter(pk=pk), "piece of equipment", str(pk))


def certificate(actor: Actor, vehicle: Vehicle, pk: UUID) -> Armour:
    rows = Armour.objects.visible_to(actor).filter(vehicle=vehicle, removed_at=None)
    return one(rows.filter(pk=pk), "certificate", str(pk))


def defect(actor: Actor, pk: UUID) -> Defect:
    rows = Defect.objects.visible_to(actor).select_related("vehicle", "by", "cleared_by")
    return one(rows.filter(pk=pk), "defect", str(pk))


def defect_of(actor: Actor, vehicle: Vehicle, pk: UUID) -> Defect:
    return one(defects(actor, vehicle).filter(pk=pk), "defect", str(pk))


def defects(actor: Actor, vehicle: Vehicle) -> QuerySet[Defect]:
    found = Defect.objects.visible_to(actor).filter(vehicle=vehicle)
    return found.select_related("vehicle", "by", "cleared_by")


def custody_log(actor: Actor, vehicle: Vehicle) -> QuerySet[Custody]:
    return Custody.objects.visible_to(actor).filter(vehicle=vehicle).select_related("by")


@dataclass(frozen=True)
class Standing:
    """A vehicle as it stands now."""

    vehicle: Vehicle
    lines: list[standing.Line]
    due: custody.Due
    search: Inspection | None
    """The one that holds, of the grade that is due or above."""
    roadworthy: Inspection | None
    custody: Custody | None
    finds: list[Find]
    defects: list[Defect]

    @property
    def state(self) -> standing.State:
        return standing.worst(self.lines)

    @property
    def tone(self) -> str:
        return standing.TONES[self.state]

    @property
    def ready(self) -> bool:
        """Nothing blocks, and both checks hold."""
        blocked = any(line.state == "block" for line in self.lines)
        return not blocked and self.search is not None and self.roadworthy is not None

    @property
    def words(self) -> str:
        if self.finds:
            return "stopped: find"
        if any(line.state == "block" for line in self.lines):
            return "not ready: blocked"
        return "ready" if self.ready else "not ready: check due"

    @property
    def light(self) -> str:
        if self.ready:
            return "green" if self.state in ("ok", "unknown") else "amber"
        return "red" if any(line.state == "block" for line in self.lines) else "amber"

    @property
    def unknown(self) -> str:
        return ", ".join(line.title for line in self.lines if line.state == "unknown")

    @property
    def soonest(self) -> standing.Line | None:
        return standing.next_to_end(self.lines, now().date())


def stand(vehicle: Vehicle, at: datetime | None = None) -> Standing:
    """Reads what came with the vehicle only; ask ``fleet`` or ``vehicle`` for it."""
    at = at or now()
    checks: list[Inspection] = list(vehicle.inspections.all())  # pyright: ignore
    log = [custody.Held(row.state, row.starts, row.ends) for row in vehicle.custody.all()]  # pyright: ignore
    due = _due(vehicle, log, _cleared(checks), at)
    search, road = _holding(checks, "search", at, due.grade), _holding(checks, "roadworthy", at)
    finds = [row for row in vehicle.finds.all() if row.released_at is None]  # pyright: ignore
    open_ = [row for row in vehicle.defects.all() if row.cleared_at is None]  # pyright: ignore
    wanted = inspections().search(due.grade)
    lines = [
        *(standing.Line("find", "Find", "block", "reported, not released") for _ in finds),
        *(_defect_line(row) for row in open_),
        _check_line(wanted, search, checks),
        _check_line(inspections().roadworthy_for(vehicle.drive), road, checks),
        *_equipped(vehicle, at),
    ]
    current = next((row for row in vehicle.custody.all() if row.ends is None), None)  # pyright: ignore
    return Standing(vehicle, standing.ordered(lines), due, search, road, current, finds, open_)


def _due(
    vehicle: Vehicle, log: list[custody.Held], cleared: datetime | None, at: datetime
) -> custody.Due:
    found = max((row.at for row in vehicle.finds.all()), default=None)  # pyright: ignore
    if found and (cleared is None or found > cleared):
        return custody.Due("full", ["A find was reported since the last full search"])
    return custody.due(log, cleared, at, vehicles())


def _equipped(vehicle: Vehicle, at: datetime) -> list[standing.Line]:
    lists, today = vehicles(), at.date()
    titles: dict[str, Any] = {row.id: row.title for row in (*lists.kit, *lists.papers)}
    there = [row for row in vehicle.equipment.all() if row.removed_at is None]  # pyright: ignore
    made = [
        (
            row.sort,
            standing.Thing(row.name, titles.get(row.name, row.name), row.ends, row.at.date()),
        )
        for row in there
    ]
    plated = [
        standing.Thing(row.standard, f"Armour {row.standard}", row.ends, row.at.date())
        for row in vehicle.armour.all()  # pyright: ignore
        if row.removed_at is None
    ]
    km = standing.Service(vehicle.odometer_km, vehicle.service_due_km, vehicle.service_due_on)
    return [
        *standing.papers([thing for sort, thing in made if sort == "paper"], lists, today),
        *standing.kit([thing for sort, thing in made if sort == "kit"], lists, today),
        *standing.armour(plated, lists, today),
        *standing.service(km, lists, today),
    ]


def _defect_line(row: Defect) -> standing.Line:
    return standing.Line("defect", "Defect", "block" if row.blocking else "due", row.words)


def _check_line(
    wanted: Checklist, held: Inspection | None, checks: list[Inspection]
) -> standing.Line:
    if held:
        words = f"holds until {held.expires_at:%d %b %H:%M} UTC"
        return standing.check(wanted.title, "ok", words, held.expires_at)
    mine = [row for row in checks if row.kind == wanted.kind and row.state != "left"]
    last = mine[0] if mine else None
    if last is not None and last.state == Inspection.State.SECOND and last.expired_at is None:
        return standing.check(wanted.title, "due", "waits for the second signature", None)
    if last is not None and last.expired_why:
        return standing.check(wanted.title, "due", f"due: {last.expired_why}", None)
    return standing.check(wanted.title, "due", "due", None)


def _cleared(checks: list[Inspection]) -> datetime | None:
    """When the last full search ended that found nothing, whatever came after it."""
    done = [
        row.ended_at
        for row in checks
        if row.grade == "full" and row.state == "clear" and row.ended_at
    ]
    return max(done, default=None)


def _holding(
    checks: list[Inspection], kind: str, at: datetime, grade: str = ""
) -> Inspection | None:
    enough = ("full",) if grade == "full" else ("full", "cursory", "")
    rows = [r for r in checks if r.kind == kind and r.grade in enough and r.holds(at)]
    return max(rows, key=lambda row: row.expires_at or at, default=None)


def one(found: Any, words: str, name: str) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=name)
    return row
