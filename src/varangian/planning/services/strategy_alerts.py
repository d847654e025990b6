"""A task about a person of interest that is past its date asks the desk of the engagement."""

from typing import Any

from varangian.alerts.services import raise_alert, supersede
from varangian.operations import queries as operations
from varangian.platform.access.scope import SYSTEM, Actor, system_read
from varangian.threats.queries.judgement import named_where

SOURCE = "strategy_task"


@system_read("what is late is late for everybody; the job acts for nobody")
def ask_for(*, task: Any, **_: Any) -> None:
    """By number: the words of the task are sealed with the person's key and stay there. In the
    operation that names the person, else in the one that comes next; without any it is in the list
    of what is due alone."""
    operation = _operation(task)
    if operation is None:
        return
    raise_alert(
        operation=operation,
        circle=task.compartment_id,
        title=f"Overdue: {task.label}",
        source=SOURCE,
        about=task.pk,
        dedupe=f"{SOURCE} {task.pk} {task.due:%Y%m%d%H%M}",
        body=f"A task of the strategy for person {task.person.label} is past its date.",
        action=f"{task.owner}: do it and say what came of it, or say why not.",
    )


def _operation(task: Any) -> Any:
    rows = operations.operations(SYSTEM).filter(engagement=task.person.engagement_id)
    living = list(rows.exclude(state__in=operations.OVER).order_by("starts"))
    named = named_where(SYSTEM, task.person)
    return next((one for one in living if one.compartment_id in named), next(iter(living), None))


def let_go(*, task: Any, actor: Actor, **_: Any) -> None:
    supersede(source=SOURCE, about=task.pk, reason="The task has ended", actor=actor)
