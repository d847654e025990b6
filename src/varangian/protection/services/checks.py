"""Check calls: due times that the house keeps, so that a dead phone is missed as well.

T-60 s the phone reminds, T the person is nudged, T+60 s the operator is asked to call, T+180 s
nobody has heard of them: the dead man fires as a press of its own.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction

from varangian.alerts.services import raise_alert, supersede
from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Conflict, NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations.models import Duty, Operation, Post
from varangian.planning.queries import comms
from varangian.platform.access.models import User
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..check_rules import AWAY, GRACE, minutes_of, next_due, step_at
from ..models import Check, CheckRule, CheckWatch, Via
from . import signs
from .duress import Heard, press
from .pins import Verdict, verdict

log = structlog.get_logger()
OVER = ("closed", "cancelled")
LONGEST = 24 * 60
PHASES = ("", *Duty.Status.values)


@transaction.atomic
def set_rule(
    *,
    actor: Actor,
    operation: Operation,
    minutes: int | None,
    post: Post | None = None,
    phase: str = "",
) -> None:
    """How often. 0 means never, None takes the rule away. Running duties follow at once."""
    require(actor, "check.change", operation.compartment_id)
    if phase not in PHASES:
        raise Refused("Unknown phase", where=phase, mend=", ".join(Duty.Status.values))
    if post is not None and post.operation_id != operation.pk:
        raise Refused("This post belongs to another operation", where=post.title)
    if minutes is not None and not 0 <= minutes <= LONGEST:
        raise Refused(f"An interval is 0 to {LONGEST} minutes", where="minutes")
    mine = CheckRule.objects.visible_to(actor).filter(operation=operation, post=post, phase=phase)
    if minutes is None:
        mine.delete()
    elif not mine.update(minutes=minutes):
        CheckRule.objects.create(
            compartment_id=operation.compartment_id,
            operation=operation,
            post=post,
            phase=phase,
            minutes=minutes,
        )
    whom = post.title if post else "all posts"
    when = f", {Duty.Status(phase).label.lower()}" if phase else ""
    words = "as planned" if minutes is None else f"every {minutes} min" if minutes else "none"
    _tell(operation, "rule", f"Check calls of {whom}{when}: {words}", actor, None)
    for duty in operations.on_duty(SYSTEM, operation):
        _replan(duty)


def proves(*, person: Actor, pin: str) -> bool:
    """Did they give one of their PINs, or none? With the duress PIN it looks the same to whoever
    watches, and help is called. A wrong one raises nothing: its count must be kept."""
    if not pin:
        return True
    found = verdict(person=person, pin=pin)
    if found == Verdict.FORCED:
        press(person=person, heard=Heard(key=f"pin:{new_id()}", via=Via.PIN, at=now()))
    return found in (Verdict.OWN, Verdict.FORCED)


@transaction.atomic
def check_call(*, person: Actor, at: datetime | None = None, via: str = "app") -> Check | None:
    """I am well. ``at`` is when it was said, for one that was queued. None: none is due."""
    duty = operations.own_duty(person)
    if duty is None:
        raise Conflict("You are not on duty", mend="Start your duty first.")
    return _made(duty, at=at, via=via, by=person)


@transaction.atomic
def record_check(*, actor: Actor, duty: Duty, via: str = "radio") -> Check | None:
    """Somebody else heard from them: by radio, by phone, with their own eyes."""
    require(actor, "check.record", duty.compartment_id)
    found = operations.on_duty(actor, duty.operation).filter(pk=duty.pk).first()
    if found is None:
        raise NotFound("This person is not on duty", where=str(duty.person))
    return _made(found, at=None, via=via, by=actor)


@system_read("the due time of a duty belongs to the house")
def _made(duty: Duty, *, at: datetime | None, via: str, by: Actor) -> Check | None:
    present = now()
    when = min(at or present, present)
    row = _open_check(duty)
    if row is not None and when < row.since:
        return row
    late = ""
    if row is not None:
        if row.step >= Check.Step.CALLED:
            supersede(source="check_call", about=row.pk, reason="Check call made", actor=by)
            late = ", late"
        row.outcome, row.closed_at, row.via = Check.Outcome.MADE, present, via[:20]
        row.made_by = None if by.is_system or by.pk == duty.person_id else by
        row.save(update_fields=["outcome", "closed_at", "via", "made_by"])
    fresh = _begin(duty, since=when)
    if row is not None or fresh is not None:
        _tell(duty.operation, "made", f"Check call, {_who(duty)}, by {via}{late}", by, duty)
    return fresh


@system_read("the due time of a duty belongs to the house")
def _open_check(duty: Duty) -> Check | None:
    rows = Check.objects.select_for_update(of=("self",)).filter(duty=duty, outcome="")
    return rows.first()


@system_read("the interval of a duty, whoever may see the rules")
def period_of(duty: Duty) -> int:
    """Seconds; 0 when no check calls are due."""
    plan = comms.current(SYSTEM, duty.operation)
    rules = CheckRule.objects.filter(operation_id=duty.operation_id)
    default = plan.check_minutes if plan else 0
    return 60 * minutes_of(rules, post=duty.post_id, phase=duty.status, default=default)


@system_read("the due time of a duty belongs to the house")
def _begin(duty: Duty, *, since: datetime) -> Check | None:
    period = period_of(duty)
    if not period or duty.ended_at is not None:
        return None
    row = Check(
        compartment_id=duty.compartment_id,
        operation_id=duty.operation_id,
        duty=duty,
        since=since,
        due_at=next_due(since, period, now()),
        period_s=period,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _open_check(duty)
    return row


@system_read("the due time of a duty belongs to the house")
def _replan(duty: Duty) -> None:
    """The interval has changed: the next call is due by the new one, counted from the last."""
    row, period = _open_check(duty), period_of(duty)
    if row is None:
        _begin(duty, since=now())
    elif not period:
        _close(row, Check.Outcome.STOOD_DOWN)
    elif period != row.period_s and row.step < Check.Step.CALLED:
        row.period_s, row.step = period, Check.Step.WAITING
        row.due_at = next_due(row.since, period, now())
        row.save(update_fields=["period_s", "due_at", "step"])


@system_read("the due time of a duty belongs to the house")
def resume(*, person: User, operation: Operation) -> None:
    """A call for help is over: who is still on duty makes check calls again."""
    for duty in operations.on_duty(SYSTEM, operation).filter(person=person):
        if _open_check(duty) is None:
            _begin(duty, since=now())


def on_duty_changed(*, duty: Duty, event: str, actor: Actor, **_: Any) -> None:
    """News of operations: a turn begins, a status is a sign of life, a turn ends."""
    if event == "started":
        _begin(duty, since=now())
    elif event == "ended":
        row = _open_check(duty)
        if row is not None:
            supersede(source="check_call", about=row.pk, reason="Stood down", actor=actor)
            _close(row, Check.Outcome.STOOD_DOWN)
    elif actor.pk == duty.person_id:
        _made(duty, at=duty.status_at, via="status", by=actor)
    else:
        _replan(duty)


def _close(row: Check, outcome: str) -> None:
    row.outcome, row.closed_at = outcome, now()
    row.save(update_fields=["outcome", "closed_at"])


@system_read("every second the house looks at what is due, in every operation")
def look() -> int:
    """The tick. Each check in a savepoint: one that fails does not hold up the others."""
    present = now()
    back = _watch(present)
    rows = Check.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        outcome="", due_at__lte=present + timedelta(seconds=61)
    )
    rows = rows.exclude(operation__state__in=OVER).select_related(
        "operation", "compartment", "duty__person", "duty__post", "duty__operation"
    )
    done = 0
    for row in rows.order_by("due_at")[:500]:
        step = step_at(row.due_at, present, back=back)
        if step > row.step:
            done += _try(row, step)
    return done


def _try(row: Check, step: int) -> bool:
    try:
        with transaction.atomic():
            _advance(row, step)
    except Exception:
        log.exception("a check call cannot go on", check=str(row.pk))
        return False
    return True


@system_read("the house alone keeps its watch")
def _watch(present: datetime) -> datetime | None:
    """When the house came back, if it was away a moment ago."""
    watch, made = CheckWatch.objects.get_or_create(pk=1, defaults={"looked_at": present})
    if not made and present - watch.looked_at > AWAY:
        watch.back_at = present
    if made or abs(present - watch.looked_at) > timedelta(seconds=5):
        watch.looked_at = present
        watch.save()
    recent = watch.back_at is not None and present - watch.back_at < GRACE
    return watch.back_at if recent else None


def _advance(row: Check, step: int) -> None:
    row.step = step
    if step == Check.Step.FIRED:
        _fire(row)
        return
    row.save(update_fields=["step"])
    kinds = {
        Check.Step.REMINDED: "reminder",
        Check.Step.NUDGED: "due",
        Check.Step.CALLED: "overdue",
    }
    publish(
        topic="checks",
        kind=kinds[Check.Step(step)],
        record=row.pk,
        compartment_id=row.compartment_id,
    )
    if step == Check.Step.CALLED:
        raise_alert(
            operation=row.operation,
            title=f"Check call overdue: {_who(row.duty)}",
            source="check_call",
            dedupe=f"check {row.pk}",
            urgency="attention",
            place=f"post {row.duty.post_id}" if row.duty.post_id else "",
            about=row.pk,
            body=f"Due {row.due_at:%H:%M:%S} UTC, nothing heard.",
            action="Call them now, on the radio and then by phone.",
        )


def _fire(row: Check) -> None:
    """Missed, or lost when the devices say nothing either: both bring people at once."""
    sign = signs.last_sign(row.duty.person)
    row.outcome = Check.Outcome.LOST if signs.is_lost(sign) else Check.Outcome.MISSED
    row.closed_at = now()
    row.save(update_fields=["step", "outcome", "closed_at"])
    supersede(source="check_call", about=row.pk, reason="No sign of life", actor=SYSTEM)
    data = f"last data {sign.at:%H:%M:%S} UTC" if sign else "no data from any device"
    words = f"Check call due {row.due_at:%H:%M:%S} UTC {row.outcome}; {data}."
    _tell(row.operation, row.outcome, f"{_who(row.duty)}: {words}", SYSTEM, row.duty)
    if row.compartment.exercise:
        _fire_exercise(row, words)
        return
    key = f"check:{row.pk}"
    press(person=row.duty.person, heard=Heard(key=key, via=Via.DEAD_MAN, words=words))


def _fire_exercise(row: Check, words: str) -> None:
    """What is missed in an exercise calls nobody in life."""
    raise_alert(
        operation=row.operation,
        title=f"No sign of life: {_who(row.duty)}",
        source="dead_man",
        dedupe=f"check {row.pk}",
        urgency="now",
        about=row.pk,
        body=words,
    )


def _who(duty: Duty) -> str:
    return f"{duty.call_sign} {duty.person.name}".strip()


def _tell(operation: Operation, event: str, text: str, actor: Actor, duty: Duty | None) -> None:
    announce(
        topic="checks",
        event=event,
        text=text,
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("duty", duty.pk) if duty else None,
        actor=actor,
    )


__all__ = ["check_call", "look", "record_check", "resume", "set_rule"]
