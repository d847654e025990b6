"""Draft briefs from what is on record, draft them anew, put them away."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import Node, forget, tie_all

from ..brief_compose import Item, compose
from ..models import Brief, BriefItem
from ..queries import brief_material as material
from ..queries import briefs
from .orders import lock_operation

State, Kind = Brief.State, Brief.Kind
LONGEST_SLUG = 26
MOST_LEGS = 60


@transaction.atomic
def draft_brief(
    *,
    actor: Actor,
    operation: Any,
    kind: str = Kind.DAILY,
    day: date | None = None,
    legs: list[UUID] | None = None,
) -> Brief:
    """A draft of a day, or of the legs of a trip; one draft of a kind at a time."""
    require(actor, "brief.change", operation.compartment_id)
    if kind not in Kind.values:
        raise Refused("A brief is daily or pre_trip", where=f"kind: {kind}"[:80])
    lock_operation(actor, operation)
    waiting = briefs.being_drafted(actor, operation, kind)
    if waiting is not None:
        raise Conflict(
            "There is a draft already",
            where=waiting.label,
            mend="Draft it anew, issue it or put it away.",
        )
    chosen = _chosen(actor, operation, kind, legs or [])
    day = day or _first_day(operation, chosen)
    serial = _serial(operation, kind, day, chosen)
    last = Brief.objects.visible_to(actor).filter(operation=operation, serial=serial)
    before = briefs.last_issued(actor, operation)
    made = Brief.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        kind=kind,
        serial=serial,
        version=max(last.values_list("version", flat=True), default=0) + 1,
        day=day,
        legs=[leg.pk for leg in chosen],
        since=before.issued_at if before else None,
        drafted_by_id=actor.pk,
    )
    _fill(actor, made)
    tell(made, "drafted", actor)
    return made


@transaction.atomic
def redraft_brief(*, actor: Actor, brief: Brief) -> Brief:
    """The records are read again; judgements, bottom line, order and what was left out stay."""
    require(actor, "brief.change", brief.compartment_id)
    held = locked(actor, brief)
    briefs.only_draft(held)
    own = BriefItem.objects.visible_to(actor, "brief.change").filter(brief=held)
    before = {_key(row): row for row in own}
    own.delete()
    forget(kind="brief", records=[held.pk], note="Drafted anew")
    last = briefs.last_issued(actor, held.operation)
    held.since = last.issued_at if last else None
    held.drafted_at, held.drafted_by_id = now(), actor.pk
    held.save(update_fields=["since", "drafted_at", "drafted_by"])
    _fill(actor, held, before)
    tell(held, "drafted anew", actor)
    return held


@transaction.atomic
def withdraw_brief(*, actor: Actor, brief: Brief) -> Brief:
    """Nobody reads it as if it counted any more; a draft is put away the same way."""
    held = locked(actor, brief)
    right = "brief.change" if held.state == State.DRAFT else "brief.issue"
    require(actor, right, held.compartment_id)
    if held.state not in (State.DRAFT, State.ISSUED):
        words = held.get_state_display().lower()  # pyright: ignore
        raise Refused(f"It is {words} already", where=held.label)
    held.state = State.WITHDRAWN
    held.save(update_fields=["state"])
    forget(kind="brief", records=[held.pk], note="Brief withdrawn")
    tell(held, "withdrawn", actor)
    return held


def _chosen(actor: Actor, operation: Any, kind: str, wanted: list[UUID]) -> list[Any]:
    if kind == Kind.DAILY:
        if wanted:
            raise Refused("A daily brief takes the legs of its day", where="legs")
        return []
    found = material.legs_ahead(actor, operation, wanted)
    if missing := set(wanted) - {leg.pk for leg in found}:
        raise Refused(
            "There is no such leg to come in this operation", where=str(min(missing, key=str))
        )
    if not found:
        raise Refused(
            "No leg lies ahead, so there is no trip to speak of",
            where=operation.slug,
            mend="Add the legs first, or draft a daily brief.",
        )
    return found[:MOST_LEGS]


def _first_day(operation: Any, legs: list[Any]) -> date:
    first = next((leg.starts for leg in legs if leg.starts), None)
    return material.day_of(operation, first or now())


def _serial(operation: Any, kind: str, day: date, legs: list[Any]) -> str:
    slug = operation.slug[:LONGEST_SLUG].strip("-").upper()
    if kind == Kind.DAILY:
        return f"{slug} DAILY {day:%Y-%m-%d}"
    return f"{slug} TRIP {day:%Y-%m-%d} L{legs[0].serial}"


def _fill(actor: Actor, brief: Brief, before: dict[Any, BriefItem] | None = None) -> None:
    operation, daily = brief.operation, brief.kind == Kind.DAILY
    legs = (
        material.legs_of_day(actor, operation, brief.day)
        if daily
        else material.legs_ahead(actor, operation, brief.legs)
    )
    known = compose(material.found_for(actor, operation, legs, brief.since, whole=daily))
    rows = [_row(brief, item, position) for position, item in enumerate(known, start=1)]
    _as_before(rows, before or {})
    BriefItem.objects.bulk_create(rows)
    _tie(brief, known)


def _row(brief: Brief, item: Item, position: int) -> BriefItem:
    return BriefItem(
        key_id=brief.key_id,
        compartment_id=brief.compartment_id,
        brief=brief,
        section=item.section,
        position=position,
        needs=item.needs,
        circle=item.circle,
        record_kind=item.record[0] if item.record else "",
        record=item.record[1] if item.record else None,
        title=item.title,
        text=item.text,
        source=item.source,
        grade=item.grade,
        scale=item.scale,
        at=item.at,
        unknown=item.unknown,
    )


def _key(row: BriefItem) -> tuple[str, Any]:
    return row.section, row.record or row.title


def _as_before(rows: list[BriefItem], before: dict[Any, BriefItem]) -> None:
    """What the author left out stays out, unless its words have changed since."""
    for row in rows:
        old = before.get(_key(row))
        if old is None:
            continue
        row.position = old.position
        if old.left_out and (old.title, old.text) == (row.title, row.text):
            row.left_out, row.reason = True, old.reason


def _tie(brief: Brief, known: list[Item]) -> None:
    nodes = {node for item in known for node in (item.record, *item.also) if node is not None}
    pairs: list[tuple[Node, Node]] = [
        (node, ("brief", brief.pk)) for node in sorted(nodes, key=str)
    ]
    tie_all(pairs=pairs, relation="is told in", compartment_id=brief.compartment_id)


def locked(actor: Actor, brief: Brief) -> Brief:
    """Hold the brief while it changes."""
    return briefs.briefs(actor).filter(pk=brief.pk).select_for_update(of=("self",)).get()


def tell(brief: Brief, event: str, actor: Actor, text: str = "") -> None:
    """The log names a brief by its number, never by its content."""
    announce(
        topic="briefs",
        event=event,
        text=text or f"{brief.label} {event}",
        compartment_id=brief.compartment_id,
        operation_id=brief.operation_id,
        record=("brief", brief.pk),
        actor=actor,
    )
