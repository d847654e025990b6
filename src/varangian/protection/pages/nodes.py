"""The nodes of an operation at the hub; at a node, its way to the hub and what waits."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may, require

from ..forms.nodes import EnrolForm, SettleForm
from ..queries import nodes as queries
from ..services import nodes

MOST = 50


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    context = _index(request, slug)
    form = EnrolForm(request.POST or None)
    if request.method == "POST":
        require(request.user, "node.change", context["operation"].compartment_id)
        if form.is_valid():
            made = nodes.enrol_node(
                actor=request.user, operation=context["operation"], **form.cleaned_data
            )
            context = _index(request, slug) | {"made": made[0], "token": made[1]}
            context["address"] = f"{request.scheme}://{request.get_host()}"
    context |= {"form": form, "settle_form": SettleForm()}
    context["tabs"] = tabs.of_operation(request.user, context["operation"], "nodes")
    return render(request, "protection/nodes/index.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "protection/nodes/_rows.html", _index(request, slug))


def _index(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operations.operation(request.user, slug)
    require(request.user, "node.view", operation.compartment_id)
    rows = queries.nodes(request.user, operation)
    uplink = queries.uplink(request.user, operation)
    return {
        "operation": operation,
        "rows": [{"node": row, "state": queries.state_of(row)} for row in rows],
        "conflicts": list(queries.conflicts(request.user, operation)[:MOST]),
        "past": list(queries.conflicts(request.user, operation, past=True)[:10]),
        "may_change": may(request.user, "node.change", operation.compartment_id),
        "uplink": uplink,
        **(_outbox(request, operation) if uplink else {}),
    }


def _outbox(request: HttpRequest, operation: Any) -> dict[str, Any]:
    queue = queries.queue(request.user, operation)
    return {
        "queue": list(queue[:MOST]),
        "queue_length": queue.count(),
        "not_taken": list(queries.not_taken(request.user, operation)[:MOST]),
    }


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    node = nodes.revoke_node(actor=request.user, node=queries.node(request.user, pk))
    messages.info(request, f"{node.label} is withdrawn.")
    return redirect("nodes:index", slug=node.operation.slug)


@login_required
@require_POST
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    act = queries.conflict(request.user, pk)
    nodes.settle_conflict(actor=request.user, act=act, words=request.POST.get("words", ""))
    return redirect("nodes:index", slug=act.node.operation.slug)


paths = [
    path("operations/<slug:slug>/nodes/", index, name="index"),
    path("operations/<slug:slug>/nodes/part/", part, name="part"),
    path("nodes/<uuid:pk>/revoke/", revoke, name="revoke"),
    path("nodes/conflicts/<uuid:pk>/settle/", settle, name="settle"),
]
