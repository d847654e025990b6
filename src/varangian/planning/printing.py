"""Orders on paper: one edition, as one person may read it. Every print is audited."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, may, require
from varangian.platform.audit.services import note
from varangian.platform.audit.signing import short
from varangian.platform.ui.pdf import render

from .compose import Line, compose
from .library import order_structure
from .models import Order
from .queries import orders
from .queries.material import material
from .queries.reading import Section, Shown, lines_for, sections

TEMPLATE = "planning/order.typ"
COLUMNS = (
    ("day", "Day"),
    ("leg", "Leg or stop"),
    ("advance", "Advance"),
    ("terminal", "Terminal"),
    ("staged", "Car staged"),
    ("call_forward", "Call forward"),
    ("warning", "2 minutes"),
    ("depart", "Depart"),
    ("approach", "Approach"),
    ("arrive", "Arrive"),
    ("leave", "Leave"),
)
MARKS = {Order.State.DRAFT: "DRAFT", Order.State.APPROVED: "NOT ISSUED"} | {
    Order.State.SUPERSEDED: "SUPERSEDED",
    Order.State.CLOSED: "CLOSED",
}


def order_pdf(actor: Actor, order: Order, edition: str = "", *, amended: bool = True) -> bytes:
    """The edition of this person, or another that they may preview."""
    edition = orders.edition_for(actor, order.operation, edition)
    shown = lines_for(actor, order, edition, amended=amended)
    words = f"{order.serial} v{order.version}, {edition} edition"
    note(kind="export", record=order, purpose=words, actor=actor)
    return render(TEMPLATE, _printed(actor, order, shown, edition))


def preview_pdf(actor: Actor, operation: Any, edition: str = "") -> bytes:
    """Nothing is drafted yet: what a draft would say now, marked so, and kept nowhere."""
    if not may(actor, "order.change", operation.compartment_id):
        require(actor, "order.view", operation.compartment_id)
        raise Refused(
            "No order has been issued", where=operation.slug, mend="Ask the detail leader."
        )
    edition = orders.edition_for(actor, operation, edition)
    lines = [line for line in compose(material(actor, operation)) if edition in line.editions]
    order = Order(operation=operation, kind=Order.Kind.OPERATION, number=1, version=0)
    order.serial = f"{operation.slug.upper()} PREVIEW"
    note(kind="export", record=operation, purpose=f"order preview, {edition} edition", actor=actor)
    shown = [Shown(line, order) for line in lines]
    return render(TEMPLATE, _printed(actor, order, shown, edition))


def _printed(actor: Actor, order: Order, shown: list[Shown], edition: str) -> dict[str, Any]:
    operation, rule = order.operation, order_structure().edition(edition)
    zone = ZoneInfo(operation.time_zone)
    fragment = order.kind == Order.Kind.FRAGMENTARY
    amended = sorted({s.order.number for s in shown if s.order.pk != order.pk})
    return {
        "house": {
            "title": f"{order.get_kind_display()} {order.number}",
            "subtitle": f"{operation.title} · {rule.title} edition",
            "classification": f"{order.classification} · TLP {rule.tlp.replace('_', ' ')}",
            "serial": order.serial,
            "version": str(order.version or ""),
            "destroy_after": destroyed(operation, rule.destroy_after_hours, zone),
            "copy": f"{actor}, {rule.title.lower()} edition",
        },
        "mark": MARKS.get(Order.State(order.state), ""),
        "facts": [*_facts(order, operation, rule, amended, zone), *_posts(actor, order)],
        "change": order.summary,
        "paragraphs": [_paragraph(section, order) for section in sections(shown, whole=fragment)],
        "timings": _table([s.line for s in shown if s.line.heading == "timings"]),
        "signature": _signature(order, zone),
        "slip": [order.serial, f"version {order.version}", *(f"FRAGO {n}" for n in amended)],
    }


def _facts(
    order: Order, operation: Any, rule: Any, amended: list[int], zone: ZoneInfo
) -> list[Any]:
    rows = [
        ["State", order.get_state_display()],
        ["For", rule.readers],
        ["Times", f"{operation.time_zone}, or the zone written beside the time"],
    ]
    if order.amends:
        rows.append(["Amends", f"{order.amends.serial} version {order.amends.version}"])
    if amended:
        rows.append(["With", ", ".join(f"fragmentary order {n}" for n in amended)])
    if order.issued_at:
        rows.append(["Issued", _at(order.issued_at, zone)])
    if order.acknowledge_by:
        rows.append(["Acknowledge by", _at(order.acknowledge_by, zone)])
    return rows


def _posts(actor: Actor, order: Order) -> list[list[str]]:
    """Whom a fragmentary order concerns."""
    if order.kind != Order.Kind.FRAGMENTARY:
        return []
    titles = [post.title for post in orders.concerned(actor, order)]
    return [["Posts", ", ".join(titles)]] if titles else []


def _paragraph(section: Section, order: Order) -> dict[str, Any]:
    return {
        "number": str(section.number),
        "title": section.paragraph.title,
        "headings": [
            {
                "number": shown[0].line.number.rpartition(".")[0],
                "title": heading.title,
                "lines": [_row(row, order) for row in shown],
            }
            for heading, shown in section.headings
        ],
    }


def _row(row: Shown, order: Order) -> dict[str, Any]:
    line = row.line
    changed = "" if row.order.pk == order.pk else f"FRAGO {row.order.number}"
    return {
        "number": line.number,
        "text": line.text,
        "gap": line.gap,
        "change": line.change,
        "replaces": line.replaces,
        "by": changed,
        "stale": bool(row.stale),
    }


def _table(lines: list[Line]) -> dict[str, Any]:
    """Only the columns that some leg fills."""
    rows = [line.cells for line in lines if line.cells]
    used = [(name, title) for name, title in COLUMNS if any(row.get(name) for row in rows)]
    return {
        "head": [title for _, title in used],
        "rows": [[row.get(name, "") for name, _ in used] for row in rows],
    }


def _signature(order: Order, zone: ZoneInfo) -> dict[str, str]:
    if not order.approved_at:
        return {}
    return {
        "name": order.approved_name,
        "at": _at(order.approved_at, zone),
        "digest": short(order.content_digest),
    }


def destroyed(operation: Any, hours: int, zone: ZoneInfo) -> str:
    if operation.ends:
        return _at(operation.ends + timedelta(hours=hours), zone)
    return f"{hours} h from stand-down (printed {now().astimezone(zone):%d %b %Y})"


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %b %Y %H:%M %Z}"
