"""Reads of exercises: the reports in life, and from inside the one that a person has entered."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.alerts import queries as alerts
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..exercise_rules import Asked, Outcome, seconds_between
from ..models import Delivery, Exercise, ExerciseReport, Inject


def reports(actor: Actor, operation: Any) -> QuerySet[ExerciseReport]:
    found = ExerciseReport.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("started_by")


def report(actor: Actor, pk: UUID) -> ExerciseReport:
    found = ExerciseReport.objects.visible_to(actor).select_related("operation", "started_by")
    return _one(found.filter(pk=pk), "exercise", str(pk))


def running_reports(actor: Actor) -> QuerySet[ExerciseReport]:
    """Seen from life: exercises that the members of their operations may enter."""
    return ExerciseReport.objects.visible_to(actor).filter(ended_at=None).exclude(copy="")


def running(actor: Actor) -> QuerySet[Exercise]:
    """Seen from inside."""
    found = Exercise.objects.visible_to(actor).filter(ended_at=None)
    return found.select_related("operation", "started_by").order_by("-started_at")


def exercise(actor: Actor, slug: str) -> Exercise:
    """By the short name of the copy."""
    found = Exercise.objects.visible_to(actor).select_related("operation", "started_by")
    return _one(found.filter(operation__slug=slug), "exercise", slug)


def injects(actor: Actor, found: Exercise) -> list[Inject]:
    rows = Inject.objects.visible_to(actor).filter(exercise=found)
    return list(rows.prefetch_related("deliveries__post", "deliveries__holder"))


def inject(actor: Actor, pk: UUID) -> Inject:
    found = Inject.objects.visible_to(actor).select_related("exercise__operation")
    return _one(found.filter(pk=pk), "inject", str(pk))


def mine(actor: Actor) -> list[Delivery]:
    """What has reached this person in running exercises, what waits first."""
    found = Delivery.objects.visible_to(actor).filter(
        holder_id=actor.pk, inject__exercise__ended_at=None
    )
    rows = found.select_related("inject__exercise__operation", "post").order_by("-delivered_at")
    return sorted(rows, key=lambda row: row.acknowledged_at is not None)


def delivery(actor: Actor, pk: UUID) -> Delivery:
    found = Delivery.objects.visible_to(actor).select_related("inject__exercise__operation", "post")
    return _one(found.filter(pk=pk), "inject", str(pk))


def outcomes(actor: Actor, rows: list[Inject]) -> list[Outcome]:
    """As they stand now; the alert queue of the copy says when the operations room took it up."""
    known = {row.pk: row for row in alerts.alerts(actor, view="all").filter(source="exercise")}
    return [_outcome(row, known.get(row.alert)) for row in rows]


def _outcome(row: Inject, alert: Any) -> Outcome:
    posts = [
        Asked(
            one.post.call_sign or one.post.title,
            seconds_between(one.delivered_at, one.acknowledged_at),
            one.answer,
        )
        for one in row.deliveries.all()  # pyright: ignore
    ]
    board = seconds_between(row.delivered_at, alert.acknowledged_at) if alert else None
    return Outcome(row.title, row.within_seconds, posts, board, row.delivered_at is not None)


def _one(found: Any, words: str, name: str) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=name)
    return row
