"""The programme of an engagement in numbers: every operation of a period, counted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log import queries as log
from varangian.operations import queries as operations
from varangian.operations.models import Post
from varangian.platform.access.scope import Actor, require

from ..actual import LegActual, Said, holds_of, leg_actual
from ..counting import (
    PostActual,
    coverage,
    hours_planned,
    hours_worked,
    in_order,
    moved,
)
from ..indicators import Day, Indicator, indicators
from ..models import Acknowledgement, Debrief, Observation, Order
from .debrief import TOPICS, answered, leg_of, said_of

WEEKS = 12
LONGEST = 366
COUNTED = ("active", "closed")
"""Operations that took place; what is planned or was called off has nothing to count."""
FOR_INFORMATION = "inform"


@dataclass(frozen=True)
class Programme:
    """``days`` reach back over the period before, which the trends compare with."""

    engagement: Any
    principal: Any
    start: date
    end: date
    days: Sequence[Day]
    operations: Sequence[Any]
    """Of the period itself, oldest first."""
    undated: int
    """Operations without a time: they belong to no period."""
    indicators: Sequence[Indicator]


def period(start: date | None, end: date | None) -> tuple[date, date]:
    """The last twelve weeks unless told otherwise; both days included."""
    end = end or now().date()
    start = start or end - timedelta(weeks=WEEKS) + timedelta(days=1)
    if start > end:
        raise Refused("The period ends before it begins", where=f"{start} to {end}")
    if (end - start).days > LONGEST:
        raise Refused(f"A period has at most {LONGEST} days", where=f"{start} to {end}")
    return start, end


def programme(
    actor: Actor,
    engagement: Any,
    *,
    start: date | None = None,
    end: date | None = None,
    principal: Any = None,
) -> Programme:
    """Indicators over the operations that this person sees; each carries its inputs."""
    require(actor, "programme.view", engagement.compartment_id)
    start, end = period(start, end)
    rows = operations.operations(actor).filter(engagement=engagement, state__in=COUNTED)
    if principal is not None:
        rows = rows.filter(principal=principal)
    found = list(rows)
    dated = {row.pk: when for row in found if (when := _date(row))}
    before = start - (end - start) - timedelta(days=1)
    inside = [row for row in found if row.pk in dated and before <= dated[row.pk] <= end]
    days = count(actor, inside, dated)
    present = [row for row in inside if dated[row.pk] >= start]
    return Programme(
        engagement=engagement,
        principal=principal,
        start=start,
        end=end,
        days=days,
        operations=sorted(present, key=lambda row: (dated[row.pk], row.slug)),
        undated=len(found) - len(dated),
        indicators=indicators(days, start, end),
    )


def _date(operation: Any) -> date | None:
    return operation.starts.date() if operation.starts else None


def count(actor: Actor, rows: Sequence[Any], dated: dict[UUID, date]) -> list[Day]:
    """Each operation counted, in a handful of reads for all of them."""
    ids = [row.pk for row in rows]
    issued = _issued(actor, ids)
    said, posts = _said(actor, ids), _posts(actor, ids)
    legs = _legs(actor, ids, said, issued)
    told, asked = _alerts(actor, ids), _orders(actor, ids)
    washed = _near_misses(actor, ids)
    return [
        Day(
            slug=row.slug,
            date=dated[row.pk],
            planned=row.pk in issued,
            alerts=told[row.pk][0],
            alerts_waiting=told[row.pk][1],
            orders=asked[row.pk][0],
            orders_waiting=asked[row.pk][1],
            near_misses=washed.get(row.pk),
            **_counted(row, legs[row.pk], posts[row.pk], said[row.pk], row.pk in issued),
        )
        for row in rows
    ]


def _counted(
    operation: Any,
    legs: Sequence[LegActual],
    posts: Sequence[Any],
    said: Sequence[Said],
    planned: bool,
) -> dict[str, Any]:
    """Hours only of what is over: those of a running operation would be a promise."""
    over = operation.state == "closed"
    every = [one.leg.pk for one in legs]
    actual = [
        PostActual(
            holds_of(post.pk, said, post.holder_id is not None, post.held_since),
            [cover.movement_id for cover in post.covers.all()] or every,
        )
        for post in posts
    ]
    covered = coverage(legs, actual, now())
    return {
        "legs": len(legs),
        "moved": moved(legs) if planned else 0,
        "posts_needed": covered.needed,
        "posts_held": covered.held,
        "posts_unknown": covered.unknown,
        "hours_planned": hours_planned(legs, actual) if over else None,
        "hours_worked": hours_worked(legs, actual) if over else None,
    }


def _issued(actor: Actor, ids: list[UUID]) -> dict[UUID, Any]:
    rows = Order.objects.visible_to(actor).filter(
        operation_id__in=ids, kind=Order.Kind.OPERATION, issued_at__isnull=False
    )
    first: dict[UUID, Any] = {}
    for operation, at in rows.order_by("issued_at").values_list("operation_id", "issued_at"):
        first.setdefault(operation, at)
    return first


def _said(actor: Actor, ids: list[UUID]) -> dict[UUID, list[Said]]:
    """What the house wrote of movements and posts."""
    rows = log.entries(actor).filter(operation_id__in=ids, topic__in=TOPICS, kind="auto")
    found: dict[UUID, list[Said]] = defaultdict(list)
    for row in rows.order_by("operation_id", "serial"):
        found[row.operation_id].append(said_of(row))  # pyright: ignore
    return found


def _legs(
    actor: Actor, ids: list[UUID], said: dict[UUID, list[Said]], issued: dict[UUID, Any]
) -> dict[UUID, list[LegActual]]:
    found: dict[UUID, dict[UUID, LegActual]] = defaultdict(dict)
    for row in operations.movements(actor).filter(operation_id__in=ids):
        key = row.operation_id  # pyright: ignore
        found[key][row.pk] = leg_actual(leg_of(row, ""), _about(said[key], row.pk), issued.get(key))
    return defaultdict(list, {key: in_order(rows) for key, rows in found.items()})


def _about(said: Iterable[Said], pk: UUID) -> list[Said]:
    return [entry for entry in said if entry.about == pk]


def _posts(actor: Actor, ids: list[UUID]) -> dict[UUID, list[Any]]:
    rows = Post.objects.visible_to(actor).filter(operation_id__in=ids).prefetch_related("covers")
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.operation_id].append(row)  # pyright: ignore
    return found


Times = tuple[list[float], int]


def _alerts(actor: Actor, ids: list[UUID]) -> dict[UUID, Times]:
    rows = alerts.alerts(actor, view="all").filter(operation_id__in=ids)
    rows = rows.exclude(state="expired", acknowledged_at=None).exclude(urgency=FOR_INFORMATION)
    return _times((row.operation_id, row.raised_at, answered(row)) for row in rows)


def _orders(actor: Actor, ids: list[UUID]) -> dict[UUID, Times]:
    rows = Acknowledgement.objects.visible_to(actor).filter(order__operation_id__in=ids)
    return _times(rows.values_list("order__operation_id", "asked_at", "at"))


def _times(rows: Iterable[tuple[UUID, Any, Any]]) -> dict[UUID, Times]:
    """Seconds from asking to answer, and how many wait, by operation."""
    found: dict[UUID, list[float]] = defaultdict(list)
    waiting: dict[UUID, int] = defaultdict(int)
    for key, asked, at in rows:
        if at is None:
            waiting[key] += 1
        else:
            found[key].append((at - asked).total_seconds())
    keys = {*found, *waiting}
    return defaultdict(lambda: ([], 0), {key: (found[key], waiting[key]) for key in keys})


def _near_misses(actor: Actor, ids: list[UUID]) -> dict[UUID, int]:
    """Of operations whose hot wash is signed: until then nobody has said."""
    signed = Debrief.objects.visible_to(actor).filter(operation_id__in=ids, closed_at__isnull=False)
    found = dict.fromkeys(signed.values_list("operation_id", flat=True), 0)
    rows = Observation.objects.visible_to(actor).filter(
        debrief__operation_id__in=list(found), near_miss=True, confirmed_at__isnull=False
    )
    for key in rows.values_list("debrief__operation_id", flat=True):
        found[key] += 1
    return found
