"""Orders over the API."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove

from .. import printing, services
from ..editions import edition_named
from ..models import Order
from ..queries import checking, orders, reading
from ..shapes.orders import acknowledgement_shape, line_shape, matrix_shape, order_shape

router = Router(tags=["orders"])


class NewOrder(Schema):
    kind: str = "operation_order"
    """warning_order, operation_order or fragmentary_order."""


class Reading(Schema):
    post: UUID
    note: str = ""


def _edition(word: str) -> str:
    return edition_named(word) if word else ""


@router.get("/operations/{slug}/orders")
def list_orders(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    return page(orders.orders(request.user, operation), paging, order_shape)


@router.post("/operations/{slug}/orders", response={201: dict})
@idempotent
def draft_order(request: HttpRequest, slug: str, new: NewOrder):
    operation = operations.operation(request.user, slug)
    if new.kind == Order.Kind.FRAGMENTARY:
        drafted = services.draft_fragmentary_order(actor=request.user, operation=operation)
    else:
        drafted = services.draft_order(actor=request.user, operation=operation, kind=new.kind)
    return 201, order_shape(drafted)


@router.get("/orders/waiting")
def list_waiting(request: HttpRequest):
    """What the person behind the token has been asked to acknowledge."""
    return [acknowledgement_shape(row) for row in orders.waiting_for(request.user)]


@router.get("/orders/{uuid:pk}")
def show_order(request: HttpRequest, pk: UUID):
    """With the posts that it concerns."""
    found = orders.order(request.user, pk)
    posts = [post.title for post in orders.concerned(request.user, found)]
    return {**order_shape(found), "posts": posts}


@router.get("/orders/{uuid:pk}/lines")
def list_lines(request: HttpRequest, pk: UUID, edition: str = "", amended: bool = True):
    """The lines of one's own edition; those who make orders may ask for another."""
    order = orders.order(request.user, pk)
    shown = reading.lines_for(request.user, order, _edition(edition), amended=amended)
    return [line_shape(row) for row in shown]


@router.get("/orders/{uuid:pk}/pdf")
def print_order(request: HttpRequest, pk: UUID, edition: str = ""):
    prove(request)
    order = orders.order(request.user, pk)
    body = printing.order_pdf(request.user, order, _edition(edition))
    return HttpResponse(body, content_type="application/pdf")


@router.post("/orders/{uuid:pk}/redraft")
@idempotent
def redraft_order(request: HttpRequest, pk: UUID):
    order = orders.order(request.user, pk)
    return order_shape(services.redraft_order(actor=request.user, order=order))


@router.post("/orders/{uuid:pk}/approve")
@idempotent
def approve_order(request: HttpRequest, pk: UUID):
    prove(request)
    order = orders.order(request.user, pk)
    return order_shape(services.approve_order(actor=request.user, order=order))


@router.post("/orders/{uuid:pk}/issue")
@idempotent
def issue_order(request: HttpRequest, pk: UUID):
    order = orders.order(request.user, pk)
    return order_shape(services.issue_order(actor=request.user, order=order))


@router.post("/orders/{uuid:pk}/close")
@idempotent
def close_order(request: HttpRequest, pk: UUID):
    order = orders.order(request.user, pk)
    return order_shape(services.close_order(actor=request.user, order=order))


@router.get("/orders/{uuid:pk}/verdict")
def show_verdict(request: HttpRequest, pk: UUID):
    return checking.verdict(request.user, orders.order(request.user, pk))


@router.get("/orders/{uuid:pk}/acknowledgements")
def list_acknowledgements(request: HttpRequest, pk: UUID):
    order = orders.order(request.user, pk)
    return matrix_shape(orders.matrix(request.user, order))


@router.post("/orders/{uuid:pk}/acknowledgements")
@idempotent
def acknowledge_order(request: HttpRequest, pk: UUID, given: Reading):
    order = orders.order(request.user, pk)
    post = operations.post(request.user, given.post)
    row = services.acknowledge_order(actor=request.user, order=order, post=post, note=given.note)
    return acknowledgement_shape(row)
