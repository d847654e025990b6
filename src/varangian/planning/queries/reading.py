"""An order as one person reads it: their edition, as amended, with what has gone stale."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from varangian.platform.access.scope import Actor, may
from varangian.platform.thread import registry
from varangian.platform.thread.queries import stale_by_record

from ..compose import Line, in_force
from ..library import order_structure
from ..models import Order
from . import orders

UNDER_REVIEW = "Something this rests on has changed. The detail leader is told."


@dataclass
class Shown:
    """One line with what its row shows."""

    line: Line
    order: Order
    """The order that states it: the base, or the fragmentary order that changed it."""
    stale: list[str] = field(default_factory=list)
    reason: dict[str, str] | None = None


@dataclass
class Section:
    paragraph: Any
    headings: list[tuple[Any, list[Shown]]]
    number: int


def lines_for(
    actor: Actor, order: Order, edition: str = "", *, amended: bool = True
) -> list[Shown]:
    """The lines that this person may read, in printed order.

    An issued order is shown with its fragmentary orders worked in, unless ``amended`` is false.
    Refuses an edition that is not theirs, and a person who has none.
    """
    edition = orders.edition_for(actor, order.operation, edition)
    whole = amended and order.kind != Order.Kind.FRAGMENTARY
    parts = [order, *(orders.amendments(actor, order) if whole else [])]
    rows = orders.edition_lines(actor, [part.pk for part in parts], edition)
    if whole:
        lines = list(in_force(rows[order.pk], [rows[part.pk] for part in parts[1:]]).values())
    else:
        lines = [_as_stated(row) for row in rows[order.pk]]
    source = {row.pk: part for part in parts for row in rows[part.pk]}
    kept = [line for line in lines if edition in line.editions]
    return _with_state(actor, order, [Shown(line, source[_of(line)]) for line in kept])


def sections(shown: list[Shown], *, whole: bool = False) -> list[Section]:
    """Paragraphs and headings of the order structure, those that have lines.

    ``whole`` keeps the paragraphs without one: a fragmentary order says that they do not change.
    """
    by_heading: dict[str, list[Shown]] = defaultdict(list)
    for row in shown:
        by_heading[row.line.heading].append(row)
    found = []
    for number, paragraph in enumerate(order_structure().paragraphs, start=1):
        headings = [(h, by_heading[h.id]) for h in paragraph.headings if h.id in by_heading]
        if headings or whole:
            found.append(Section(paragraph, headings, number))
    return found


def _of(line: Line) -> UUID:
    assert line.record is not None
    return line.record


def _as_stated(row: Any) -> Line:
    return Line(
        row.heading,
        row.anchor,
        row.text,
        tuple(row.editions),
        reason=(row.reason_kind, row.reason) if row.reason else None,
        post=row.post_id,
        movement=row.movement_id,
        cells=row.cells,
        gap=row.gap,
        number=row.number,
        change=row.change,
        replaces=row.replaces,
        record=row.pk,
    )


def _with_state(actor: Actor, order: Order, shown: list[Shown]) -> list[Shown]:
    stale = stale_by_record(actor, "order_line", [_of(row.line) for row in shown])
    explains = may(actor, "stale.clear", order.compartment_id)
    reasons = _reasons(actor, shown)
    for row in shown:
        found = stale.get(_of(row.line), [])
        row.stale = found if explains or not found else [UNDER_REVIEW]
        row.reason = reasons.get(row.line.reason) if row.line.reason else None
    return shown


def _reasons(actor: Actor, shown: list[Shown]) -> dict[tuple[str, UUID], dict[str, str]]:
    """Captions of the records behind the lines, only those that this person may see."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for row in shown:
        if row.line.reason:
            wanted[row.line.reason[0]].add(row.line.reason[1])
    found = {}
    for name, ids in wanted.items():
        if name not in registry.kinds():
            continue
        kind = registry.kind(name)
        for pk, record in registry.records(actor, name, list(ids)).items():
            found[name, pk] = {
                "kind": kind.words,
                "caption": kind.caption(record),
                "url": kind.url(record),
            }
    return found
