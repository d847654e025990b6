"""Screens of maps: bring an extract, watch it being built, see what it holds, and its tiles."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import holds
from varangian.platform.ui.ranges import ranged

from .. import map_files, services
from ..models import RoadMap
from ..queries import maps as queries
from ..shapes.maps import facts, map_row, outline, shown_shape

DEEDS = {"stop": services.stop_map, "again": services.rebuild_map, "drop": services.drop_map}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.maps(request.user), 50).get_page(request.GET.get("page"))
    if not holds(request.user, "map.view"):
        raise Denied("The maps of the house are for those who plan", mend="Ask the detail leader.")
    context = {
        "page": page,
        "rows": [map_row(row) for row in page],
        "may_build": holds(request.user, "map.build"),
    }
    template = "travel/_maps.html" if request.GET.get("part") else "travel/maps.html"
    return render(request, template, context)


@login_required
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    file: Any = request.FILES.get("file")
    if file is None:
        raise Refused("Choose an extract first", where="file")
    with on_disk(file) as given:
        record, new = services.add_map(
            actor=request.user,
            path=given,
            name=request.POST.get("name", "").strip(),
            licence=request.POST.get("licence", "").strip(),
            file_name=file.name or "",
        )
    if new:
        services.build_later(record)
    else:
        messages.info(request, f"This extract is here already, as {record.name}.")
    return redirect("travel:map", pk=record.pk)


@contextmanager
def on_disk(file: UploadedFile):
    """A large upload is a file already, a small one is in memory."""
    with NamedTemporaryFile(suffix=".osm.pbf") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.road_map(request.user, pk)
    return render(request, "travel/map.html", _context(request, found))


def _context(request: HttpRequest, found: RoadMap) -> dict[str, Any]:
    return {
        "map": found,
        "row": map_row(found),
        "facts": facts(found, list(queries.files(request.user, found))),
        "may_build": holds(request.user, "map.build"),
    }


@login_required
def state_part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar while it is built; when that ends the whole page is another one."""
    found = queries.road_map(request.user, pk)
    if not found.under_way and request.GET.get("was"):
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "travel/_map_state.html", _context(request, found))


@login_required
@require_POST
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.road_map(request.user, pk)
    deed = request.POST.get("deed", "")
    if deed not in DEEDS:
        raise Refused("A map is stopped, built again or dropped", where="deed")
    DEEDS[deed](actor=request.user, road_map=found)
    if deed == "drop":
        return redirect("travel:maps")
    if deed == "again":
        services.build_later(queries.road_map(request.user, pk))
    return redirect("travel:map", pk=pk)


@login_required
@require_safe
def shown(request: HttpRequest) -> JsonResponse:
    """The city maps that every map of the house lays over the world."""
    rows = queries.tiles_shown(request.user)
    return JsonResponse({"maps": [shown_shape(row.road_map, row) for row in rows]})


@login_required
@require_safe
def extent(request: HttpRequest, pk: UUID) -> JsonResponse:
    found = queries.road_map(request.user, pk)
    return JsonResponse({"type": "FeatureCollection", "features": outline(found)})


@login_required
@require_safe
def tiles(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    kept = map_files.at_hand(queries.tiles_of(request.user, pk))
    return ranged(request, kept, etag=kept.stem, media_type="application/vnd.pmtiles")


paths = [
    path("maps/", index, name="maps"),
    path("maps/new/", upload, name="map_new"),
    path("maps/shown.json", shown, name="maps_shown"),
    path("maps/<uuid:pk>/", show, name="map"),
    path("maps/<uuid:pk>/state/", state_part, name="map_state"),
    path("maps/<uuid:pk>/act/", act, name="map_act"),
    path("maps/<uuid:pk>/extent.json", extent, name="map_extent"),
    path("maps/<uuid:pk>/tiles.pmtiles", tiles, name="map_tiles"),
]
