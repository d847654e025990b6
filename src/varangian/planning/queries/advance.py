"""Reads of the advance: what an operation needs to know of its places, and who looks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.places.queries import surveys
from varangian.places.queries.survey_views import FactView, SurveyView
from varangian.platform.access.scope import Actor, require

from ..advance import Want, holds_at, want_of
from ..models import AdvanceTask, Lesson
from . import lessons as lesson_reads
from .material import places_near

State = AdvanceTask.State
OVER = ("complete", "cancelled")
HELP = ("trauma_centre", "hospital")
REACH_KM = 80
"""A hospital farther than this from every stop is not the one of this operation."""


@dataclass(frozen=True)
class TaskView:
    task: AdvanceTask
    fact: FactView
    section: str

    @property
    def answered(self) -> bool:
        """Done; or answered by somebody who does not see the task, which the next look closes."""
        if self.task.state != State.OPEN:
            return True
        if self.task.why == AdvanceTask.Why.LESSON:
            return False
        return bool(self.task.needed_at and holds_at(self.fact.standing, self.task.needed_at))

    @property
    def done_by(self) -> Any:
        return self.task.done_by or self.fact.by

    @property
    def done_at(self) -> datetime | None:
        return self.task.done_at or self.fact.standing.verified_at

    @property
    def tappable(self) -> bool:
        """Can the answer be confirmed as it stands?"""
        return self.fact.standing.known and not self.fact.standing.disputed


@dataclass(frozen=True)
class PlaceView:
    """One place of the programme: how much of it is known, and what waits."""

    survey: SurveyView
    legs: list[datetime]
    open: list[TaskView]
    done: list[TaskView]
    wanted: list[Want]
    lessons: list[Lesson] = field(default_factory=list)
    """Open: what was learnt here, and nobody has answered yet."""

    @property
    def place(self) -> Any:
        return self.survey.place

    @property
    def again(self) -> list[TaskView]:
        """Open, and answered once before."""
        return [row for row in self.open if row.fact.standing.known]

    @property
    def first(self) -> list[TaskView]:
        """Open, and never answered."""
        return [row for row in self.open if not row.fact.standing.known]

    @property
    def waiting(self) -> int:
        """Facts to look at, tasked or not."""
        return len(self.wanted)

    @property
    def untasked(self) -> int:
        tasked = {row.task.item for row in self.open}
        return sum(want.item not in tasked for want in self.wanted)

    @property
    def words(self) -> str:
        """``re-verify 7 of 42``"""
        again = sum(want.why != "never" for want in self.wanted)
        first = len(self.wanted) - again
        parts = [f"re-verify {again} of {self.survey.total}"] if again else []
        parts += [f"find out {first} of {self.survey.total}"] if first else []
        return ", ".join(parts) or f"all {self.survey.good} that are known hold"

    @property
    def tone(self) -> str:
        if not self.wanted:
            return "green"
        late = any(row.task.due and row.task.due < now() for row in self.open)
        return "red" if late else "amber"


def tasks(actor: Actor, operation: Any) -> QuerySet[AdvanceTask]:
    found = AdvanceTask.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("place", "assignee", "done_by").order_by("due", "made_at")


def task(actor: Actor, pk: UUID) -> AdvanceTask:
    found = AdvanceTask.objects.visible_to(actor).select_related("operation", "place")
    row = found.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such task, or it is not yours to see", where=str(pk))
    return row


def legs_by_place(
    actor: Actor, operation: Any, at: datetime, *, without: UUID | None = None
) -> dict[Any, list[datetime]]:
    """The coming times at which each place of the programme is used; none lies before ``at``.

    Places of the movements, surveyed routes between them, and the hospitals within reach, which
    must hold for the whole of the operation. ``without`` leaves out a leg that is being removed.
    """
    moves = operations.movements(actor, operation).exclude(pk=without)
    return times_of(actor, operation, list(moves), at)


def times_of(
    actor: Actor, operation: Any, moves: Iterable[Any], at: datetime
) -> dict[Any, list[datetime]]:
    """The same for a programme that may not be on record yet."""
    found: dict[Any, list[datetime]] = defaultdict(list)
    coming = [move for move in moves if move.state not in OVER]
    ways = surveys.ways(actor, [(m.origin_id, m.destination_id) for m in coming if by_road(m)])
    for move in coming:
        leg = max(at, move.starts) if move.starts else at
        for place in {move.origin, move.destination} - {None}:
            found[place].append(leg)
        if by_road(move):
            for route in ways.get((move.origin_id, move.destination_id), []):
                found[route].append(leg)
    if coming:
        every = sorted({leg for legs in found.values() for leg in legs})
        for place in _hospitals(actor, operation, list(found)):
            found[place] = every
    return found


def by_road(move: Any) -> bool:
    """A drive whose ends are both known."""
    return bool(move.kind == "road" and move.origin_id and move.destination_id)


def _hospitals(actor: Actor, operation: Any, stops: list[Any]) -> list[Any]:
    points = [place.position for place in stops if place.located]
    near = [p for p in places_near(actor, operation) if p.kind in HELP and p.located]
    return [p for p in near if any(haversine_km(p.position, s) <= REACH_KM for s in points)]


def wants(
    view: SurveyView, legs: list[datetime], at: datetime, asked: Collection[str] = ()
) -> list[Want]:
    """What must be looked at, in the order of the form; ``asked`` are items that a lesson names."""
    found = (
        want_of(f.rule.id, f.standing, f.rule.required, legs, at, f.rule.id in asked)
        for f in view.facts
    )
    return [want for want in found if want is not None]


def asked_by_lessons(actor: Actor, places: Any) -> dict[UUID, set[str]]:
    """Items by place about which a lesson waits."""
    found = lesson_reads.open_at(actor, places)
    return {pk: {row.item for row in rows} for pk, rows in found.items()}


def board(actor: Actor, operation: Any, at: datetime | None = None) -> list[PlaceView]:
    """Every place of the programme, in the order in which it is used; then those left behind."""
    require(actor, "advance.view", operation.compartment_id)
    at = at or now()
    legs = legs_by_place(actor, operation, at)
    rows: dict[UUID, list[AdvanceTask]] = defaultdict(list)
    known = {place.pk: place for place in legs}
    for row in tasks(actor, operation).exclude(state=State.DROPPED):
        rows[row.place_id].append(row)  # pyright: ignore
        known.setdefault(row.place.pk, row.place)
    by_id = {place.pk: times for place, times in legs.items()}
    views = surveys.surveys(actor, known.values(), at)
    learnt = lesson_reads.open_at(actor, views)
    shown = [
        _place(view, by_id.get(pk, []), rows[pk], at, learnt.get(pk, []))
        for pk, view in views.items()
    ]
    return sorted(shown, key=lambda row: (not row.legs, min(row.legs, default=at)))


def _place(
    view: SurveyView,
    legs: list[datetime],
    rows: list[AdvanceTask],
    at: datetime,
    learnt: list[Lesson],
) -> PlaceView:
    facts = {fact.rule.id: fact for fact in view.facts}
    shown = [
        TaskView(row, facts[row.item], view.form.section_of(row.item).id)
        for row in rows
        if row.item in facts
    ]
    return PlaceView(
        survey=view,
        legs=sorted(legs),
        open=[row for row in shown if not row.answered],
        done=[row for row in shown if row.answered],
        wanted=wants(view, legs, at, {row.item for row in learnt}),
        lessons=learnt,
    )


def planned_with(actor: Actor, place_id: UUID) -> list[Any]:
    """Open operations whose advance has a task at this place."""
    rows = AdvanceTask.objects.visible_to(actor).filter(place_id=place_id)
    ended = Q(operation__state__in=("closed", "cancelled"))
    ids = rows.exclude(ended).values_list("operation_id", flat=True).distinct().order_by()
    return list(operations.operations(actor).filter(pk__in=list(ids)))
