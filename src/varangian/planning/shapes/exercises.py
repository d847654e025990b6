"""How exercises look in the API and in ``--json``."""

from typing import Any

from ..exercise_rules import Outcome, as_read
from ..library import Script
from ..models import Delivery, Exercise, ExerciseReport, Inject


def script_shape(script: Script) -> dict[str, Any]:
    return {
        "id": script.id,
        "title": script.title,
        "purpose": script.purpose,
        "injects": len(script.injects),
        "minutes": max(row.minute for row in script.injects),
    }


def report_shape(report: ExerciseReport) -> dict[str, Any]:
    return {
        "id": report.pk,
        "operation": report.operation.slug,
        "title": report.title,
        "exercise": report.copy or None,
        "started_at": report.started_at,
        "started_by": str(report.started_by),
        "ended_at": report.ended_at,
        "findings": report.findings,
        "injects": [outcome_shape(row) for row in as_read(report.results)],
    }


def outcome_shape(row: Outcome) -> dict[str, Any]:
    return {**row.as_kept(), "median_seconds": row.median_seconds, "words": row.words}


def exercise_shape(found: Exercise) -> dict[str, Any]:
    return {
        "exercise": found.operation.slug,
        "title": found.title,
        "started_at": found.started_at,
        "begun_at": found.begun_at,
        "ended_at": found.ended_at,
    }


def inject_shape(row: Inject, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": row.pk,
        "serial": row.serial,
        "minute": row.minute,
        "text": row.text,
        "expect": row.expect,
        "roles": row.roles,
        "card": row.card or None,
        "due_at": row.due_at,
        "delivered_at": row.delivered_at,
        **outcome_shape(outcome),
    }


def delivery_shape(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.pk,
        "exercise": row.inject.exercise.operation.slug,
        "post": row.post.call_sign or row.post.title,
        "title": row.inject.title,
        "text": row.inject.text,
        "delivered_at": row.delivered_at,
        "acknowledged_at": row.acknowledged_at,
        "answer": row.answer,
    }
