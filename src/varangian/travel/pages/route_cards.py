"""The route card: on the desk, in the hand under way, and on paper."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.platform.access.reauth import ask

from ..models import Allotment, RouteDraw, RoutePlan
from ..queries import allotments, drivers
from ..queries import route_watchers as watching
from ..queries import routes as queries
from ..route_printing import card_pdf
from ..shapes.route_cards import card_shape, seal_words

TEMPLATE = "travel/route_card.html"


@login_required
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Of a route that is named, or else of the draw: then it is noted who looked."""
    plan = queries.plan(request.user, pk)
    draw, key = _meant(request, plan, request.GET.get("route", ""))
    shape = card_shape(plan, key, draw)
    held = allotments.allotments(request.user, plan.movement) if draw and plan.movement else None
    context = {
        "plan": plan,
        "operation": plan.operation,
        "draw": draw,
        "name": shape["route"]["name"],
        "seal": seal_words(draw),
        "crumbs": [
            (reverse("travel:routes", args=[plan.operation.slug]), "Routes"),
            (reverse("travel:route_plan", args=[plan.pk]), shape["row"]["leg"]),
        ],
        **shape,
        **_wheel(request, held.filter(driver=request.user.pk).first() if held else None),
    }
    return render(request, TEMPLATE, context)


@login_required
def of_vehicle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The card in the vehicle: the turns that were released to it, or written for it."""
    row = allotments.allotment(request.user, pk)
    context = {
        "name": row.vehicle.name,
        "crumbs": [(reverse("travel:leg", args=[row.movement_id]), row.movement.title)],  # pyright: ignore
        "cues": watching.turns(request.user, row),
        **_wheel(request, row if row.driver_id == request.user.pk else None),  # pyright: ignore
    }
    return render(request, TEMPLATE, context)


def _wheel(request: HttpRequest, mine: Allotment | None) -> dict[str, Any]:
    """For the driver alone: what of the hours is running."""
    who: Any = request.user
    return {"mine": mine, "running": drivers.wheel_now(who.pk) if mine else None}


@login_required
@require_POST
def printed(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    draw, key = _meant(request, plan, request.POST.get("route", ""))
    answer = HttpResponse(card_pdf(request.user, plan, key, draw), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="route-card.pdf"'
    return answer


def _meant(request: HttpRequest, plan: RoutePlan, named: str) -> tuple[RouteDraw | None, str]:
    if named:
        return None, named
    sealed = queries.draw_of(request.user, plan)
    if sealed and not sealed.released_at:
        ask(request)
    draw = queries.opened(request.user, plan)
    return draw, draw.choice["route"]


paths: list[Any] = [
    path("routes/<uuid:pk>/card/", card, name="route_card"),
    path("assignments/<uuid:pk>/card/", of_vehicle, name="card"),
    path("routes/<uuid:pk>/card.pdf", printed, name="route_card_pdf"),
]
