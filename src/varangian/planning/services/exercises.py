"""Exercises: started from an operation, run in its copy, ended with a report in life."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.alerts import services as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.operations import queries as operations
from varangian.operations import services as spine
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.access.stage import exercising, on_stage
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..exercise_rules import Outcome
from ..library import Script, exercise_scripts
from ..models import Delivery, Exercise, ExerciseReport, Inject
from ..queries import exercises
from .copying import copy_plans
from .issuing import named

CALL = "EXERCISE EXERCISE EXERCISE"
LONGEST = 1000


@transaction.atomic
def start_exercise(
    *, actor: Actor, operation: Any, script: str, moment: datetime | None = None
) -> ExerciseReport:
    """Copy the operation; its members may enter. ``moment`` of its plan falls on now.

    Refused inside an exercise, for an operation that has ended, and while one of it runs.
    """
    require(actor, "exercise.run", operation.compartment_id)
    named(actor, "start an exercise")
    _refuse(actor, operation)
    chosen = exercise_scripts().get(script)
    report = ExerciseReport(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        title=chosen.title,
        started_by=actor,
    )
    copy = spine.copy_for_exercise(actor=actor, operation=operation, moment=moment or now())
    copy_plans(actor, operation, copy)
    with on_stage(actor, exercise=True):
        _fill(actor, copy, chosen, report.pk)
    report.copy, report.circle = copy.slug, copy.compartment_id
    report.save()
    _tell(report, "started", f"Exercise started: {chosen.title}", actor)
    return report


def _refuse(actor: Actor, operation: Any) -> None:
    if exercising():
        raise Refused("You are in an exercise already", mend="Leave it first.")
    if operation.state in ("closed", "cancelled"):
        raise Refused(f"The operation is {operation.state}", where=operation.slug)
    if exercises.reports(actor, operation).filter(ended_at=None).exists():
        mend = "End the one that runs first."
        raise Refused("An exercise of this operation is running", where=operation.slug, mend=mend)


def _fill(actor: Actor, copy: Any, script: Script, report: UUID) -> None:
    made = Exercise.objects.create(
        compartment_id=copy.compartment_id,
        operation=copy,
        script=script.id,
        title=script.title,
        report=report,
        started_by=actor,
    )
    for serial, row in enumerate(script.injects, start=1):
        Inject.objects.create(
            compartment_id=copy.compartment_id,
            key_id=copy.key_id,
            exercise=made,
            serial=serial,
            minute=row.minute,
            title=row.title,
            text=row.text,
            expect=row.expect,
            roles=list(row.roles),
            card=row.card or "",
            within_seconds=row.within_seconds,
        )


@transaction.atomic
def begin_exercise(*, actor: Actor, exercise: Exercise) -> Exercise:
    """Everybody has entered: the clock of the script begins, and what is due at once goes out."""
    require(actor, "exercise.run", exercise.compartment_id)
    named(actor, "begin an exercise")
    locked = Exercise.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=exercise.pk)
    _refuse_ended(locked)
    if locked.begun_at is not None:
        raise Refused("The clock of this exercise runs already", where=locked.title)
    locked.begun_at = now()
    locked.save(update_fields=["begun_at"])
    for row in exercises.injects(actor, locked):
        row.due_at = locked.begun_at + timedelta(minutes=row.minute)
        row.save(update_fields=["due_at"])
        if not row.minute:
            deliver_now(actor=actor, inject=row)
    _show(locked.compartment_id)
    return locked


@system_read("the worker injects what is due; nobody asks it to")
def deliver_due() -> int:
    due = Inject.objects.filter(
        delivered_at=None, due_at__lte=now(), exercise__ended_at=None
    ).select_related("exercise__operation")
    return sum(_deliver(row) for row in due.select_for_update(of=("self",), skip_locked=True))


@transaction.atomic
def deliver_now(*, actor: Actor, inject: Inject) -> Inject:
    """The director does not wait for the clock."""
    require(actor, "exercise.run", inject.compartment_id)
    _refuse_ended(inject.exercise)
    rows = Inject.objects.visible_to(actor).select_for_update(of=("self",))
    locked = rows.select_related("exercise__operation").get(pk=inject.pk)
    if locked.delivered_at is None:
        _deliver(locked)
    return locked


def _deliver(inject: Inject) -> bool:
    """To each held post of these roles, and as an alert to the operations room of the copy."""
    operation = inject.exercise.operation
    posts = operations.posts(SYSTEM, operation).filter(role__in=inject.roles)
    inject.delivered_at = now()
    alert = alerts.raise_alert(
        operation=operation,
        title=f"{CALL}: {inject.title}",
        body=inject.text,
        action="Act as the card says, and acknowledge.",
        source="exercise",
        dedupe=f"inject {inject.pk}",
        about=inject.pk,
        urgency="now",
    )
    inject.alert = alert.pk
    inject.save(update_fields=["delivered_at", "alert"])
    for post in posts.exclude(holder=None):
        Delivery.objects.create(
            compartment_id=inject.compartment_id,
            key_id=inject.key_id,
            inject=inject,
            post=post,
            holder=post.holder,
            delivered_at=inject.delivered_at,
        )
    _show(inject.compartment_id)
    return True


@transaction.atomic
def acknowledge_inject(*, actor: Actor, delivery: Delivery, answer: str = "") -> Delivery:
    """Only the holder of the post answers, once; words may be added later."""
    require(actor, "exercise.view", delivery.compartment_id)
    rows = Delivery.objects.visible_to(actor).select_for_update(of=("self",))
    locked = rows.select_related("inject__exercise").get(pk=delivery.pk)
    _refuse_ended(locked.inject.exercise)
    if locked.holder_id != actor.pk:  # pyright: ignore
        raise Denied("This inject is for the holder of the post")
    locked.acknowledged_at = locked.acknowledged_at or now()
    locked.answer = answer.replace("\x00", "").strip()[:LONGEST] or locked.answer
    locked.save()
    _show(locked.compartment_id)
    return locked


@transaction.atomic
def end_exercise(*, actor: Actor, exercise: Exercise, findings: str = "") -> ExerciseReport:
    """What was measured goes into the report; the copy closes and shows to nobody any more."""
    require(actor, "exercise.run", exercise.compartment_id)
    named(actor, "end an exercise")
    locked = Exercise.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=exercise.pk)
    _refuse_ended(locked)
    rows = exercises.injects(actor, locked)
    results = exercises.outcomes(actor, rows)
    locked.ended_at = now()
    locked.save(update_fields=["ended_at"])
    for row in rows:
        if row.alert:
            alerts.supersede(source="exercise", about=row.pk, reason="The exercise has ended")
    copy = locked.operation
    _show(locked.compartment_id)
    spine.end_copy(actor=actor, operation=copy)
    with on_stage(actor, exercise=False):
        return _report(actor, locked, results, findings)


@system_read("the report belongs to life, and whoever ended the exercise was its director")
def _report(
    actor: Actor, exercise: Exercise, results: list[Outcome], findings: str
) -> ExerciseReport:
    report = ExerciseReport.objects.select_related("operation").get(pk=exercise.report)
    report.ended_at, report.copy, report.circle = exercise.ended_at, "", None
    report.results = [row.as_kept() for row in results]
    report.findings = findings.replace("\x00", "").strip()[:LONGEST]
    report.save()
    _tell(report, "ended", f"Exercise ended: {report.title}", actor)
    return report


def _refuse_ended(exercise: Exercise) -> None:
    if exercise.ended_at is not None:
        raise Refused("The exercise has ended", mend="Leave it; its report is with the operation.")


def _show(compartment_id: UUID) -> None:
    publish(topic="exercise", compartment_id=compartment_id)


def _tell(report: ExerciseReport, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="exercise",
        event=event,
        text=text,
        compartment_id=report.compartment_id,
        operation_id=report.operation_id,  # pyright: ignore
        record=("operation", report.operation_id),  # pyright: ignore
        actor=actor,
    )
