"""A leg under way: begun, followed by its positions every second, ended; its alarms come and go."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from varangian.alerts import services as alerts
from varangian.engines.routing.match import Fix, locate
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operation_queries
from varangian.operations import services as operations
from varangian.operations.models import Movement
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.live.services import publish
from varangian.tracking.queries import trail

from ..board import marks as marking
from ..board import outlook, rules
from ..models import LegRun, TrackingPlan
from ..queries import movement_board as queries
from .tracking_plans import TOPIC, tell

log = structlog.get_logger()
SOURCES = {kind: f"track_{kind}" for kind in ("corridor", "stop", "silence", "late", "back")}
WAY = "divert"
"""Source of the alert that tells of a diversion or another route."""
EARLY, LATE = timedelta(minutes=30), timedelta(hours=3)
"""Around the planned departure a car that leaves along its route has begun the leg."""
LEFT_M = 150.0
BEFORE = timedelta(minutes=2)
"""Positions a little older than the beginning belong to it: phones send late."""
OVER = ("closed", "cancelled")


@transaction.atomic
def begin_leg(*, actor: Actor, movement: Movement) -> LegRun:
    """One tap. The leg is under way and followed from now on."""
    require(actor, "track.drive", movement.compartment_id)
    queries.tracking_plan_of(actor, movement)
    if movement.state not in queries.BEGUN:
        operations.set_movement_state(actor=SYSTEM, movement=movement, state="under_way")
    return follow(movement, actor)


@transaction.atomic
@system_read("what is under way is followed, whoever set it going")
def follow(movement: Movement, actor: Actor = SYSTEM) -> LegRun:
    """Begins to follow a leg that is under way; again, when it was driven before."""
    plan = queries.tracking_plan_of(SYSTEM, movement)
    run = LegRun.objects.select_for_update().filter(movement=movement).first()
    if run is not None and run.state == LegRun.State.UNDER_WAY:
        return run
    run = run or LegRun(movement=movement)
    run.key_id, run.compartment_id = movement.key_id, movement.compartment_id
    run.operation_id, run.plan, run.state = movement.operation_id, plan, LegRun.State.UNDER_WAY
    run.begun_at = run.line_at = now()
    run.ended_at = run.seen_at = run.eta = run.on_time = None
    run.known, run.words, run.alarms = {}, {}, {}
    run.save()
    tell(plan, "begun", f"Leg {movement.serial} is followed from now on", actor)
    return run


@transaction.atomic
def arrive(*, actor: Actor, movement: Movement) -> None:
    """By word of the team."""
    require(actor, "track.drive", movement.compartment_id)
    if movement.state not in queries.BEGUN:
        raise Conflict("This leg is not under way", f"leg {movement.serial}", "Begin it first.")
    operations.set_movement_state(actor=SYSTEM, movement=movement, state="arrived")


@transaction.atomic
@system_read("what is no longer under way is no longer followed")
def unfollow(movement: Movement) -> None:
    run = LegRun.objects.select_for_update().filter(movement=movement).first()
    if run is None or run.state != LegRun.State.UNDER_WAY:
        return
    done = movement.state in ("arrived", "complete")
    run.state = LegRun.State.ARRIVED if done else LegRun.State.ENDED
    run.ended_at = now()
    _clear(
        run, list(run.alarms), f"Leg {movement.serial} is {movement.get_state_display().lower()}"
    )
    run.alarms = {}
    run.save()
    for plan in queries.tracking_plans(SYSTEM, movement).exclude(kind=TrackingPlan.Kind.ROUTE):
        alerts.settle(source=WAY, about=plan.pk, state="resolved", reason="The leg is over")


@transaction.atomic
def report_line(
    *, actor: Actor, movement: Movement, mark: str, words: str = "", at: datetime | None = None
) -> LegRun:
    """A report line or hold point was passed, by word of the radio or one tap.

    ``mark`` is its code word, name or id.
    """
    require(actor, "track.drive", movement.compartment_id)
    run = _locked(actor, movement)
    found = mark_named(run.plan, mark)
    seen, heard = queries.known(run), _aware(at, movement) or now()
    if found.id in seen.passed:
        raise Conflict(f"{found.words.capitalize()} was passed already", f"leg {movement.serial}")
    if heard > now() + timedelta(minutes=1) or heard < run.begun_at - timedelta(hours=1):
        raise Refused("This time is not of this leg", "at", "Between its beginning and now.")
    run.known = rules.reported(seen, found, (heard - run.line_at).total_seconds()).shape()
    run.words = {**run.words, found.id: {"how": "word", "by": str(actor), "said": words[:200]}}
    run.save()
    _passed(run, found, f"by word of {actor}", words)
    _weigh(run, now())
    return run


def _aware(at: datetime | None, movement: Movement) -> datetime | None:
    """A time without a zone is on the clock of the leg."""
    return at.replace(tzinfo=ZoneInfo(movement.zone)) if at and at.tzinfo is None else at


def mark_named(plan: TrackingPlan, name: str) -> marking.Mark:
    wanted, rows = name.strip().casefold(), marking.marks_of(plan.payload["marks"])
    for row in rows:
        if wanted and wanted in (row.id, row.code.casefold(), row.name.casefold()):
            return row
    known = ", ".join(row.code or row.name for row in rows) or "none"
    raise Refused("This leg has no such hold point or report line", name, f"It has {known}.")


def _locked(actor: Actor, movement: Movement) -> LegRun:
    found = LegRun.objects.visible_to(actor).select_for_update(of=("self",))
    run = found.select_related("plan", "movement", "operation").filter(movement=movement).first()
    if run is None or run.state != LegRun.State.UNDER_WAY:
        raise Conflict("This leg is not under way", f"leg {movement.serial}", "Begin it first.")
    return run


def watch_movements() -> int:
    """The tick. Returns how many legs are followed."""
    ids = _followed()
    for pk in ids:
        try:
            with transaction.atomic():
                _look(pk)
        except Refused:
            log.exception("a leg cannot be followed", run=str(pk))
    return len(ids)


@system_read("legs under way are watched by the house")
def _followed() -> list[UUID]:
    found = LegRun.objects.filter(state=LegRun.State.UNDER_WAY)
    return list(found.exclude(operation__state__in=OVER).values_list("pk", flat=True))


@system_read("legs under way are watched by the house")
def _look(pk: UUID) -> None:
    rows = LegRun.objects.select_for_update(of=("self",), skip_locked=True)
    run = rows.select_related("plan", "movement", "operation").filter(pk=pk).first()
    if run is None or run.state != LegRun.State.UNDER_WAY:
        return
    moved = _hear(run)
    changed = _weigh(run, now())
    if moved or changed:
        run.save()
        _show(run, "moved")
    if moved and rules.arrived(queries.line_of(run.plan.payload), queries.known(run)):
        movement = operation_queries.movement(SYSTEM, run.movement_id)
        operations.set_movement_state(actor=SYSTEM, movement=movement, state="arrived")


def _hear(run: LegRun) -> bool:
    """All fixes since the last look, in their order."""
    plan, source = run.plan, queries.position(SYSTEM, run.plan)
    if source is None or (run.seen_at and source.at <= run.seen_at):
        return False
    line, marks = queries.line_of(plan.payload), marking.marks_of(plan.payload["marks"])
    limits, before = queries.limits_of(plan), queries.known(run)
    since = run.seen_at or run.line_at - BEFORE
    seen = before
    for row in trail(SYSTEM, source.device, since):
        if run.seen_at is None or row.at > run.seen_at:
            at_s = (row.at - run.line_at).total_seconds()
            seen = rules.heard(line, marks, limits, seen, Fix(at_s, row.lon, row.lat, row.accuracy))
            run.seen_at = row.at
    run.known = seen.shape()
    for mark in marks:
        if mark.id in seen.passed and mark.id not in before.passed:
            run.words = {**run.words, mark.id: {"how": "position", "by": "", "said": ""}}
            _passed(run, mark, "by its position", "")
    _forecast(run, line, marks, seen)
    return True


def _passed(run: LegRun, mark: marking.Mark, how: str, words: str) -> None:
    code = f" {mark.code}" if mark.code else ""
    said = f': "{words.strip()[:200]}"' if words.strip() else ""
    serial = run.movement.serial
    tell(run.plan, "passed", f"Leg {serial} passed {mark.words}{code}, {how}{said}", SYSTEM)


def _forecast(run: LegRun, line: Any, marks: list[marking.Mark], seen: rules.Known) -> None:
    plan, movement = run.plan, run.movement
    if seen.progress is None or run.seen_at is None:
        return
    due = None if plan.kind == TrackingPlan.Kind.DIVERT else movement.ends
    midnight = outlook.midnight_of(run.seen_at, movement.zone)
    made = marking.parts(line, marks, 0.0, plan.spread, midnight)
    done = rules.done_s(line, marks, seen, 0.0)
    run.eta, run.on_time = outlook.under_way(
        made, tuple(plan.payload["traffic"]), plan.spread, run.seen_at, done,
        rules.pace(line, marks, seen), due, movement.zone,
    )  # fmt: skip


def _weigh(run: LegRun, at: Any) -> bool:
    """Raises what is wrong, and lets fall what is over; of a car that is lost nothing is over."""
    plan, seen = run.plan, queries.known(run)
    line, marks = queries.line_of(plan.payload), marking.marks_of(plan.payload["marks"])
    due = queries.expected(line, marks, seen)
    at_s = (at - run.line_at).total_seconds()
    wrong = {
        alarm.name: alarm
        for alarm in rules.alarms(line, marks, queries.limits_of(plan), seen, at_s, due)
    }
    fresh = [name for name in wrong if name not in run.alarms]
    lost = rules.SILENCE in wrong
    over = [] if lost else [name for name in run.alarms if name not in wrong]
    for name in fresh:
        _raise(run, wrong[name], seen, at)
    _clear(run, over, "Its cause is over")
    if fresh or over:
        kept = {name: since for name, since in run.alarms.items() if name not in over}
        run.alarms = kept | {name: at.isoformat() for name in fresh}
        run.save(update_fields=["alarms"])
        _show(run, "alarm")
    return bool(fresh or over)


def _show(run: LegRun, kind: str) -> None:
    where = run.compartment_id
    publish(topic=TOPIC, kind=kind, record=run.movement_id, compartment_id=where)


def _about(run: LegRun, name: str) -> UUID:
    return uuid5(run.pk, name)


def _raise(run: LegRun, alarm: rules.Alarm, seen: rules.Known, at: Any) -> None:
    movement, last = run.movement, seen.progress
    alerts.raise_alert(
        operation=run.operation, movement=movement, source=SOURCES[alarm.kind],
        title=f"Leg {movement.serial} {alarm.title}", body=alarm.body, action=alarm.action,
        dedupe=f"track {run.pk} {alarm.name}", about=_about(run, alarm.name), starts=at,
        urgency=alarm.urgency, position=[round(last.fix.lat, 5), round(last.fix.lon, 5)] if last
        else [],
    )  # fmt: skip


def _clear(run: LegRun, names: list[str], reason: str) -> None:
    for name in names:
        source = SOURCES[name.split(":")[0]]
        alerts.settle(source=source, about=_about(run, name), state="resolved", reason=reason)


@system_read("a car that leaves along its route has begun its leg")
def watch_departures() -> None:
    """The slower tick. Only near the planned departure, and only when the car has been at the
    start before."""
    at = now()
    waiting = Movement.objects.filter(
        state__in=("planned", "confirmed"), starts__gt=at - LATE, starts__lt=at + EARLY,
        tracking_plans__isnull=False,
    ).exclude(operation__state__in=OVER)  # fmt: skip
    for movement in waiting.distinct().select_related("operation"):
        plan = queries.tracking_plan(SYSTEM, movement)
        if plan is not None and _has_left(plan):
            try:
                with transaction.atomic():
                    operations.set_movement_state(
                        actor=SYSTEM, movement=movement, state="under_way"
                    )
            except Refused as error:
                log.warning("a leg moves that may not begin", leg=str(movement.pk), why=str(error))


def _has_left(plan: TrackingPlan) -> bool:
    source = queries.position(SYSTEM, plan)
    if source is None or now() - source.at > timedelta(minutes=1):
        return False
    line = queries.line_of(plan.payload)
    along, off = locate(line, source.lon, source.lat)
    if along < LEFT_M or off > rules.AT_MARK_M:
        return False
    seen, near = rules.Known(), False
    for number, row in enumerate(trail(SYSTEM, source.device, now() - timedelta(minutes=10))):
        fix = Fix(float(number), row.lon, row.lat, row.accuracy)
        seen = rules.heard(line, [], rules.Limits(), seen, fix)
        last = seen.progress
        near = near or bool(last and last.on and last.along_m < rules.AT_END_M)
    last = seen.progress
    return bool(near and last and last.on and last.along_m > LEFT_M)
