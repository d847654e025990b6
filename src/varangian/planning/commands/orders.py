"""``varangian order ...``"""

from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from .. import printing, services
from ..editions import edition_named
from ..models import Order
from ..queries import checking, orders, plans, reading
from ..shapes.orders import acknowledgement_shape, line_shape, matrix_shape, order_shape

order = typer.Typer(help="Warning, operation and fragmentary orders.", no_args_is_help=True)
groups = {"order": order}
Role = Annotated[str, typer.Option(help="an edition or a role: driver, officer, medic, client ...")]
Which = Annotated[str, typer.Option("--order", help="serial, when it is not the one in hand")]
COLUMNS = ("serial", "version", "state", "approved_by", "issued_at")


@order.command("list")
def list_orders(operation: str, as_json: console.AsJson = False) -> None:
    """All orders of an operation, the latest first."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [order_shape(row) for row in orders.orders(actor, found)]
    console.emit(rows, as_json, COLUMNS)


@order.command()
def show(
    operation: str, role: Role = "", which: Which = "", as_json: console.AsJson = False
) -> None:
    """The lines of one edition, as amended."""
    with console.unit() as actor:
        found = _one(actor, operation, which)
        edition = edition_named(role) if role else ""
        rows = [line_shape(row) for row in reading.lines_for(actor, found, edition)]
        answer = {**order_shape(found), "lines": rows}
    if as_json:
        console.emit(answer, True)
        return
    console.emit(rows, False, ("number", "text"))


@order.command()
def draft(operation: str, warning: bool = False, as_json: console.AsJson = False) -> None:
    """Compose a draft from the data; a draft that is there is composed anew."""
    kind = Order.Kind.WARNING if warning else Order.Kind.OPERATION
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        waiting = orders.being_drafted(actor, found, kind)
        if waiting is not None and waiting.state == Order.State.DRAFT:
            made = services.redraft_order(actor=actor, order=waiting)
        else:
            made = services.draft_order(actor=actor, operation=found, kind=kind)
        row = order_shape(made)
    console.emit(row, as_json)


@order.command()
def frago(operation: str, as_json: console.AsJson = False) -> None:
    """Draft a fragmentary order: only what has changed since the order in force."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        made = services.draft_fragmentary_order(actor=actor, operation=found)
        lines = [line_shape(row) for row in reading.lines_for(actor, made, "detail_leader")]
        posts = [post.title for post in orders.concerned(actor, made)]
        row = {**order_shape(made), "posts": posts, "lines": lines}
    if as_json:
        console.emit(row, True)
        return
    console.say(f"Concerns {', '.join(posts)}")
    console.emit(lines, False, ("number", "change", "text", "replaces"))


@order.command()
def approve(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Sign the draft. Needs --as with the person who signs."""
    with console.unit() as actor:
        found = _waiting(actor, operation, which, Order.State.DRAFT)
        row = order_shape(services.approve_order(actor=actor, order=found))
    console.emit(row, as_json)


@order.command()
def issue(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Send out the signed order."""
    with console.unit() as actor:
        found = _waiting(actor, operation, which, Order.State.APPROVED)
        row = order_shape(services.issue_order(actor=actor, order=found))
    console.emit(row, as_json)


@order.command()
def close(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Take an order out of force, or put a draft away."""
    with console.unit() as actor:
        found = _one(actor, operation, which)
        row = order_shape(services.close_order(actor=actor, order=found))
    console.emit(row, as_json)


@order.command()
def ack(
    operation: str,
    post: Annotated[str, typer.Option(help="title or call sign, when it is not yours")] = "",
    note: Annotated[str, typer.Option(help="how the holder told you")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Acknowledge what waits for you, or for a post whose holder told you."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [
            acknowledgement_shape(
                services.acknowledge_order(actor=actor, order=row.order, post=row.post, note=note)
            )
            for row in _due(actor, found, post)
        ]
    console.emit(rows, as_json, ("order", "post", "acknowledged_by", "acknowledged_at"))


@order.command()
def matrix(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Who has acknowledged what."""
    with console.unit() as actor:
        rows = matrix_shape(orders.matrix(actor, _one(actor, operation, which)))
    if as_json:
        console.emit(rows, True)
        return
    told = [{**row, "states": ", ".join(c["state"] for c in row["orders"])} for row in rows]
    console.emit(told, False, ("post", "holder", "states"))


@order.command()
def verify(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Is the signature genuine? Exit code 1 when it is not."""
    with console.unit() as actor:
        row = checking.verdict(actor, _one(actor, operation, which))
    console.emit(row, as_json)
    if not row["genuine"]:
        raise Refused(row["reason"], where=row["order"])


@order.command()
def render(
    operation: str,
    out: Annotated[Path, typer.Option(help="file to write")],
    role: Role = "",
    which: Which = "",
) -> None:
    """PDF of one edition. Without any order it is what a draft would say now, marked DRAFT."""
    edition = edition_named(role) if role else ""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        one = _named(actor, found, which) if which else orders.in_hand(actor, found)
        if one is None:
            body = printing.preview_pdf(actor, found, edition)
            console.say("No order has been drafted; this is a preview marked DRAFT.")
        else:
            body = printing.order_pdf(actor, one, edition)
        out.write_bytes(body)
    console.say(f"{out}: {len(body) // 1024} kB")


@order.command()
def plan(
    operation: str,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="HEADING=TEXT", help="may be repeated")
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """The texts that no other record holds: show them, or set some. ``\\n`` starts a line."""
    texts = dict(_pair(item) for item in set_ or [])
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        if texts:
            found = services.write_plan(actor=actor, operation=found, texts=texts)
        parts = plans.plan(actor, found)
    rows = [{"heading": h.id, "text": text, "holds": h.holds} for _, hs in parts for h, text in hs]
    console.emit(rows, as_json, ("heading", "text"))


def _pair(item: str) -> tuple[str, str]:
    heading, sign, text = item.partition("=")
    if not sign:
        raise Refused("Write HEADING=TEXT", where=item, mend="For example dress=Dark suits.")
    return heading.strip(), text.replace("\\n", "\n")


def _one(actor: Actor, slug: str, serial: str) -> Order:
    operation = operations.operation(actor, slug)
    if serial:
        return _named(actor, operation, serial)
    found = orders.in_hand(actor, operation)
    if found is None:
        raise NotFound("There is no order yet", where=slug, mend=f"varangian order draft {slug}")
    return found


def _named(actor: Actor, operation: Any, serial: str) -> Order:
    found = orders.orders(actor, operation).filter(serial__iexact=serial).order_by("-version")
    row = found.first()
    if row is None:
        raise NotFound("There is no such order", where=serial, mend="See varangian order list.")
    return row


def _waiting(actor: Actor, slug: str, serial: str, state: str) -> Order:
    operation = operations.operation(actor, slug)
    found = orders.orders(actor, operation).filter(state=state)
    row = (found.filter(serial__iexact=serial) if serial else found).first()
    if row is None:
        raise NotFound(f"No order is {Order.State(state).label.lower()}", where=serial or slug)
    return row


def _due(actor: Actor, operation: Any, post: str) -> list[Any]:
    if not post:
        rows = orders.waiting_for(actor, operation)
        if not rows:
            raise Refused("Nothing waits for your acknowledgement", where=operation.slug)
        return rows
    wanted = post.lower()
    held = [
        p
        for p in operations.posts(actor, operation)
        if wanted in (p.title.lower(), p.call_sign.lower())
    ]
    base = orders.issued(actor, operation)
    if not held or base is None:
        raise NotFound("There is no such post, or no order in force", where=post)
    columns = [base, *orders.amendments(actor, base)]
    found = [orders.due(orders.acknowledgements(actor, c)).filter(post=held[0]) for c in columns]
    return [row for rows in found for row in rows]
