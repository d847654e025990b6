"""How a case is worked: strategy, tasks and their effect; results of licensed instruments."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import SYSTEM, Actor, may, require, system_read
from varangian.platform.storage.services import keep

from ..events import strategy_task_ended, strategy_task_late
from ..judgement_rules import check_words
from ..library.indicators import indicators
from ..models import CaseStrategy, InstrumentResult, Person, StrategyTask
from ..queries import judgement as queries
from .common import named
from .judgements_common import clean
from .persons_common import said, say, working

MOST_BYTES = 20 * 1024 * 1024


@transaction.atomic
def choose_strategy(
    *, actor: Actor, person: Person, ways: list[str], reasons: str, watch_for: str = ""
) -> CaseStrategy:
    """The one before it ends; what is still open of it goes on under the new one."""
    person = working(actor, person, "choose a strategy")
    if not ways:
        mend = ", ".join(one.title for one in indicators().strategies)
        raise Refused("Choose how the case is worked", where="ways", mend=mend)
    chosen = _known(ways)
    reasons = said(reasons, "reasons", "Say why this fits now")
    rows = CaseStrategy.objects.visible_to(actor).filter(person=person)
    before = rows.filter(ended_at=None).first()
    if before is not None:
        before.ended_at = now()
        before.save(update_fields=["ended_at"])
    made = CaseStrategy.objects.create(
        person=person,
        key_id=person.key_id,
        compartment_id=person.compartment_id,
        version=(rows.aggregate(last=Max("version"))["last"] or 0) + 1,
        ways=chosen,
        reasons=reasons,
        watch_for=clean(watch_for),
        chosen_by=actor,
    )
    if before is not None:
        before.tasks.filter(state=StrategyTask.State.OPEN).update(strategy=made)  # pyright: ignore
    say(person, "strategy", "has a strategy", actor)
    return made


def _known(ways: list[str]) -> list[str]:
    ids = [one.id for one in indicators().strategies]
    for way in ways:
        if way not in ids:
            raise Refused("There is no such strategy", where=way, mend=", ".join(ids))
    return list(dict.fromkeys(ways))


@transaction.atomic
def add_task(
    *, actor: Actor, person: Person, words: str, owner: Any, due: datetime
) -> StrategyTask:
    person = working(actor, person, "give a task")
    strategy = queries.strategy(actor, person)
    if strategy is None:
        raise Refused(
            "There is no strategy to act on", where=person.label, mend="Choose one first."
        )
    if owner is None or not may(owner, "person.view", person.compartment_id):
        raise Refused(
            f"{owner or 'Nobody'} may not see this person, so cannot own it",
            where="owner",
            mend="Choose somebody of the desk.",
        )
    if due <= now():
        raise Refused("This time has passed", where="due", mend="Give a date to come.")
    rows = StrategyTask.objects.visible_to(actor).filter(person=person)
    made = StrategyTask.objects.create(
        strategy=strategy,
        person=person,
        key_id=person.key_id,
        compartment_id=person.compartment_id,
        serial=(rows.aggregate(last=Max("serial"))["last"] or 0) + 1,
        words=said(words, "words", "Say what is to be done"),
        owner=owner,
        due=due,
    )
    say(person, "task", f"has a task for {owner}", actor)
    return made


@transaction.atomic
def end_task(
    *, actor: Actor, task: StrategyTask, effect: str, dropped: bool = False
) -> StrategyTask:
    """By its owner or who works the case: what was seen to come of it, or why it was dropped."""
    require(actor, "person.view", task.compartment_id)
    named(actor, "end a task")
    rows = StrategyTask.objects.visible_to(actor).select_related("person")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
    if row.owner_id != actor.pk and not may(actor, "person.change", row.compartment_id):
        raise Denied("Its owner ends a task", where=row.label, mend="Or who works the case.")
    if row.state != StrategyTask.State.OPEN:
        raise Refused("This task has ended", where=row.label)
    row.effect = said(effect, "effect", "Say what came of it")
    row.state = StrategyTask.State.DROPPED if dropped else StrategyTask.State.DONE
    row.ended_by, row.ended_at = actor, now()
    row.save()
    strategy_task_ended.send(sender=StrategyTask, task=row, actor=actor)
    say(row.person, "task", f"task {row.serial} {row.state}", actor)
    return row


@transaction.atomic
@system_read("what is late is late for everybody; the job acts for nobody")
def ask_about_late_tasks() -> int:
    """Tell the features above of each task past its date; they ask a person, once."""
    late = list(queries.late_tasks(SYSTEM))
    for task in late:
        strategy_task_late.send(sender=StrategyTask, task=task)
    return len(late)


@transaction.atomic
def record_instrument(
    *,
    actor: Actor,
    person: Person,
    instrument: str,
    rater: str,
    licence_holder: str,
    done_on: date,
    outcome: str,
    document: bytes = b"",
    name: str = "",
    media_type: str = "application/octet-stream",
) -> InstrumentResult:
    """What a licensed instrument gave, in words. Its items are its owner's and are not kept."""
    person = working(actor, person, "record a result")
    if done_on > now().date():
        raise Refused("This day lies ahead", where="done_on", mend="Give the day it was done.")
    if len(document) > MOST_BYTES:
        raise Refused(f"The document is larger than {MOST_BYTES // 1024 // 1024} MB", where=name)
    outcome = check_words(said(outcome, "outcome", "Say what came out, in words"), "outcome")
    owner = {"key": person.key, "compartment_id": person.compartment_id}
    stored = (
        keep(data=document, name=name or "document", media_type=media_type, **owner)
        if document
        else None
    )
    made = InstrumentResult.objects.create(
        person=person,
        key_id=person.key_id,
        compartment_id=person.compartment_id,
        instrument=said(instrument, "instrument", "Name the instrument"),
        rater=said(rater, "rater", "Say who rated"),
        licence_holder=said(licence_holder, "licence_holder", "Say who holds the licence"),
        done_on=done_on,
        outcome=outcome,
        document=stored,
        added_by=actor,
    )
    say(person, "judged", "has a result of a licensed instrument", actor)
    return made
