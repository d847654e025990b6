"""A change of plan as its author sees it: what it touches, and the order it would send."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require

from ..change import Leg, Plan, Scene, Touch, Wish, apply, said, touches
from ..change.touch import GROUPS, acknowledge_minutes, concerned, first_moment
from ..compose import Line, compose, difference, in_force
from ..compose.material import Material, clock
from ..models import Change, Order
from . import orders
from .around import scene_of
from .material import material, places_near, places_of, surveys_of

State = Change.State
SECRET = frozenset({"medical_alerts", "medical_card", "duress_word"})
"""Headings that a change of plan neither reads nor rewrites."""


@dataclass(frozen=True)
class Preview:
    """Nothing is written yet; the same computation runs again when it is sent."""

    base: Order
    movement: Any
    wish: Wish
    plan: Plan
    lines: list[Line]
    """The fragmentary order as composed."""
    pending: list[Line]
    """What had changed before and waits for an order of its own."""
    touched: list[Touch]
    posts: list[Any]
    summary: str
    number: int
    minutes: int
    """Within which the posts are asked to acknowledge."""
    seen: str

    def grouped(self) -> list[tuple[str, list[Touch]]]:
        return by_group(self.touched)

    @property
    def to_settle(self) -> int:
        return sum(row.tone == "red" for row in self.touched)

    def keyed(self) -> list[tuple[str, Line]]:
        return [(key_of(line), line) for line in self.lines]


def by_group(rows: list[Touch]) -> list[tuple[str, list[Touch]]]:
    return [
        (words, found)
        for name, words in GROUPS.items()
        if (found := [row for row in rows if row.group == name])
    ]


def touch_of(kept: dict[str, Any]) -> Touch:
    """One row as a change keeps it."""
    node = (kept["node"][0], UUID(kept["node"][1])) if kept.get("node") else None
    return Touch(kept["group"], kept["title"], kept["why"], kept["tone"], node)


def key_of(line: Line) -> str:
    """Names a drafted line and its words: another text has another key."""
    return digest([line.anchor, line.change, list(line.editions), line.text])[:16]


def preview(actor: Actor, movement: Any, wish: Wish) -> Preview:
    """What the change would do. Reads only; refuses a change that cannot be."""
    operation = movement.operation
    require(actor, "order.change", operation.compartment_id)
    require(actor, "movement.change", operation.compartment_id)
    base = in_force_of(actor, operation)
    known = material(actor, operation, secrets=False)
    legs = [Leg.of(row) for row in operations.movements(actor, operation)]
    plan = apply(legs, movement.pk, wish, nearby(actor, operation))
    fresh = amended(actor, known, plan)
    stated, used = stated_lines(actor, base)
    pending = differing(stated, compose(known), used)
    lines = without(differing(stated, compose(fresh), used), pending)
    answered = {line.anchor for line in lines}
    waiting = [line for line in pending if line.anchor not in answered]
    scene = scene_of(actor, known, fresh, plan, lines, len(waiting))
    return Preview(
        base=base,
        movement=movement,
        wish=wish,
        plan=plan,
        lines=lines,
        pending=pending,
        touched=touches(scene),
        posts=concerned(scene),
        summary=said(plan, _told(stated, plan)),
        number=next_number(actor, operation),
        minutes=_minutes(plan, scene),
        seen=seen_of(plan, lines),
    )


def in_force_of(actor: Actor, operation: Any) -> Order:
    base = orders.issued(actor, operation)
    if base is None:
        raise Refused(
            "No order is in force, so nobody has to be told of a change",
            where=operation.slug,
            mend="Change the leg on its own page; then draft, sign and issue the order.",
        )
    return base


def stated_lines(actor: Actor, base: Order) -> tuple[dict[str, Line], list[str]]:
    """The lines in force by anchor, and every number that was ever printed."""
    parts = [orders.own_lines(actor, part) for part in (base, *orders.amendments(actor, base))]
    used = [row.number for rows in parts for row in rows]
    return in_force(parts[0], parts[1:]), used


def differing(held: dict[str, Line], fresh: list[Line], used: list[str]) -> list[Line]:
    return [row for row in difference(held, fresh, used) if row.heading not in SECRET]


def without(lines: list[Line], pending: list[Line]) -> list[Line]:
    """Only what this change brings."""
    old = {_same(line) for line in pending}
    return [line for line in lines if _same(line) not in old]


def _same(line: Line) -> tuple[str, str, tuple[str, ...], str]:
    return line.anchor, line.change, line.editions, line.text


def amended(actor: Actor, known: Material, plan: Plan) -> Material:
    """The same material with the programme as it will be."""
    legs = tuple(sorted(plan.live, key=_place_in_day))
    places = places_of(actor, known.operation, legs)
    found = surveys_of(actor, places, legs)
    return replace(known, movements=legs, places=places, surveys=found)


def _place_in_day(leg: Leg) -> tuple[bool, float, int]:
    return leg.starts is None, leg.starts.timestamp() if leg.starts else 0.0, leg.serial


def seen_of(plan: Plan, lines: list[Line]) -> str:
    versions = [[str(leg.pk), old.version] for old, leg in plan.changed if old is not None]
    return digest([sorted(versions), [key_of(line) for line in lines]])


def nearby(actor: Actor, operation: Any) -> Mapping[UUID, Any]:
    return {place.pk: place for place in places_near(actor, operation)}


def next_number(actor: Actor, operation: Any) -> int:
    known = orders.orders(actor, operation).filter(
        kind=Order.Kind.FRAGMENTARY, issued_at__isnull=False
    )
    out = known.order_by("-number").first()
    return out.number + 1 if out else 1


def _told(stated: dict[str, Line], plan: Plan) -> str:
    """The time of the leg in the order in force, where it is not the one on record any more."""
    line, old = stated.get(f"timings:movement:{plan.target.pk}"), plan.target
    if line is None or old.starts is None:
        return ""
    shown = line.cells.get("arrive" if old.is_stay else "depart", "")
    now_ = clock(old.starts, old.zone)
    return f"{shown} {now_.partition(' ')[2]}" if shown and not now_.startswith(shown) else ""


def _minutes(plan: Plan, scene: Scene) -> int:
    at = now()
    return acknowledge_minutes(first_moment(plan, scene.level, at), at)


def changes(actor: Actor, operation: Any = None) -> QuerySet[Change]:
    found = Change.objects.visible_to(actor).select_related(
        "operation", "movement", "order", "drafted_by", "sent_by"
    )
    return found if operation is None else found.filter(operation=operation)


def change(actor: Actor, pk: UUID) -> Change:
    found = changes(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such change, or it is not yours to see", where=str(pk))
    return found


def drafts(actor: Actor, operation: Any = None) -> list[Change]:
    return list(changes(actor, operation).filter(state=State.DRAFT))


def next_leg(actor: Actor, operation: Any, at: datetime | None = None) -> Any:
    """What the leader most likely means: the journey that comes next, else the stop that does."""
    moment = at or now()
    rows = operations.movements(actor, operation).exclude(
        state__in=("complete", "cancelled", "arrived")
    )
    coming = rows.filter(Q(starts__gt=moment) | Q(state="under_way")).order_by("starts")
    journeys = [row for row in coming if not row.is_stay]
    return next(iter(journeys), None) or coming.first() or rows.last()
