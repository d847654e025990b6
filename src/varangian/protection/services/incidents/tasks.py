"""The tasks of an incident, and the people who can take them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor, may, require, role_in

from ...models import Incident, IncidentTask
from .ground import locked, named, tell, text_of

MOST_TASKS = 100


@transaction.atomic
def add_task(
    *,
    actor: Actor,
    incident: Incident,
    title: str,
    owner: User | None = None,
    due_at: datetime | None = None,
) -> IncidentTask:
    incident = locked(actor, incident, "incident.command")
    mine = IncidentTask.objects.visible_to(actor).filter(incident=incident)
    last = mine.aggregate(last=Max("serial"))["last"] or 0
    if last >= MOST_TASKS:
        raise Refused(f"An incident has at most {MOST_TASKS} tasks", where=incident.label)
    _member(owner, incident)
    task = IncidentTask.objects.create(
        compartment_id=incident.compartment_id,
        key_id=incident.key_id,
        incident=incident,
        serial=last + 1,
        title=text_of("title", title, least=3, most=400),
        owner=owner,
        due_at=due_at,
    )
    whose = f", {owner}" if owner else ""
    tell(incident, "task", f"{incident.label} task {task.serial}{whose}: {task.title}", actor)
    return task


@transaction.atomic
def assign_task(*, actor: Actor, task: IncidentTask, owner: User | None) -> IncidentTask:
    task = _task(actor, task)
    require(actor, "incident.command", task.compartment_id)
    _member(owner, task.incident)
    task.owner = owner
    task.save(update_fields=["owner"])
    whom = f"given to {owner}" if owner else "is nobody's"
    tell(task.incident, "task", f"{task.incident.label} task {task.serial} {whom}", actor)
    return task


@transaction.atomic
def end_task(
    *, actor: Actor, task: IncidentTask, note: str = "", dropped: bool = False
) -> IncidentTask:
    """Done by its owner or by those who command; dropped only by those, for a reason."""
    named(actor)
    task = _task(actor, task)
    commands = may(actor, "incident.command", task.compartment_id)
    if not commands and (dropped or task.owner_id != actor.pk):
        raise Denied("This is not your task", where=task.title)
    if dropped and not note.strip():
        raise Refused("A task is dropped for a reason", where="note")
    task.state = IncidentTask.State.DROPPED if dropped else IncidentTask.State.DONE
    task.note, task.ended_at, task.ended_by = text_of("note", note), now(), actor
    task.save()
    why = f": {task.note}" if task.note else ""
    words = f"{task.incident.label} task {task.serial} {task.state}, {task.title}{why}"
    tell(task.incident, "task", words, actor)
    return task


def _task(actor: Actor, task: IncidentTask) -> IncidentTask:
    require(actor, "incident.view", task.compartment_id)
    rows = IncidentTask.objects.visible_to(actor).select_related("incident__operation", "owner")
    found = rows.select_for_update(of=("self",)).get(pk=task.pk)
    if found.state != IncidentTask.State.OPEN:
        raise Refused(f"This task is {found.state}", where=found.title)
    return found


def _member(owner: User | None, incident: Incident) -> None:
    allowed = roles_for("incident.view")
    if owner is not None and role_in(owner, incident.compartment_id) not in allowed:
        raise Refused(f"{owner} is not of the team of this operation")


def people(actor: Actor, incident: Any, action: str) -> list[User]:
    """Members who may do this here."""
    roles = [role.value for role in roles_for(action)]
    seats = members(actor, incident.compartment_id).filter(role__in=roles, user__is_active=True)
    return [seat.user for seat in seats]
