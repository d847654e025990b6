"""The operations centre: wall, queue, and the change of the watch."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from varangian.platform.access.scope import may

from ..handover import PARTS
from ..queries import board, watch
from ..services import watch as services

TABS = (
    ("wall", "Wall", "map-2"),
    ("queue", "Queue", "list-check"),
    ("handover", "Handover", "users"),
)


def tabs_of(here: str) -> list[dict[str, object]]:
    return [
        {"words": words, "icon": icon, "url": reverse(f"incidents:{key}"), "here": key == here}
        for key, words, icon in TABS
    ]


@login_required
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    context = {**watch.wall(request.user), "tabs": tabs_of("wall")}
    return render(request, "protection/watch/wall.html", context)


@login_required
@require_GET
def wall_part(request: HttpRequest) -> HttpResponse:
    return render(request, "protection/watch/_wall.html", watch.wall(request.user))


@login_required
@require_GET
def wall_map(request: HttpRequest) -> JsonResponse:
    return JsonResponse(watch.map_features(request.user, board.map_features(request.user)))


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    context = {"rows": watch.queue(request.user), "tabs": tabs_of("queue")}
    return render(request, "protection/watch/queue.html", context)


@login_required
@require_GET
def queue_part(request: HttpRequest) -> HttpResponse:
    return render(request, "protection/watch/_queue.html", {"rows": watch.queue(request.user)})


@login_required
@require_GET
def queued(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = watch.queued(request.user, pk)
    keeps = may(request.user, "watch.keep", row["alert"].compartment_id)
    context = {"row": row, "tabs": tabs_of("queue"), "may_keep": keeps}
    return render(request, "protection/watch/queued.html", context)


@login_required
@require_POST
def work(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """take, relieve, or the id of a step that is done (or left out, with ``skipped``)."""
    row = watch.queued(request.user, pk)
    handling = row["handling"]
    if what == "take" or handling is None:
        services.take(actor=request.user, alert=row["alert"])
    elif what == "relieve":
        services.relieve(actor=request.user, handling=handling)
    else:
        services.mark_step(
            actor=request.user,
            handling=handling,
            step=what,
            note=request.POST.get("note", "")[:400],
            skipped=bool(request.POST.get("skipped")),
        )
    return redirect("incidents:queued", pk)


@login_required
def handover(request: HttpRequest) -> HttpResponse:
    """POST writes down what is open now."""
    if request.method == "POST":
        words = request.POST.get("words", "")
        change = services.hand_over_watch(actor=request.user, words=words)
        return redirect("incidents:change", change)
    seen: dict[UUID, object] = {}
    for row in watch.handovers(request.user)[:200]:
        seen.setdefault(row.change, row)
    context = {
        "changes": list(seen.values())[:30],
        "preview": [
            (row, services.open_points(request.user, row)) for row in watch.details(request.user)
        ],
        "parts": PARTS,
        "tabs": tabs_of("handover"),
    }
    return render(request, "protection/watch/handover.html", context)


@login_required
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST takes the watch over."""
    if request.method == "POST":
        services.take_watch(actor=request.user, change=pk)
        return redirect("incidents:change", pk)
    rows = watch.change_of_watch(request.user, pk)
    context = {
        "rows": rows,
        "first": rows[0],
        "parts": PARTS,
        "mine": rows[0].made_by_id == request.user.pk,
        "waits": [row for row in rows if row.taken_at is None],
        "tabs": tabs_of("handover"),
    }
    return render(request, "protection/watch/change.html", context)


paths = [
    path("centre/", wall, name="wall"),
    path("centre/part/", wall_part, name="wall_part"),
    path("centre/map.json", wall_map, name="wall_map"),
    path("centre/queue/", queue, name="queue"),
    path("centre/queue/part/", queue_part, name="queue_part"),
    path("centre/queue/<uuid:pk>/", queued, name="queued"),
    path("centre/queue/<uuid:pk>/<slug:what>/", work, name="work"),
    path("centre/handover/", handover, name="handover"),
    path("centre/handover/<uuid:pk>/", change, name="change"),
]
