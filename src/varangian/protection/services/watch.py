"""The operator's work: an alert taken in hand, its steps, and the change of the watch."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from varangian.alerts import services as alerts
from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, may, require
from varangian.platform.news.services import announce

from ..handover import count_words, open_points
from ..library import procedures
from ..models import Handling, HandlingStep, WatchHandover
from ..queries import watch
from .incidents import named, text_of


@transaction.atomic
def take(*, actor: Actor, alert: Any) -> Handling:
    """In hand: the alert is acknowledged, and its steps wait for this operator."""
    named(actor)
    require(actor, "watch.keep", alert.compartment_id)
    mine = Handling.objects.visible_to(actor)
    if (known := mine.filter(operation_id=alert.operation_id, alert=alert.pk).first()) is not None:
        return known
    if alert.state not in alert.OPEN:
        raise Refused("This alert is over", where=alert.title)
    if alert.acknowledged_at is None:
        alerts.acknowledge(actor=actor, alert=alert)
    procedure = procedures().of_source(alert.source)
    made = Handling(
        compartment_id=alert.compartment_id,
        operation_id=alert.operation_id,
        alert=alert.pk,
        sop=procedure.id,
        taken_by=actor,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return mine.get(operation_id=alert.operation_id, alert=alert.pk)
    _tell(made, "taken", f"{actor} works on an alert by the procedure {procedure.title}", actor)
    first = procedure.steps[0]
    if first.deed == "acknowledge":
        _mark(actor, made, first.id, note="")
    return made


@transaction.atomic
def relieve(*, actor: Actor, handling: Handling) -> Handling:
    """Another operator goes on with it."""
    named(actor)
    require(actor, "watch.keep", handling.compartment_id)
    if handling.taken_by_id != actor.pk:
        before, handling.taken_by = handling.taken_by, actor
        handling.save(update_fields=["taken_by"])
        _tell(handling, "taken", f"{actor} takes over an alert from {before}", actor)
    return handling


@transaction.atomic
def mark_step(
    *, actor: Actor, handling: Handling, step: str, note: str = "", skipped: bool = False
) -> HandlingStep:
    """Done, or left out for a reason. Twice is as good as once."""
    named(actor)
    require(actor, "watch.keep", handling.compartment_id)
    if step not in {row.id for row in procedures().get(handling.sop).steps}:
        raise Refused("The procedure has no such step", where=step)
    if skipped and not note.strip():
        raise Refused("A step is left out for a reason", where=step)
    return _mark(actor, handling, step, note=note, skipped=skipped)


def _mark(
    actor: Actor, handling: Handling, step: str, *, note: str, skipped: bool = False
) -> HandlingStep:
    done = HandlingStep.objects.visible_to(actor).filter(handling=handling, step=step).first()
    if done is not None:
        return done
    made = HandlingStep.objects.create(
        compartment_id=handling.compartment_id,
        key_id=handling.operation.key_id,
        handling=handling,
        step=step,
        skipped=skipped,
        note=text_of("note", note, most=400),
        by=actor,
    )
    words = next(row.do for row in procedures().get(handling.sop).steps if row.id == step)
    why = f" ({made.note})" if made.note else ""
    state = "Step left out" if skipped else "Step done"
    _tell(handling, "step", f"{state}: {words}{why}", actor)
    return made


@transaction.atomic
def hand_over_watch(*, actor: Actor, words: str = "") -> UUID:
    """Write down what is open in every operation that this person watches."""
    named(actor)
    shown = [row for row in watch.details(actor) if _keeps(actor, row)]
    if not shown:
        raise Refused("You keep no watch over a running operation")
    change, words = new_id(), text_of("words", words)
    for operation in shown:
        content = open_points(actor, operation)
        row = WatchHandover.objects.create(
            compartment_id=operation.compartment_id,
            key_id=operation.key_id,
            operation=operation,
            change=change,
            content=content,
            words=words,
            digest=digest([content, words]),
            made_by=actor,
        )
        _tell_watch(row, "offered", f"{actor} hands over the watch: {count_words(content)}", actor)
    return change


def _keeps(actor: Actor, operation: Any) -> bool:
    return may(actor, "watch.keep", operation.compartment_id)


@transaction.atomic
def take_watch(*, actor: Actor, change: UUID) -> list[WatchHandover]:
    """Read and taken over, for every operation of it that this person may watch."""
    named(actor)
    rows = watch.change_of_watch(actor, change)
    mine = [row for row in rows if _keeps(actor, row)]
    if not mine:
        require(actor, "watch.keep", rows[0].compartment_id)
    for row in mine:
        if row.made_by_id == actor.pk:
            raise Refused("The watch is taken over by somebody else than who hands it over")
        if row.taken_at is None:
            row.taken_by, row.taken_at = actor, now()
            row.save(update_fields=["taken_by", "taken_at"])
            _tell_watch(row, "taken", f"{actor} has the watch, from {row.made_by}", actor)
    return mine


def _tell(handling: Handling, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="watch",
        event=event,
        text=text,
        compartment_id=handling.compartment_id,
        operation_id=handling.operation_id,
        record=("alert", handling.alert),
        actor=actor,
    )


def _tell_watch(row: WatchHandover, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="watch",
        event=event,
        text=text,
        compartment_id=row.compartment_id,
        operation_id=row.operation_id,
        record=("operation", row.operation_id),
        actor=actor,
    )
