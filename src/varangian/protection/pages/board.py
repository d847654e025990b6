"""The Board: home, live, and the same for every role that may see its parts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path

from varangian.alerts import queries as alert_queries
from varangian.platform.access.scope import holds

from ..queries import board


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Administrators and auditors have work of their own and no Board.

    Readiness walks every artefact of every open operation, so it follows the first paint.
    """
    if request.user.is_administrator:
        return redirect("access:people")
    if request.user.is_auditor:
        return redirect("audit:list")
    ahead = board.next_up(request.user)
    orders = board.orders_to_read(request.user)
    context = {
        **orders,
        "operations": board.operations(request.user),
        "tiles": board.tiles(request.user, ahead, []),
        "may_handle": holds(request.user, "alert.view"),
        "may_order": holds(request.user, "order.change"),
        "may_act": holds(request.user, "card.view"),
        "may_look_out": holds(request.user, "bolo.view"),
        "alerts": alert_queries.queue(request.user, limit=8),
        **ahead,
        "may_plan": board.may_plan(request.user, ahead),
        "stale": board.stale(request.user),
    }
    return render(request, "protection/board.html", context)


@login_required
def tiles(request: HttpRequest) -> HttpResponse:
    user = request.user
    row = board.tiles(user, board.next_up(user), board.readiness(user))
    return render(request, "protection/_tiles.html", {"tiles": row})


@login_required
def next_up(request: HttpRequest) -> HttpResponse:
    ahead = board.next_up(request.user)
    context = {**ahead, "may_plan": board.may_plan(request.user, ahead)}
    return render(request, "protection/_next.html", context)


@login_required
def stale(request: HttpRequest) -> HttpResponse:
    return render(request, "protection/_stale.html", {"stale": board.stale(request.user)})


@login_required
def readiness(request: HttpRequest) -> HttpResponse:
    context = {"readiness": board.readiness(request.user)}
    return render(request, "protection/_readiness.html", context)


@login_required
def map_data(request: HttpRequest) -> JsonResponse:
    return JsonResponse(board.map_features(request.user))


@login_required
def timeline(request: HttpRequest) -> JsonResponse:
    return JsonResponse(board.timeline(request.user))


urlpatterns = [
    path("", index, name="board"),
    path("board/tiles/", tiles, name="board_tiles"),
    path("board/next/", next_up, name="board_next"),
    path("board/stale/", stale, name="board_stale"),
    path("board/readiness/", readiness, name="board_readiness"),
    path("board/map.json", map_data, name="board_map"),
    path("board/timeline.json", timeline, name="board_timeline"),
]
