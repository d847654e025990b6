"""The fleet on screen."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.platform.access.scope import holds, may
from varangian.platform.thread.queries import neighbours
from varangian.platform.ui import sheets

from .. import services
from ..fleet.library import inspections, vehicles
from ..fleet_forms import ArmourForm, EquipmentForm, VehicleForm, titled, valid
from ..models import Vehicle
from ..queries import fleet as queries
from ..queries import inspections as checks
from ..queries.allotments import armour_words
from ..shapes.fleet import vehicle_shape


def travel_tabs(here: str) -> list[dict[str, Any]]:
    rows = [
        ("itineraries", "Itineraries", "route", "travel:list"),
        ("vehicles", "Vehicles", "car", "travel:fleet"),
        ("drivers", "Drivers", "steering-wheel", "travel:drivers"),
    ]
    return [
        {"words": words, "icon": icon, "url": reverse(url), "here": key == here}
        for key, words, icon, url in rows
    ]


@login_required
def index(request: HttpRequest) -> HttpResponse:
    found = queries.fleet(request.user)
    if sheets.wanted(request):
        return sheets.sheet(
            request, "vehicles", found, lambda row: vehicle_shape(queries.stand(row))
        )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [queries.stand(row) for row in page],
        "may_add": holds(request.user, "vehicle.change"),
        "custody": dict(titled(vehicles().custody)),
        "tabs": travel_tabs("vehicles"),
    }
    return render(request, "travel/fleet/index.html", context)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    car = queries.vehicle(request.user, pk)
    return render(request, "travel/fleet/show.html", _context(request, car))


def _context(request: HttpRequest, car: Vehicle) -> dict[str, Any]:
    lists, at = vehicles(), queries.stand(car)
    plated = [row for row in car.armour.all() if row.removed_at is None]  # pyright: ignore
    pieces = [row for row in car.equipment.all() if row.removed_at is None]  # pyright: ignore
    titles = dict([*titled(lists.kit), *titled(lists.papers)])
    where = car.compartment_id
    return {
        "at": at,
        "car": car,
        "class": dict(titled(lists.classes)).get(car.kind, car.kind),
        "features": [title for key, title in titled(lists.features) if key in car.features],
        "terrain": [title for key, title in titled(lists.terrain) if key in car.terrain],
        "certificates": [(row, armour_words(row)) for row in plated],
        "pieces": [(row, titles.get(row.name, row.name)) for row in pieces],
        "custody_log": queries.custody_log(request.user, car)[:12],
        "custody_states": titled(lists.custody),
        "custody_words": dict(titled(lists.custody)),
        "kit": lists.kit,
        "papers": lists.papers,
        "checks": checks.checks(request.user, car)[:8],
        "check_titles": {one.id: one.title for one in inspections().checklists},
        "starts": [inspections().roadworthy_for(car.drive), inspections().search(at.due.grade)],
        "defects": queries.defects(request.user, car)[:12],
        "thread": neighbours(request.user, "vehicle", car.pk),
        "may_change": may(request.user, "vehicle.change", where),
        "may_check": may(request.user, "vehicle.check", where),
        "may_clear": may(request.user, "vehicle.clear", where),
        "tabs": travel_tabs("vehicles"),
    }


@login_required
def new(request: HttpRequest) -> HttpResponse:
    found = operation_queries.engagements(request.user)
    contracts = [row for row in found if may(request.user, "vehicle.change", row.compartment_id)]
    form = VehicleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = operation_queries.engagement(request.user, request.POST.get("engagement", ""))
        made = services.add_vehicle(actor=request.user, engagement=wanted, **form.cleaned_data)
        return redirect("travel:vehicle", pk=made.pk)
    context = {"form": form, "contracts": contracts, "tabs": travel_tabs("vehicles")}
    return render(request, "travel/fleet/form.html", context)


@login_required
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    car = queries.vehicle(request.user, pk)
    form = VehicleForm(request.POST) if request.method == "POST" else VehicleForm.of(car)
    if request.method == "POST" and form.is_valid():
        services.change_vehicle(actor=request.user, vehicle=car, **form.cleaned_data)
        return redirect("travel:vehicle", pk=pk)
    context = {"form": form, "car": car, "tabs": travel_tabs("vehicles")}
    return render(request, "travel/fleet/form.html", context)


@login_required
@require_POST
def act(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """The small things that are written on a vehicle's page."""
    car = queries.vehicle(request.user, pk)
    deed = DEEDS.get(what)
    if deed is None:
        raise Refused("There is no such thing to do with a vehicle", where=what)
    messages.info(request, deed(request, car))
    return redirect("travel:vehicle", pk=pk)


def _custody(request: HttpRequest, car: Vehicle) -> str:
    given: Any = {name: request.POST.get(name, "") for name in ("state", "where", "keeper")}
    made = services.hand_over(actor=request.user, vehicle=car, **given)
    return f"Custody from now on: {vehicles().custody_state(made.state).title.lower()}."


def _equip(request: HttpRequest, car: Vehicle) -> str:
    form = EquipmentForm(request.POST)
    valid(form)
    made = services.note_equipment(actor=request.user, vehicle=car, **form.fields_of())
    return f"Noted: {made.name.replace('_', ' ')}."


def _unequip(request: HttpRequest, car: Vehicle) -> str:
    piece = queries.piece(request.user, car, _id(request))
    services.remove_equipment(actor=request.user, vehicle=car, piece=piece)
    return f"Taken off: {piece.name.replace('_', ' ')}."


def _armour(request: HttpRequest, car: Vehicle) -> str:
    services.add_armour(actor=request.user, vehicle=car, **valid(ArmourForm(request.POST)))
    return "The certificate is on file, as it is written."


def _unarmour(request: HttpRequest, car: Vehicle) -> str:
    found = queries.certificate(request.user, car, _id(request))
    services.remove_armour(actor=request.user, vehicle=car, certificate=found)
    return "The certificate is off the file."


def _defect(request: HttpRequest, car: Vehicle) -> str:
    words, blocking = request.POST.get("words", ""), bool(request.POST.get("blocking"))
    services.raise_defect(actor=request.user, vehicle=car, words=words, blocking=blocking)
    return "Defect raised; the vehicle is not ready." if blocking else "Defect raised."


def _clear(request: HttpRequest, car: Vehicle) -> str:
    defect = queries.defect_of(request.user, car, _id(request))
    words = request.POST.get("words", "")
    services.clear_defect(actor=request.user, defect=defect, words=words)
    return "Defect cleared, in your name."


def _block(request: HttpRequest, car: Vehicle) -> str:
    defect = queries.defect_of(request.user, car, _id(request))
    services.block_defect(actor=request.user, defect=defect)
    return "The defect blocks the vehicle now."


def _mileage(request: HttpRequest, car: Vehicle) -> str:
    text = request.POST.get("km", "")
    if not text.isdecimal() or len(text) > 7:
        raise Refused("Kilometres are a number", where=text[:20])
    services.read_odometer(actor=request.user, vehicle=car, km=int(text))
    return f"Mileage {text} km."


def _retire(request: HttpRequest, car: Vehicle) -> str:
    services.retire_vehicle(actor=request.user, vehicle=car)
    return f"{car.name} has left the fleet; its records stay."


DEEDS = {
    "custody": _custody,
    "equip": _equip,
    "unequip": _unequip,
    "armour": _armour,
    "unarmour": _unarmour,
    "defect": _defect,
    "clear": _clear,
    "block": _block,
    "mileage": _mileage,
    "retire": _retire,
}


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise Refused("This names no record", where="id") from error


paths = [
    path("vehicles/", index, name="fleet"),
    path("vehicles/new/", new, name="vehicle_new"),
    path("vehicles/<uuid:pk>/", show, name="vehicle"),
    path("vehicles/<uuid:pk>/edit/", edit, name="vehicle_edit"),
    path("vehicles/<uuid:pk>/<slug:what>/", act, name="vehicle_act"),
]
