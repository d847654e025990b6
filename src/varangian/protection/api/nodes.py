"""Nodes, their conflicts, and the outbox of this house as a node, over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from ..queries import nodes as queries
from ..services import nodes, parcels
from ..shapes.nodes import conflict_shape, node_shape, parcel_shape, uplink_shape

router = Router(tags=["nodes"])


class Enrol(Schema):
    label: str
    days: int = nodes.DAYS


class Settle(Schema):
    words: str


@router.get("/operations/{slug}/nodes")
def list_nodes(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "node.view", operation.compartment_id)
    return page(queries.nodes(request.user, operation), paging, node_shape)


@router.post("/operations/{slug}/nodes", response={201: dict})
@idempotent
def enrol_node(request: HttpRequest, slug: str, given: Enrol):
    operation = operations.operation(request.user, slug)
    node, token = nodes.enrol_node(
        actor=request.user, operation=operation, label=given.label, days=given.days
    )
    return 201, node_shape(node) | {"token": token}


@router.post("/nodes/{pk}/revoke")
@idempotent
def revoke_node(request: HttpRequest, pk: UUID):
    return node_shape(nodes.revoke_node(actor=request.user, node=queries.node(request.user, pk)))


@router.get("/operations/{slug}/node-conflicts")
def list_conflicts(request: HttpRequest, slug: str, paging: PageOf, past: bool = False):
    operation = operations.operation(request.user, slug)
    require(request.user, "node.view", operation.compartment_id)
    return page(queries.conflicts(request.user, operation, past=past), paging, conflict_shape)


@router.post("/node-conflicts/{pk}/settle")
@idempotent
def settle_conflict(request: HttpRequest, pk: UUID, given: Settle):
    act = queries.conflict(request.user, pk)
    return conflict_shape(nodes.settle_conflict(actor=request.user, act=act, words=given.words))


@router.get("/operations/{slug}/uplink")
def show_uplink(request: HttpRequest, slug: str):
    """This house as a node: the state of its way to the hub, and what still waits."""
    operation = operations.operation(request.user, slug)
    require(request.user, "node.view", operation.compartment_id)
    uplink = queries.uplink(request.user, operation)
    if uplink is None:
        return {"uplink": None, "waiting": [], "not_taken": []}
    rows = queries.queue(request.user, operation)[:100]
    bad = queries.not_taken(request.user, operation)[:100]
    return {
        "uplink": uplink_shape(uplink, parcels.waiting_count(uplink)),
        "waiting": [parcel_shape(row) for row in rows],
        "not_taken": [parcel_shape(row) for row in bad],
    }
