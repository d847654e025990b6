"""Task the advance: what must be looked at again before each leg, by whom, until when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.places import services as places
from varangian.places.queries import surveys
from varangian.places.queries.survey_views import FactView
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import SYSTEM, Actor, require, role_in, system_read
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..advance import Want, holds_at
from ..models import AdvanceTask
from ..queries import advance as reads

State = AdvanceTask.State
ADVANCE = ("advance", "sap")


@transaction.atomic
def plan_advance(*, actor: Actor, operation: Any, assignee: Any = None) -> list[AdvanceTask]:
    """A task for every fact that will not hold at its leg; done and needless ones are closed.

    New tasks go to ``assignee``, else to whoever holds the post of the advance.
    """
    require(actor, "advance.change", operation.compartment_id)
    _refuse_ended(operation)
    _check_assignee(operation, assignee)
    made = _bring_up(operation, assignee or _advance_of(operation))
    open_ = list(reads.tasks(actor, operation).filter(state=State.OPEN))
    where = plural(len({task.place_id for task in open_}), "place")  # pyright: ignore
    announce(
        topic="advance",
        event="planned",
        text=f"Advance: {plural(len(open_), 'fact')} to look at, {where}, {len(made)} new",
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("operation", operation.pk),
        actor=actor,
    )
    return open_


def add_stop(
    *,
    actor: Actor,
    operation: Any,
    name: str,
    kind: str,
    address: str = "",
    begins_at: Any = None,
    ends_at: Any = None,
) -> Any:
    """A place or a route for the library of the engagement, so that every operation may reuse it.

    A residence is sealed with the key of the principal: it goes when the person is erased.
    """
    owner = operation.principal if kind == "residence" else operation.engagement
    return places.add_place(
        actor=actor,
        compartment_id=operation.engagement.compartment_id,
        key_id=owner.key_id,
        name=name,
        kind=kind,
        address=address,
        begins_at=begins_at,
        ends_at=ends_at,
    )


@transaction.atomic
def assign_tasks(
    *,
    actor: Actor,
    operation: Any,
    tasks: list[AdvanceTask],
    assignee: Any = None,
    due: datetime | None = None,
) -> list[AdvanceTask]:
    """Give open tasks to a person, or another time; ``due`` None leaves the times."""
    require(actor, "advance.change", operation.compartment_id)
    _check_assignee(operation, assignee)
    ids = [task.pk for task in tasks if task.operation_id == operation.pk]  # pyright: ignore
    rows = list(_locked(actor, ids))
    for row in rows:
        row.assignee = assignee or row.assignee
        row.due = due or row.due
        row.save(update_fields=["assignee", "due"])
    _show(operation)
    return rows


def verify_task(*, actor: Actor, task: AdvanceTask) -> FactView:
    """One tap: looked at again, and it is still so. The survey keeps the answer."""
    if task.state != State.OPEN:
        raise Refused("This task is not open any more", where=task.item)
    return places.still_so(actor=actor, place=task.place, item=task.item)


def on_answered(place: Any, **_: Any) -> None:
    """Somebody looked: tasks that are answered by it are done, in every operation in sight."""
    bring_up_at(place)


def bring_up_at(place: Any) -> None:
    """What is to be looked at here has changed, for every operation that has an advance."""
    for operation in _planned_with(place.pk):
        _bring_up(operation, _advance_of(operation))


def on_movement(movement: Any, **_: Any) -> None:
    """The programme moved, so did what must be known by when."""
    operation = movement.operation
    if _is_planned(operation):
        _bring_up(operation, _advance_of(operation))


def on_removed(movement: Any, **_: Any) -> None:
    """Heard while the leg is still there."""
    operation = movement.operation
    if _is_planned(operation):
        _bring_up(operation, _advance_of(operation), without=movement.pk)


@system_read("the hourly look at every operation that has an advance")
def bring_up_all() -> int:
    rows = AdvanceTask.objects.filter(state=State.OPEN).exclude(
        operation__state__in=("closed", "cancelled")
    )
    ids = list(rows.values_list("operation_id", flat=True).distinct().order_by())
    for operation in operations.operations(SYSTEM).filter(pk__in=ids):
        _bring_up(operation, _advance_of(operation))
    return len(ids)


@system_read("whoever answers at a place serves each operation that waits for it")
def _planned_with(place_id: UUID) -> list[Any]:
    return reads.planned_with(SYSTEM, place_id)


@system_read("whether an operation has an advance is no secret of the person who moves its legs")
def _is_planned(operation: Any) -> bool:
    return AdvanceTask.objects.filter(operation=operation).exists()


@system_read("tasks follow from the programme and the surveys, whoever changed them")
def _bring_up(operation: Any, assignee: Any, *, without: UUID | None = None) -> list[AdvanceTask]:
    """Close what is answered or needless, move what is due at another time, add what is new."""
    at = now()
    legs = reads.legs_by_place(SYSTEM, operation, at, without=without)
    views = surveys.surveys(SYSTEM, legs, at)
    asked = reads.asked_by_lessons(SYSTEM, views)
    wanted = {
        (pk, want.item): want
        for place, times in legs.items()
        if (pk := place.pk) in views
        for want in reads.wants(views[pk], times, at, asked.get(pk, ()))
    }
    rows = AdvanceTask.objects.select_for_update(of=("self",)).filter(
        operation=operation, state=State.OPEN
    )
    kept: dict[tuple[UUID, str], UUID | None] = {}
    for task in rows:
        key = (task.place_id, task.item)  # pyright: ignore
        view = views.get(key[0])
        known = {fact.rule.id: fact for fact in view.facts} if view else {}
        if _settle(task, known.get(task.item), wanted.get(key), at):
            kept[key] = task.assignee_id  # pyright: ignore
    made = _add(operation, wanted, views, kept, assignee)
    _show(operation)
    return made


def _settle(task: AdvanceTask, fact: FactView | None, want: Want | None, at: datetime) -> bool:
    """True while somebody still has to look for this leg."""
    looked = fact is not None and _looked_since(task, fact)
    if fact is not None and looked and task.needed_at and holds_at(fact.standing, task.needed_at):
        answer = fact.standing.claims[-1].answer
        task.state, task.done_at, task.done_by = State.DONE, answer.made_at, answer.by
        task.save(update_fields=["state", "done_at", "done_by"])
        return False
    if want is None:
        task.state, task.done_at = State.DROPPED, at
        task.save(update_fields=["state", "done_at"])
        return False
    moved = task.needed_at != want.needed_at
    task.why, task.needed_at = want.why, want.needed_at
    task.due = want.due if moved else task.due
    task.save(update_fields=["why", "needed_at", "due"])
    return True


def _looked_since(task: AdvanceTask, fact: FactView) -> bool:
    return any(row.made_at >= task.made_at for row in fact.history[:1])


def _add(
    operation: Any, wanted: dict[Any, Want], views: Any, kept: Any, assignee: Any
) -> list[AdvanceTask]:
    rows = [
        AdvanceTask(
            compartment_id=operation.compartment_id,
            operation=operation,
            place_id=place_id,
            form=views[place_id].form.id,
            item=item,
            why=want.why,
            due=want.due,
            needed_at=want.needed_at,
            assignee=assignee,
        )
        for (place_id, item), want in wanted.items()
        if (place_id, item) not in kept
    ]
    return AdvanceTask.objects.bulk_create(rows)


@system_read("the holder of the advance post is who the leader named for it")
def _advance_of(operation: Any) -> Any:
    posts = operations.posts(SYSTEM, operation).exclude(holder=None)
    return next((p.holder for p in posts if p.edition in ADVANCE or p.role in ADVANCE), None)


def _check_assignee(operation: Any, assignee: Any) -> None:
    """Only somebody who can see the task and answer it."""
    if assignee is None:
        return
    if role_in(assignee, operation.compartment_id) not in roles_for("survey.answer"):
        raise Refused(
            "This person cannot do an advance here",
            where=str(assignee),
            mend="Add them to the operation as an officer or driver.",
        )


def _locked(actor: Actor, ids: list[UUID]) -> Any:
    rows = AdvanceTask.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.filter(pk__in=ids, state=State.OPEN)


def _refuse_ended(operation: Any) -> None:
    if operation.state in ("closed", "cancelled"):
        raise Refused(f"This operation is {operation.state}", where=operation.slug)


def _show(operation: Any) -> None:
    publish(topic="advance", record=operation.pk, compartment_id=operation.compartment_id)
