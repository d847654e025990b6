"""Screens of orders."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may
from varangian.platform.audit.signing import short
from varangian.platform.thread.queries import neighbours, stale_by_record

from .. import printing, services
from ..library import order_structure
from ..models import Order
from ..queries import changes, checking, orders, reading


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Orders for me, then all orders."""
    page = Paginator(orders.orders(request.user), 50).get_page(request.GET.get("page"))
    found = orders.first_what_changed(orders.waiting_for(request.user))
    return render(request, "planning/orders.html", {"page": page, "waiting": found})


@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    found = orders.first_what_changed(orders.waiting_for(request.user))
    return render(request, "planning/_waiting.html", {"waiting": found})


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    """The order in hand, or how to begin one."""
    operation = operations.operation(request.user, slug)
    found = orders.in_hand(request.user, operation)
    return render(request, "planning/order.html", _page(request, operation, found))


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    return render(request, "planning/order.html", _page(request, found.operation, found))


@login_required
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    return render(request, "planning/_order.html", _body(request, found.operation, found))


def _page(request: HttpRequest, operation: Any, order: Order | None) -> dict[str, Any]:
    versions = orders.orders(request.user, operation)
    return {
        **_body(request, operation, order),
        "tabs": tabs.of_operation(request.user, operation, "order"),
        "versions": versions,
        "draft": orders.being_drafted(request.user, operation),
        "in_force": orders.issued(request.user, operation),
        "thread": _beside(request, order) if order else None,
    }


def _beside(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Its own lines stand on the page already."""
    found = neighbours(request.user, "order", order.pk)
    return {side: [n for n in rows if n["kind"] != "Order line"] for side, rows in found.items()}


def _body(request: HttpRequest, operation: Any, order: Order | None) -> dict[str, Any]:
    user, where = request.user, operation.compartment_id
    context = {
        "operation": operation,
        "order": order,
        "may_change": may(user, "order.change", where),
        "may_sign": may(user, "order.sign", where),
        "may_clear": may(user, "stale.clear", where),
        "editions": orders.editions_for(user, operation),
        "waiting": orders.first_what_changed(orders.waiting_for(user, operation)),
        "fragments": orders.fragments(user, order) if order else [],
    }
    return context if order is None else context | _read(request, order, context)


def _read(request: HttpRequest, order: Order, context: dict[str, Any]) -> dict[str, Any]:
    if not context["editions"]:
        return {"sections": [], "edition": None}
    edition = orders.edition_for(request.user, order.operation, request.GET.get("edition", ""))
    shown = reading.lines_for(request.user, order, edition)
    makes = context["may_change"]
    return {
        "edition": order_structure().edition(edition),
        "edition_tabs": _edition_tabs(context["editions"], edition, order),
        "sections": reading.sections(shown, whole=order.kind == Order.Kind.FRAGMENTARY),
        "stale_lines": sum(1 for row in shown if row.stale),
        "gaps": sum(1 for row in shown if row.line.gap),
        "stale": stale_by_record(request.user, "order", [order.pk]).get(order.pk, []),
        "digest": short(order.content_digest) if order.content_digest else "",
        "verdict": checking.verdict(request.user, order) if makes and order.signature else None,
        "matrix": orders.matrix(request.user, order) if makes and order.issued_at else [],
        "concerned": orders.concerned(request.user, order) if order.amends_id else [],
        "columns": [order, *orders.amendments(request.user, order)] if order.issued_at else [],
    }


def _edition_tabs(allowed: list[str], edition: str, order: Order) -> list[dict[str, Any]]:
    url = reverse("planning:order_show", args=[order.pk])
    return [
        {
            "words": order_structure().edition(name).title,
            "url": f"{url}?edition={name}",
            "here": name == edition,
        }
        for name in allowed
    ]


@login_required
def unread(request: HttpRequest) -> HttpResponse:
    """The Board's part: what posts have not acknowledged, and changes that nobody has sent."""
    context = {"unread": orders.unread(request.user), "kept": changes.drafts(request.user)}
    return render(request, "planning/_unread.html", context | {"now": now()})


@login_required
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    kind = request.POST.get("kind", Order.Kind.OPERATION)
    if kind == Order.Kind.FRAGMENTARY:
        made = services.draft_fragmentary_order(actor=request.user, operation=operation)
    else:
        made = services.draft_order(actor=request.user, operation=operation, kind=kind)
    return redirect("planning:order_show", pk=made.pk)


@login_required
@require_POST
def redraft(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    services.redraft_order(actor=request.user, order=found)
    return redirect("planning:order_show", pk=pk)


@reauthenticated
@require_POST
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    services.approve_order(actor=request.user, order=found)
    return redirect("planning:order_show", pk=pk)


@login_required
@require_POST
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    services.issue_order(actor=request.user, order=found)
    return redirect("planning:order", slug=found.operation.slug)


@login_required
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    services.close_order(actor=request.user, order=found)
    return redirect("planning:order", slug=found.operation.slug)


@login_required
@require_POST
def acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    post = operations.post(request.user, _uuid(request.POST.get("post", "")))
    note = request.POST.get("note", "")
    services.acknowledge_order(actor=request.user, order=found, post=post, note=note)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("planning:order", slug=found.operation.slug)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@reauthenticated
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = orders.order(request.user, pk)
    body = printing.order_pdf(request.user, found, request.GET.get("edition", ""))
    answer = HttpResponse(body, content_type="application/pdf")
    name = found.serial.lower().replace(" ", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}-v{found.version}.pdf"'
    return answer


paths = [
    path("orders/", index, name="orders"),
    path("orders/waiting/", waiting, name="orders_waiting"),
    path("orders/unread/", unread, name="orders_unread"),
    path("<slug:slug>/order/", of_operation, name="order"),
    path("<slug:slug>/order/draft/", draft, name="order_draft"),
    path("orders/<uuid:pk>/", show, name="order_show"),
    path("orders/<uuid:pk>/part/", part, name="order_part"),
    path("orders/<uuid:pk>/redraft/", redraft, name="order_redraft"),
    path("orders/<uuid:pk>/approve/", approve, name="order_approve"),
    path("orders/<uuid:pk>/issue/", issue, name="order_issue"),
    path("orders/<uuid:pk>/close/", close, name="order_close"),
    path("orders/<uuid:pk>/acknowledge/", acknowledge, name="order_acknowledge"),
    path("orders/<uuid:pk>/order.pdf", pdf, name="order_pdf"),
]
