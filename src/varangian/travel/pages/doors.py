"""The doors of a place: a list beside the map, where each is added, moved and retired."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from varangian.kernel.results import Refused
from varangian.places import tabs
from varangian.places.models import Place
from varangian.places.queries import place as place_of
from varangian.platform.access.scope import may, require

from .. import services
from ..areas import said
from ..forms.doors import DoorForm
from ..models import PlaceDoor
from ..queries import route_days as queries
from ..shapes.route_days import door_features


@login_required
def of_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    place = place_of(request.user, pk)
    form = DoorForm(request.POST or None)
    if request.method == "POST":
        require(request.user, "place.change", place.compartment_id)
        if form.is_valid() and _kept(request, form, place, None):
            return redirect("travel:doors", pk=pk)
    return _page(request, place, form, None)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    door = queries.door(request.user, pk)
    form = DoorForm(
        request.POST or None,
        initial={"name": door.name, "position": said(door.position), "waits": door.waits},
    )
    require(request.user, "place.change", door.compartment_id)
    if request.method == "POST" and form.is_valid() and _kept(request, form, door.place, door):
        return redirect("travel:doors", pk=door.place_id)  # pyright: ignore
    return _page(request, door.place, form, door)


def _kept(request: HttpRequest, form: DoorForm, place: Place, door: PlaceDoor | None) -> bool:
    given = {name: form.cleaned_data[name] for name in ("name", "position", "waits")}
    try:
        if door:
            services.change_door(actor=request.user, door=door, **given)
        else:
            services.add_door(actor=request.user, place=place, **given)
    except Refused as why:
        if why.status != Refused.status:
            raise
        form.refused(why)
        return False
    messages.info(request, f"{given['name']} is {'changed' if door else 'added'}")
    return True


def _page(
    request: HttpRequest, place: Place, form: DoorForm, door: PlaceDoor | None
) -> HttpResponse:
    context = {
        "place": place,
        "door": door,
        "form": form,
        "rows": queries.doors(request.user).filter(place=place),
        "may_change": may(request.user, "place.change", place.compartment_id),
        "tabs": tabs.of_place(place, "doors"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "travel/doors.html", context, status=status)


@login_required
@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    door = services.retire_door(actor=request.user, door=queries.door(request.user, pk))
    messages.info(request, f"{door.name} is retired: no day is drawn over it any more")
    return redirect("travel:doors", pk=door.place_id)  # pyright: ignore


@login_required
@require_safe
def on_map(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The place and its doors; ``without`` leaves out the one that is being moved."""
    place: Any = place_of(request.user, pk)
    rows = list(queries.doors(request.user).filter(place=place))
    found = door_features(place, rows, without=request.GET.get("without", ""))
    return JsonResponse({"type": "FeatureCollection", "features": found})


paths = [
    path("places/<uuid:pk>/doors/", of_place, name="doors"),
    path("places/<uuid:pk>/doors.json", on_map, name="doors_map"),
    path("doors/<uuid:pk>/", show, name="door"),
    path("doors/<uuid:pk>/retire/", retire, name="door_retire"),
]
