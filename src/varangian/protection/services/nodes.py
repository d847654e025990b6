"""The nodes of this house: enrolled, withdrawn, watched, and what is decided of their conflicts."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from varangian.alerts.services import raise_alert, supersede
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.access.services import digest
from varangian.platform.audit.services import note
from varangian.platform.news.services import announce

from ..models import Node, NodeAct, Outcome

DAYS, MOST_DAYS = 7, 90
SILENT = timedelta(seconds=30)
"""A node says every few seconds that it is there."""
PREFIX = "vn_"


@transaction.atomic
def enrol_node(*, actor: Actor, operation: Any, label: str, days: int = DAYS) -> tuple[Node, str]:
    """Returns the node and its token, of which only the hash is kept."""
    require(actor, "node.change", operation.compartment_id)
    if actor.is_system:
        raise Refused("A named person enrols a node", mend="Use --as with a person's e-mail.")
    if operation.state in ("closed", "cancelled"):
        raise Refused("This operation is over", where=operation.slug)
    if not label.strip() or len(label) > 60:
        raise Refused("A node has a name of 1 to 60 characters", where="label")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"A node lives between 1 and {MOST_DAYS} days", where="days")
    secret = PREFIX + secrets.token_urlsafe(32)
    node = Node(
        compartment_id=operation.compartment_id,
        operation=operation,
        label=label.strip(),
        digest=digest(secret),
        made_by=actor,
        expires_at=now() + timedelta(days=days),
    )
    try:
        with transaction.atomic():
            node.save(force_insert=True)
    except IntegrityError as error:
        mend = "Withdraw the other one first."
        raise Refused("There is a node of this name already", where=label, mend=mend) from error
    note(kind="node enrolled", record=node, actor=actor)
    tell(node, "enrolled", f"Node enrolled: {node.label}", actor)
    return node, secret


@transaction.atomic
def revoke_node(*, actor: Actor, node: Node) -> Node:
    """From now on it is not heard and gets nothing. What it holds it keeps until it expires."""
    require(actor, "node.change", node.compartment_id)
    if node.revoked_at is None:
        node.revoked_at = now()
        node.save(update_fields=["revoked_at"])
        note(kind="node withdrawn", record=node, actor=actor)
        tell(node, "revoked", f"Node withdrawn: {node.label}", actor)
        supersede(source="node", about=node.pk, reason="The node was withdrawn", actor=actor)
    return node


@transaction.atomic
def settle_conflict(*, actor: Actor, act: NodeAct, words: str) -> NodeAct:
    """A named person has looked at what the node and the hub say, and says what holds."""
    require(actor, "node.change", act.compartment_id)
    if actor.is_system:
        raise Refused("A named person settles a conflict", mend="Use --as with an e-mail.")
    row = NodeAct.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=act.pk)
    if row.outcome == Outcome.DONE or row.settled_at is not None:
        raise Refused("There is nothing to settle", where=row.kind_words)
    if not words.strip():
        raise Refused("Say what holds", where="words")
    row.settled_at, row.settled_by, row.settled = now(), actor, words.strip()[:300]
    row.save(update_fields=["settled_at", "settled_by", "settled"])
    text = f"Settled, {row.node.label}, {row.kind_words.lower()}: {row.settled}"
    tell(row.node, "settled", text, actor)
    return row


@system_read("a node knows nothing but its token")
def node_of(secret: str) -> Node:
    known = secret.startswith(PREFIX) and len(secret) < 100
    found = Node.objects.select_related("operation", "operation__principal", "made_by").filter(
        digest=digest(secret if known else "")
    )
    node = found.first()
    if node is None or not node.live or not node.made_by.is_active:
        raise NotFound("This house does not know the node", mend="Enrol it again.")
    return node


@transaction.atomic
@system_read("a node that speaks changes its own row only")
def heard(*, node: Node, waiting: int, ahead_s: float) -> None:
    """Returns when it is noted; a node that was lost is well again."""
    silent = node.silent_since
    node.seen_at, node.silent_since, node.ahead_s = now(), None, round(ahead_s, 1)
    node.joined_at, node.waiting = node.joined_at or node.seen_at, max(0, waiting)
    fields = ["seen_at", "silent_since", "ahead_s", "joined_at", "waiting"]
    node.save(update_fields=fields)
    if silent is not None:
        supersede(source="node", about=node.pk, reason="The node is in touch again", actor=SYSTEM)
        tell(node, "back", f"Node {node.label} is in touch again", SYSTEM)


def note_copied(*, node: Node) -> None:
    """The audit says when the medical card and the team's places left the house."""
    note(kind="copied to a node", record=node, actor=node.made_by)


@system_read("the house looks after every node")
def watch_nodes() -> int:
    """The tick: a node that has fallen silent asks for a person, once."""
    lost = Node.objects.select_related("operation").filter(
        revoked_at=None,
        silent_since=None,
        seen_at__lt=now() - SILENT,
        expires_at__gt=now(),
        operation__state="active",
    )
    return len([_silent(node.pk) for node in lost])


@transaction.atomic
@system_read("the house looks after every node")
def _silent(pk: UUID) -> None:
    node = Node.objects.select_related("operation").get(pk=pk)
    Node.objects.filter(pk=pk).update(silent_since=node.seen_at)
    raise_alert(
        operation=node.operation,
        title=f"Node out of touch: {node.label}",
        source="node",
        dedupe=f"node {node.pk}",
        urgency="attention",
        place="nodes",
        about=node.pk,
        body="It goes on by itself. What its people do, and their calls for help, reach this "
        "house only when its link is back.",
        action="Reach its people by radio or telephone, and ask them for their check calls.",
    )
    tell(node, "silent", f"Node {node.label} is out of touch", SYSTEM)


def tell(node: Node, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="nodes",
        event=event,
        text=text,
        compartment_id=node.compartment_id,
        operation_id=node.operation_id,
        actor=actor,
    )
