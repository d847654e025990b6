"""A person gives a leg its vehicle and driver. The database keeps both from being taken twice."""

from typing import Any

from django.db import IntegrityError, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations.models import Movement
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM, Actor, require, role_in, system_read
from varangian.platform.news.services import announce
from varangian.platform.thread.services import tie, untie

from ..events import allotment_asked, allotted
from ..models import Allotment, Vehicle
from ..queries import allotments as rows
from ..queries import fleet as fleet_queries

CUE = ("words", "metres", "seconds", "lat", "lon", "turn")
MOST_CUES = 2000


@transaction.atomic
def assign_vehicle(
    *,
    actor: Actor,
    movement: Movement,
    vehicle: Vehicle,
    driver: Any = None,
    part: str = Allotment.Part.PRINCIPAL,
    reason: str = "",
    asked: dict[str, Any] | None = None,
) -> Allotment:
    """``reason`` is wanted when the hours speak against it. What blocks is not overridden."""
    require(actor, "vehicle.assign", movement.compartment_id)
    _check(movement, vehicle, part)
    vehicle = fleet_queries.vehicle(actor, vehicle.pk)
    found = rows.advise_one(movement, vehicle, rows.need_of(movement, asked or {}))
    if found.stops:
        raise Refused(f"{vehicle.name} cannot go: {'; '.join(found.stops)}", movement.title)
    against = [*found.bad, *_driver(movement, driver)]
    broken = rows.hours_broken(driver.pk, movement) if driver is not None else []
    against += [breach.words for breach in broken or []]
    if broken and not reason.strip():
        words = "; ".join(breach.words for breach in broken)
        mend = "Take another driver, or give the reason."
        raise Refused(f"The leg breaks the driving hours: {words}", str(driver), mend)
    facts = {"starts": movement.starts, "ends": movement.ends, "driver": driver}
    allotment_asked.send(sender=Allotment, movement=movement, vehicle=vehicle, actor=actor, **facts)
    made = Allotment(
        compartment_id=movement.compartment_id,
        key_id=movement.key_id,
        movement=movement,
        vehicle=vehicle,
        plate_digest=vehicle.plate_digest,
        part=part,
        override=reason.strip()[:300],
        against=against,
        by_id=actor.pk,
        **facts,
    )
    _save(made)
    where = movement.compartment_id
    tie(
        left=("vehicle", vehicle.pk),
        right=("movement", movement.pk),
        relation="carries",
        compartment_id=where,
    )
    allotted.send(sender=Allotment, allotment=made, actor=actor)
    who = f" with {driver}" if driver is not None else ", no driver yet"
    _tell(made, "assigned", f"Leg {movement.serial}: {vehicle.name}{who}", actor)
    return made


@transaction.atomic
def withdraw_vehicle(*, actor: Actor, allotment: Allotment) -> None:
    require(actor, "vehicle.assign", allotment.compartment_id)
    if allotment.movement.state == Movement.State.UNDER_WAY:
        mend = "Divert the leg, or wait until it has arrived."
        raise Refused("The leg is under way with it", allotment.vehicle.name, mend)
    _tell(
        allotment,
        "withdrawn",
        f"Leg {allotment.movement.serial}: without {allotment.vehicle.name}",
        actor,
    )
    untie(right=("movement", allotment.movement_id), left_kinds=("vehicle",))
    allotment.delete()


@transaction.atomic
def write_cues(*, actor: Actor, allotment: Allotment, cues: list[dict[str, Any]]) -> Allotment:
    """The turns of the route that is driven; an empty list takes them off."""
    require(actor, "vehicle.assign", allotment.compartment_id)
    if len(cues) > MOST_CUES:
        raise Refused(f"A route card has at most {MOST_CUES} turns", where=str(len(cues)))
    allotment.cues = [_cue(number, row) for number, row in enumerate(cues, start=1)]
    allotment.save(update_fields=["cues"])
    _tell(
        allotment,
        "cues",
        f"Leg {allotment.movement.serial}: route card of {allotment.vehicle.name}",
        actor,
    )
    return allotment


def _cue(number: int, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict) or not str(row.get("words") or "").strip():
        raise Refused("A turn needs its words", where=f"turn {number}")
    kept: dict[str, Any] = {"words": str(row["words"]).strip()[:200]}
    for name in CUE[1:]:
        value = row.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise Refused(f"{name} is a number", where=f"turn {number}")
        kept[name] = value
    return kept


@system_read("an assignment follows the times of its leg, whoever moves it")
def follow(movement: Movement) -> list[Allotment]:
    """The leg moved or ended: holds follow. Returns those that clash at the new time."""
    clashing = []
    over = movement.state in (Movement.State.COMPLETE, Movement.State.CANCELLED)
    for row in Allotment.objects.select_related("vehicle").filter(movement=movement):
        row.state = Allotment.State.OVER if over else Allotment.State.SET
        if movement.starts and movement.ends and movement.ends > movement.starts:
            row.starts, row.ends = movement.starts, movement.ends
        try:
            with transaction.atomic():
                row.save(update_fields=["state", "starts", "ends"])
        except IntegrityError:
            row.state = Allotment.State.CLASH
            row.save(update_fields=["state", "starts", "ends"])
            clashing.append(row)
            _tell(row, "clash", f"Leg {movement.serial}: {row.vehicle.name} is taken then", SYSTEM)
    return clashing


def _check(movement: Movement, vehicle: Vehicle, part: str) -> None:
    if part not in Allotment.Part.values:
        raise Refused("Unknown part in the convoy", part, ", ".join(Allotment.Part.values))
    if movement.operation.engagement.compartment_id != vehicle.compartment_id:
        raise Refused("This vehicle belongs to another engagement", where=vehicle.name)
    if movement.state in (Movement.State.COMPLETE, Movement.State.CANCELLED):
        raise Refused("This leg is over", where=movement.get_state_display().lower())
    if movement.starts is None or movement.ends is None or movement.ends <= movement.starts:
        mend = "Give the leg both times; until then nothing can be kept free for it."
        raise Refused("The leg has no span of time", where=movement.title, mend=mend)
    if vehicle.retired_at:
        raise Refused("This vehicle has left the fleet", where=vehicle.name)


def _driver(movement: Movement, driver: Any) -> list[str]:
    """Who can take the wheel; what is not known of them is said, not refused."""
    if driver is None:
        return ["No driver is named"]
    role = role_in(driver, movement.compartment_id)
    if role is None or role in (Role.CLIENT, Role.ANALYST):
        mend = "Add the person to the operation as driver or officer."
        raise Refused(f"{driver} does not drive in this operation", movement.title, mend)
    from ..queries.drivers import dated, files

    file = files(SYSTEM).filter(person=driver).first()
    if file is None or not file.facts.get("licences"):
        return [f"No licence of {driver} is on file"]
    today = now().date()
    return [f"{what} of {driver} ran out" for what, end in dated(file.facts) if end and end < today]


def _save(made: Allotment) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        held = rows.taken(made.starts, made.ends, digest=made.plate_digest)
        what = made.vehicle.name
        if held is None:
            held = rows.taken(made.starts, made.ends, person=made.driver_id)
            what = str(made.driver)
        words = f"{held.starts:%d %b %H:%M} to {held.ends:%d %b %H:%M} UTC" if held else ""
        raise Conflict(f"{what} is taken at that time", words, "Take another one.") from error


def _tell(allotment: Allotment, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="movements",
        event=event,
        text=text,
        compartment_id=allotment.compartment_id,
        operation_id=allotment.movement.operation_id,
        record=("movement", allotment.movement_id),
        actor=actor,
    )
