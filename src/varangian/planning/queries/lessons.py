"""Lessons that wait at a place, a measure or a card until a named person takes or declines them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor

from ..models import Card, Lesson, LessonAnswer, Measure

Target = Lesson.Target


def lessons(actor: Actor) -> QuerySet[Lesson]:
    answers = LessonAnswer.objects.visible_to(actor).select_related("by", "operation")
    return (
        Lesson.objects.visible_to(actor)
        .select_related("place", "by", "measure")
        .prefetch_related(Prefetch("answers", queryset=answers))
    )


def lesson(actor: Actor, pk: UUID) -> Lesson:
    found = lessons(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such lesson, or it is not yours to see", where=str(pk))
    return found


def of_observations(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, list[Lesson]]:
    found: dict[UUID, list[Lesson]] = defaultdict(list)
    for row in lessons(actor).filter(observation_id__in=list(ids)):
        found[row.observation_id].append(row)  # pyright: ignore
    return dict(found)


def answer_in(row: Lesson, operation: Any = None) -> LessonAnswer | None:
    """What was answered: for a place by anybody, otherwise in this operation."""
    wanted = None if row.target == Target.FACT else getattr(operation, "pk", None)
    return next((one for one in row.answers.all() if one.operation_id == wanted), None)  # pyright: ignore


def open_at(actor: Actor, places: Iterable[UUID]) -> dict[UUID, list[Lesson]]:
    """Open lessons by place."""
    rows = lessons(actor).filter(target=Target.FACT, place_id__in=list(places))
    found: dict[UUID, list[Lesson]] = defaultdict(list)
    for row in rows:
        if answer_in(row) is None:
            found[row.place_id].append(row)  # pyright: ignore
    return dict(found)


def of_card(actor: Actor, card: Any) -> list[Lesson]:
    """Open for this card in its operation."""
    rows = _near(actor, card.operation).filter(target=Target.CARD, library_id=card.library_id)
    return [row for row in rows if answer_in(row, card.operation) is None]


def of_measures(actor: Actor, operation: Any, measures: Iterable[Any]) -> dict[UUID, list[Lesson]]:
    """Open lessons by measure: of its kind in the library, or of this very one."""
    rows = [
        row
        for row in _near(actor, operation).filter(target=Target.MEASURE)
        if answer_in(row, operation) is None
    ]
    found = {
        measure.pk: [row for row in rows if _meets(row, measure)] for measure in measures if rows
    }
    return {pk: group for pk, group in found.items() if group}


def _meets(row: Lesson, measure: Any) -> bool:
    if row.measure_id:  # pyright: ignore
        return row.measure_id == measure.pk  # pyright: ignore
    return bool(measure.library_id) and row.library_id == measure.library_id


def waiting(actor: Actor, operation: Any) -> list[Lesson]:
    """Everything that a new operation meets: at its places, in its measures and its cards."""
    legs = operations.movements(actor, operation)
    ends = {pk for leg in legs for pk in (leg.origin_id, leg.destination_id) if pk}
    cards = Card.objects.visible_to(actor).filter(operation=operation)
    held = set(cards.values_list("library_id", flat=True))
    measures = list(Measure.objects.visible_to(actor).filter(operation=operation))
    found = [row for group in open_at(actor, ends).values() for row in group]
    for row in _near(actor, operation).exclude(target=Target.FACT):
        there = row.library_id in held or any(_meets(row, one) for one in measures)
        if there and answer_in(row, operation) is None:
            found.append(row)
    return found


def _near(actor: Actor, operation: Any) -> QuerySet[Lesson]:
    circles = (operation.compartment_id, operation.engagement.compartment_id)
    return lessons(actor).filter(compartment_id__in=circles)
