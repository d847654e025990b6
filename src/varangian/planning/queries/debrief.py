"""Reads of the hot wash: what was planned, what happened, what was observed, what is to be done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.log import queries as log
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, may, require
from varangian.platform.audit.signing import short
from varangian.platform.thread import registry

from ..actual import (
    Leg,
    LegActual,
    Remark,
    Row,
    Said,
    holds_of,
    leg_actual,
    leg_rows,
    post_row,
    remarks,
    spread,
    thawed,
)
from ..models import Acknowledgement, Debrief, Observation, Order
from ..signing import debrief_fault
from . import tracks

Action = Observation.Action
TOPICS = ("movements", "posts")
"""Of the entries that the house writes itself, those that tell when something happened."""


@dataclass(frozen=True)
class Compared:
    """Planned against actual of one operation."""

    rows: Sequence[Row]
    legs: Sequence[LegActual] = ()
    remarks: Sequence[Remark] = ()
    baseline: datetime | None = None
    """When the order was issued that counts as the plan."""
    tracked: bool = False
    frozen: bool = False
    """As it was signed, not as it would read today."""
    spread: dict[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]


def debrief(actor: Actor, operation: Any) -> Debrief | None:
    found = Debrief.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("operation__engagement", "closed_by").first()


def debrief_of(actor: Actor, operation: Any) -> Debrief:
    require(actor, "debrief.view", operation.compartment_id)
    found = debrief(actor, operation)
    if found is None:
        raise NotFound(
            "No hot wash has been opened", where=operation.slug, mend="The leader opens it."
        )
    return found


def observations(actor: Actor, found: Debrief | None = None) -> QuerySet[Observation]:
    rows = Observation.objects.visible_to(actor).select_related(
        "debrief__operation", "by", "owner", "confirmed_by", "ended_by"
    )
    return rows.filter(debrief=found) if found is not None else rows


def observation(actor: Actor, pk: UUID) -> Observation:
    found = observations(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such observation, or it is not yours to see", where=str(pk))
    return found


def overdue(actor: Actor, at: datetime | None = None) -> QuerySet[Observation]:
    """Actions that should have been done."""
    rows = observations(actor).filter(action_state=Action.OPEN, due__lt=at or now())
    return rows.order_by("due")


def open_actions(actor: Actor, circles: Iterable[UUID]) -> QuerySet[Observation]:
    rows = observations(actor).filter(compartment_id__in=list(circles))
    return rows.filter(action_state=Action.OPEN).order_by("due", "number")


def state(found: Debrief | None, rows: Sequence[Observation], operation: Any) -> str:
    """not due, due, held, actions open or closed (doctrine, artefact A21)."""
    if found is None:
        return "due" if operation.state == "closed" else "not due"
    if found.closed_at is None:
        return "held"
    waiting = any(row.action_state == Action.OPEN for row in rows)
    return "actions open" if waiting else "closed"


def verdict(found: Debrief, rows: Sequence[Observation]) -> dict[str, Any] | None:
    if found.closed_at is None:
        return None
    fault = debrief_fault(found, rows)
    return {"genuine": not fault, "reason": fault, "digest": short(found.content_digest)}


def compared(actor: Actor, operation: Any, found: Debrief | None = None) -> Compared:
    """As it was signed; before that as the records say now, as far as this person may read them."""
    require(actor, "debrief.view", operation.compartment_id)
    entries = said(actor, operation)
    baseline = plan_issued(actor, operation)
    seen = tracks.passages(actor, operation)
    legs = legs_of(actor, operation, entries, baseline, seen or {})
    notes = remarks(entries, legs)
    if found is not None and found.closed_at is not None:
        rows = [thawed(row) for row in found.compared]
        kept = [row for row in rows if _theirs(actor, operation, row)]
        return Compared(kept, legs, notes, baseline, seen is not None, True, spread(kept))
    rows = leg_rows(legs)
    rows += _post_rows(actor, operation, entries, legs)
    rows += _order_rows(actor, operation)
    rows += _alert_rows(actor, operation)
    return Compared(rows, legs, notes, baseline, seen is not None, False, spread(rows))


def _theirs(actor: Actor, operation: Any, row: Row) -> bool:
    """A signed line about an alert is for those who may see alerts."""
    return row.kind != "alert" or may(actor, "alert.view", operation.compartment_id)


def said(actor: Actor, operation: Any) -> list[Said]:
    """What the log says of movements and posts, and what people wrote; corrected entries fall."""
    rows = log.entries(actor, operation).filter(
        Q(topic__in=TOPICS) | Q(kind__in=("entry", "correction"))
    )
    rows = list(rows.order_by("serial"))
    wrong = {row.corrects for row in rows if row.corrects is not None}
    return [said_of(row) for row in rows if row.serial not in wrong]


def said_of(row: Any) -> Said:
    by_hand = row.kind != "auto"
    return Said(row.serial, row.at, row.topic, row.about, row.body.get("event", ""), by_hand)


def plan_issued(actor: Actor, operation: Any) -> datetime | None:
    """The first issue of the operation order: later moves are changes of the plan."""
    rows = Order.objects.visible_to(actor).filter(
        operation=operation, kind=Order.Kind.OPERATION, issued_at__isnull=False
    )
    first = rows.order_by("issued_at").first()
    return first.issued_at if first else None


def leg_of(row: Any, title: str) -> Leg:
    return Leg(row.pk, row.serial, title, row.zone, row.starts, row.ends, row.state, row.is_stay)


def legs_of(
    actor: Actor, operation: Any, entries: list[Said], baseline: Any, seen: dict[UUID, Any]
) -> list[LegActual]:
    rows = operations.movements(actor, operation)
    return [leg_actual(leg_of(r, r.title), entries, baseline, seen.get(r.pk)) for r in rows]


def _post_rows(
    actor: Actor, operation: Any, entries: list[Said], legs: list[LegActual]
) -> list[Row]:
    by_leg = operations.posts_by_leg(actor, operation, [one.leg.pk for one in legs])
    found = []
    for post in operations.posts(actor, operation).order_by("serial"):
        mine = [one for one in legs if post.pk in {p.pk for p in by_leg[one.leg.pk]}]
        holds = holds_of(post.pk, entries, post.holder_id is not None, post.held_since)
        row = post_row(
            pk=post.pk, title=post.title, holds=holds, legs=mine, zone=operation.time_zone
        )
        found += [row] if row else []
    return found


def _order_rows(actor: Actor, operation: Any) -> list[Row]:
    rows = Acknowledgement.objects.visible_to(actor).filter(
        order__operation=operation, order__issued_at__isnull=False
    )
    return [
        Row(
            kind="order",
            what=f"{row.order.serial} read by {row.post.title}",
            phase="acknowledged",
            planned=row.asked_at,
            actual=row.at,
            record=("order", row.order_id),  # pyright: ignore
            zone=operation.time_zone,
        )
        for row in rows.select_related("order", "post").order_by("asked_at", "post__serial")
    ]


def _alert_rows(actor: Actor, operation: Any) -> list[Row]:
    rows = alerts.alerts(actor, view="all", operation=operation.slug)
    return [
        Row(
            kind="alert",
            what=row.title,
            phase="acknowledged",
            planned=row.raised_at,
            actual=answered(row),
            record=("alert", row.pk),
            zone=operation.time_zone,
        )
        for row in rows.exclude(state="expired").order_by("raised_at")
    ]


def answered(alert: Any) -> datetime | None:
    """Acknowledged, or dismissed at once."""
    return alert.acknowledged_at or alert.closed_at


def sources(actor: Actor, rows: Iterable[Observation]) -> dict[UUID, dict[str, str]]:
    """The record that each observation comes from, as a caption and a link, if it may be seen."""
    wanted: dict[str, list[Observation]] = defaultdict(list)
    for row in rows:
        if row.about and row.about_kind in registry.kinds():
            wanted[row.about_kind].append(row)
    found = {}
    for name, group in wanted.items():
        kind = registry.kind(name)
        seen = registry.records(actor, name, [row.about for row in group if row.about])
        for row in group:
            record = seen.get(row.about)
            if record is not None:
                words = named(kind, record)
                found[row.pk] = {"words": words, "url": kind.url(record)}
    return found


def named(kind: registry.Kind, record: Any) -> str:
    """``Alert: gate blocked``; a caption that begins with its kind stands alone."""
    caption = kind.caption(record)
    alone = caption.casefold().startswith(kind.words.casefold())
    return caption if alone else f"{kind.words} {caption}"
