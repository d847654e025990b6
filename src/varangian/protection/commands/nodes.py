"""``varangian node ...``: at the hub enrol, list, conflicts; at the node join, status, leave."""

from typing import Annotated
from uuid import UUID

import typer

from varangian.operations import queries as operations
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from ..queries import nodes as queries
from ..services import nodes, parcels, uplinks
from ..shapes.nodes import conflict_shape, node_shape, uplink_shape

node = typer.Typer(
    help="Houses in vehicles and venues that go on without the link.", no_args_is_help=True
)
groups = {"node": node}
LIST = ("id", "label", "state", "seen_at", "waiting", "clock_ahead_s", "expires_at")
STATUS = ("label", "hub", "operation", "state", "waiting", "contact_at", "copied_at", "expires_at")
CONFLICTS = ("id", "node", "kind", "person", "at", "words")


@node.command("enrol")
def enrol(
    operation: str, label: str, days: int = nodes.DAYS, as_json: console.AsJson = False
) -> None:
    """At the hub: a token for a node that will carry one operation. It is shown once."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        row, token = nodes.enrol_node(actor=actor, operation=found, label=label, days=days)
        shape = node_shape(row) | {"token": token}
    console.emit(shape, as_json)


@node.command("list")
def list_nodes(operation: str, as_json: console.AsJson = False) -> None:
    """At the hub: the nodes of an operation and how they are."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "node.view", found.compartment_id)
        rows = [node_shape(row) for row in queries.nodes(actor, found)]
    console.emit(rows, as_json, LIST)


@node.command("revoke")
def revoke(node: str, as_json: console.AsJson = False) -> None:
    """At the hub: the node is not heard any more and gets nothing."""
    with console.unit() as actor:
        row = node_shape(nodes.revoke_node(actor=actor, node=queries.node(actor, UUID(node))))
    console.emit(row, as_json)


@node.command("conflicts")
def conflicts(operation: str, past: bool = False, as_json: console.AsJson = False) -> None:
    """At the hub: what came from nodes and did not fit what was known here."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "node.view", found.compartment_id)
        rows = [conflict_shape(row) for row in queries.conflicts(actor, found, past=past)]
    console.emit(rows, as_json, CONFLICTS)


@node.command("settle")
def settle(conflict: str, words: str, as_json: console.AsJson = False) -> None:
    """At the hub: say what holds; needs --as with your e-mail."""
    with console.unit() as actor:
        act = queries.conflict(actor, UUID(conflict))
        row = conflict_shape(nodes.settle_conflict(actor=actor, act=act, words=words))
    console.emit(row, as_json)


@node.command("join")
def join(
    hub: str,
    token: str,
    plain: Annotated[bool, typer.Option(help="http inside a tunnel of your own")] = False,
    as_json: console.AsJson = False,
) -> None:
    """At the node: fetch the copy of the operation and keep the way to the hub."""
    with console.unit("join a hub") as actor:
        found = uplinks.join(actor=actor, url=hub, token=token, plain=plain)
        shape = uplink_shape(found, 0)
    console.emit(shape, as_json)


@node.command("status")
def status(as_json: console.AsJson = False) -> None:
    """At the node: each hub, when it was last reached, and how much still waits."""
    with console.unit():
        rows = [uplink_shape(one, parcels.waiting_count(one)) for one in uplinks.uplinks()]
    console.emit(rows, as_json, STATUS)


@node.command("leave")
def leave(
    label: str = "",
    force: Annotated[bool, typer.Option(help="give up what has not been sent")] = False,
    as_json: console.AsJson = False,
) -> None:
    """At the node: destroy what was taken along and forget the way to the hub."""
    with console.unit("leave a hub") as actor:
        found = uplinks.leave(actor=actor, uplink=uplinks.one_uplink(label), force=force)
        shape = uplink_shape(found, 0)
    console.emit(shape, as_json)
