"""Take-down tasks: who gets it away, by when, to whom it was sent, and what came back."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import Actor, may, require, system_read

from ... import exposure_rules
from ...events import takedown_ended, takedown_overdue
from ...library import exposure as library
from ...models import Exposure, TakeDown
from ...models.exposure import OPEN, Status
from ...queries import private_now
from .common import keep, locked, named

CHANGEABLE = {"what", "owner", "due", "sent_to", "sent_on", "answer"}
TEXTS = ("what", "sent_to", "answer")
LONGEST = 4_000
WORDS = {"sent_to": "sent to", "sent_on": "sent on", "due": "due day"}
State = TakeDown.State


@transaction.atomic
def add_takedown(
    *,
    actor: Actor,
    item: Exposure,
    owner: Any,
    counter: str = "",
    what: str = "",
    due: date | None = None,
    sent_to: str = "",
) -> TakeDown:
    """With a counter-measure of the library its words and its time stand for what is left out."""
    require(actor, "exposure.change", item.compartment_id)
    item = locked(actor, item)
    if item.status not in OPEN:
        raise Refused("This is not open", where=f"{item.label}, {item.get_status_display()}")
    known = library().counter(item.kind, counter) if counter else None
    days = known.days if known else 14
    task = TakeDown(
        key_id=item.key_id,
        compartment_id=item.compartment_id,
        principal=item.principal,
        item=item,
        counter=counter,
        what=(what.strip() or (known.do if known else ""))[:LONGEST],
        owner=owner,
        due=due or now().date() + timedelta(days=days),
        sent_to=(sent_to.strip() or (known.to if known else ""))[:LONGEST],
        given_by_id=actor.pk,
        given_at=now(),
    )
    _check(task, new=True)
    task.save(force_insert=True)
    item.status = Status.TAKING_DOWN
    words = f"Take-down given to {owner.name}, by {task.due:%d %b %Y}: {task.what}"
    keep(item, "task", words, actor, "being taken down", stale=False)
    return task


@transaction.atomic
def change_takedown(*, actor: Actor, task: TakeDown, **fields: Any) -> TakeDown:
    """Who has the task says to whom it went and what was answered; the desk may give it anew."""
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("A task has no such fields", where=", ".join(sorted(unknown)))
    task, item = _mine(actor, task)
    given = {
        name: (value or "").strip()[:LONGEST] if name in TEXTS else value
        for name, value in fields.items()
    }
    differing = [name for name, value in given.items() if getattr(task, name) != value]
    if {"owner", "due", "what"} & set(differing):
        require(actor, "exposure.change", task.compartment_id)
    if not differing:
        return task
    for name in differing:
        setattr(task, name, given[name])
    _check(task, new="due" in differing)
    task.save()
    words = ", ".join(WORDS.get(name, name) for name in differing)
    keep(item, "task", f"Take-down: {words}", actor, "take-down changed", stale=False)
    if not task.overdue:
        takedown_ended.send(sender=TakeDown, task=task, actor=actor, reason="It was given anew")
    return task


@transaction.atomic
def end_takedown(
    *, actor: Actor, task: TakeDown, gone: bool, answer: str = "", dropped: bool = False
) -> TakeDown:
    """Done, with what came of it. ``gone``: somebody has looked, and it is no longer there."""
    named(actor, "end a task")
    task, item = _mine(actor, task)
    task.answer = answer.strip()[:LONGEST] or task.answer
    if (dropped or not gone) and not task.answer:
        raise Refused(
            "Say what came of it", where="answer", mend="Such as: refused, no legal ground."
        )
    task.state = State.DROPPED if dropped else State.DONE
    task.ended_by, task.ended_at = actor, now()
    task.save()
    if gone and not dropped:
        item.status = Status.TAKEN_DOWN
        item.looked_at, item.recheck_due = now(), exposure_rules.next_look(item.kind)
    elif item.status == Status.TAKING_DOWN and not item.tasks.filter(state=State.OPEN).exists():  # pyright: ignore
        item.status = Status.PUBLIC
    word = "dropped" if dropped else "done"
    told = "taken down" if item.status == Status.TAKEN_DOWN else f"take-down {word}, still there"
    keep(item, "task_done", f"Take-down {word}: {told}. {task.answer}".strip(), actor, told)
    takedown_ended.send(sender=TakeDown, task=task, actor=actor, reason=f"The task is {word}")
    return task


@transaction.atomic
@system_read("what is overdue is overdue for everybody; the job acts for nobody")
def tell_overdue() -> int:
    """Say of each overdue task that it is; in a privacy window nobody is disturbed with it."""
    rows = TakeDown.objects.filter(state=State.OPEN, due__lt=now().date())
    rows = rows.exclude(principal__state="erased").select_related("item", "principal", "owner")
    quiet: dict[Any, bool] = {}
    told = 0
    for task in rows:
        if task.principal_id not in quiet:
            quiet[task.principal_id] = private_now(task.principal_id)
        if not quiet[task.principal_id]:
            takedown_overdue.send(sender=TakeDown, task=task)
            told += 1
    return told


def _mine(actor: Actor, task: TakeDown) -> tuple[TakeDown, Exposure]:
    """Locked and still open; its owner may write it, and who may change items."""
    require(actor, "exposure.view", task.compartment_id)
    if task.owner_id != actor.pk and not may(actor, "exposure.change", task.compartment_id):
        raise Denied("Its owner writes a task", mend="Or the detail leader or an analyst.")
    item = locked(actor, task.item)
    rows = TakeDown.objects.visible_to(actor).select_related("owner", "item", "principal")
    found = rows.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
    if found.state != State.OPEN:
        raise Refused("This task has ended", where=found.get_state_display())
    return found, item


def _check(task: TakeDown, *, new: bool) -> None:
    if not task.what:
        raise Refused("Say what is to be done", where="what", mend="Or choose a counter-measure.")
    if not may(task.owner, "exposure.view", task.compartment_id):
        raise Refused(
            f"{task.owner} may not see this, so cannot have the task",
            where="owner",
            mend="Choose a detail leader, analyst or operator of the engagement.",
        )
    if new and task.due < now().date():
        raise Refused("The day has passed", where=f"due {task.due}", mend="Give a later day.")
    if task.sent_on is not None and task.sent_on > now().date() + timedelta(days=1):
        raise Refused("That day is still to come", where=f"sent on {task.sent_on}")
