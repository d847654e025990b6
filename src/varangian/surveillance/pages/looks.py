"""A search over how people and vehicles looked before the cameras one may search."""

from base64 import b64encode
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from varangian.kernel.results import Denied, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import holds

from ..queries import looks as queries
from ..services import looks as services

SPANS = ((1, "the last day"), (3, "three days"), (7, "a week"), (90, "all that is kept"))


@login_required
def find(request: HttpRequest) -> HttpResponse:
    """Searched by POST alone: what is looked for and why stands in no address."""
    if not holds(request.user, "camera.search"):
        raise Denied("Your role searches no cameras", mend="Ask the detail leader.")
    said = request.POST if request.method == "POST" else request.GET
    slug = said.get("operation", "")
    operation = operations.operation(request.user, slug) if slug else None
    cameras = queries.searchable(request.user, operation)
    context: dict[str, Any] = {
        "operation": operation, "slug": slug, "cameras": cameras, "spans": SPANS,
        "words": said.get("words", ""), "purpose": request.POST.get("purpose", ""),
        "days": said.get("days", "1"), "chosen": request.POST.getlist("camera"),
        "operations": operations.operations(request.user),
    }  # fmt: skip
    if request.method == "POST":
        context |= _found(request, cameras)
    status = 422 if context.get("fault") else 200
    return render(request, "surveillance/find.html", context, status=status)


def _found(request: HttpRequest, cameras: list[Any]) -> dict[str, Any]:
    chosen = set(request.POST.getlist("camera"))
    wanted = [one for one in cameras if str(one.pk) in chosen] if chosen else cameras
    try:
        days = int(request.POST.get("days", "1"))
        found = services.find_looks(
            actor=request.user,
            words=request.POST.get("words", ""),
            purpose=request.POST.get("purpose", ""),
            cameras=wanted,
            days=days,
        )
    except ValueError:
        return {"fault": "Days are a whole number."}
    except Refused as why:
        return {"fault": f"{why.what}. {why.mend}".strip()}
    return {"found": found, "hits": [_hit(one) for one in found.hits]}


def _hit(one: services.FoundLooks) -> dict[str, Any]:
    """The picture goes with the page: it has no address of its own."""
    crop = f"data:image/jpeg;base64,{b64encode(one.crop).decode()}" if one.crop else ""
    camera = one.row.camera
    zone = camera.operation.time_zone if camera.operation else "UTC"
    return {"row": one.row, "words": one.words, "crop": crop, "zone": zone}


paths = [path("surveillance/find/", find, name="find")]
