"""How the advance looks in the API and in ``--json``."""

from typing import Any

from ..models import AdvanceTask
from ..queries.advance import PlaceView, TaskView


def place_shape(view: PlaceView) -> dict[str, Any]:
    return {
        "place": str(view.place.pk),
        "slug": view.place.slug,
        "name": view.place.name,
        "kind": view.place.kind,
        "words": view.words,
        "total": view.survey.total,
        "known": view.survey.known,
        "waiting": view.waiting,
        "untasked": view.untasked,
        "first_leg": min(view.legs, default=None),
        "tasks": [task_view_shape(row) for row in (*view.open, *view.done)],
    }


def task_view_shape(row: TaskView) -> dict[str, Any]:
    fact = row.fact
    return {
        **task_shape(row.task),
        "title": fact.rule.title,
        "answer": fact.words or None,
        "fact_state": fact.standing.state,
        "verified_at": fact.standing.verified_at,
    }


def task_shape(task: AdvanceTask) -> dict[str, Any]:
    return {
        "id": str(task.pk),
        "place": str(task.place_id),  # pyright: ignore
        "item": task.item,
        "why": task.why,
        "state": task.state,
        "due": task.due,
        "needed_at": task.needed_at,
        "assignee": task.assignee.email if task.assignee else None,
        "done_at": task.done_at,
        "done_by": str(task.done_by) if task.done_by else None,
    }
