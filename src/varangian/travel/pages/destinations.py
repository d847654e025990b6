"""Screens of destinations: the list, the dossier, its map, its print."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from varangian.operations import queries as operation_queries
from varangian.operations.pages.operations import tabs
from varangian.places import queries as place_queries
from varangian.places.countries import COUNTRIES
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may
from varangian.platform.thread.queries import neighbours

from .. import services
from ..dossier.ground import near
from ..dossier.statement import OWNED, PARTS
from ..forms.destinations import DestinationForm, FactForm, NumberForm
from ..models import Destination
from ..printing import dossier_pdf
from ..queries import destinations as queries
from ..queries import dossiers

CARE = ("hospital", "trauma_centre")


@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.destinations(request.user), 50).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _rows(request, list(page.object_list))}
    return render(request, "travel/destinations.html", context)


def _rows(request: HttpRequest, found: list[Destination]) -> list[dict[str, Any]]:
    standings = queries.standings(request.user, found)
    countries = sorted({row.country for row in found})
    scores = queries.scores(request.user, countries) if countries else {}
    return [
        {
            "destination": row,
            "country": COUNTRIES.get(row.country, row.country),
            "standing": standings[row.pk],
            "score": scores[row.country],
        }
        for row in found
    ]


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    """The tab of an operation: its destinations, and places of the programme without a dossier."""
    operation = operation_queries.operation(request.user, slug)
    found = list(queries.destinations(request.user, operation))
    changes = may(request.user, "dossier.change", operation.compartment_id)
    initial = {"starts": operation.starts, "ends": operation.ends}
    posted = request.POST if request.method == "POST" else None
    form = DestinationForm(posted, initial=initial, actor=request.user, operation=operation)
    if request.method == "POST" and form.is_valid():
        made = services.add_destination(actor=request.user, operation=operation, **form.fields_of())
        return redirect("travel:destination", pk=made.pk)
    context = {
        "operation": operation,
        "rows": _rows(request, found),
        "form": form,
        "changes": changes,
        "proposals": queries.proposals(request.user, operation) if changes else [],
        "countries": sorted(COUNTRIES.items(), key=lambda row: row[1]),
        "tabs": tabs(request, operation, "destinations"),
    }
    return render(request, "travel/destinations_of.html", context)


@login_required
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """A dossier for a leg of the programme, with the country that the person confirms."""
    operation = operation_queries.operation(request.user, slug)
    if request.method != "POST":
        return redirect("travel:destinations_of", slug=slug)
    leg = operation_queries.movement_of(
        request.user, operation, UUID(request.POST.get("movement", "") or str(UUID(int=0)))
    )
    made = services.add_destination(
        actor=request.user,
        operation=operation,
        country=request.POST.get("country", ""),
        movement=leg,
        ends=operation.ends,
    )
    return redirect("travel:destination", pk=made.pk)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    found = dossiers.dossier(request.user, row)
    circle = row.compartment_id
    context = {
        "dossier": found,
        "destination": row,
        "operation": row.operation,
        "compared": dossiers.comparisons(request.user, found),
        "parts": [_part(row, part) for part in PARTS],
        "approvals": queries.approvals(request.user, row)[:12],
        "thread": neighbours(request.user, "destination", row.pk),
        "may_change": may(request.user, "dossier.change", circle),
        "may_approve": may(request.user, "dossier.approve", circle),
        "may_sign": may(request.user, "feed.import", circle),
        "fact_form": FactForm(auto_id="fact_%s"),
        "number_form": NumberForm(auto_id="number_%s"),
        "tabs": tabs(request, row.operation, "destinations"),
    }
    return render(request, "travel/dossier.html", context)


def _part(row: Destination, part: Any) -> dict[str, Any]:
    return {
        "part": part,
        "text": row.frame.get(part.key, ""),
        "owner": row.frame.get(part.key + OWNED, ""),
    }


@login_required
def map_data(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The place, hazards with a point, hospitals of the team and the airports."""
    row = queries.destination(request.user, pk)
    trip = dossiers.trip_of(row)
    features = [_hazard(hit) for hit in dossiers.hazards_near(request.user, trip) if hit.row.lat]
    if row.place and trip.point:
        features.append(_point(trip.point, row.place.name, "hotel", ""))
    if trip.point:
        features += [_care(place) for place in _care_near(request, row)]
        features += [
            _point((one.lat, one.lon), f"{one.iata} {one.name}", "airport", f"{km:.0f} km")
            for km, one in near(trip.point)[:6]
        ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _care_near(request: HttpRequest, row: Destination) -> list[Any]:
    circles = (row.compartment_id, row.operation.engagement.compartment_id)
    found = place_queries.places(request.user).filter(kind__in=CARE, compartment_id__in=circles)
    return [place for place in found if place.located]


def _care(place: Any) -> dict[str, Any]:
    url = reverse("places:show", args=[place.pk])
    return _point(tuple(place.position), place.name, "hospital", place.phone, url)


def _point(
    point: tuple[float, float], title: str, category: str, text: str, url: str = ""
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point[1], point[0]]},
        "properties": {
            "kind": "place",
            "category": category,
            "title": title,
            "text": text,
            "url": url,
        },
    }


def _hazard(hit: dossiers.HazardNear) -> dict[str, Any]:
    row = hit.row
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "kind": "hazard",
            "title": row.title,
            "text": f"{hit.why}; level {hit.words}",
            "tone": "red" if (row.level or 0) >= 4 else "amber",
            "radius_km": 20,
        },
    }


@reauthenticated
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    answer = HttpResponse(dossier_pdf(request.user, row), content_type="application/pdf")
    name = f"{row.operation.slug}-{row.label.lower()}-{row.country.lower()}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


paths = [
    path("destinations/", index, name="destinations"),
    path("destinations/of/<slug:slug>/", of_operation, name="destinations_of"),
    path("destinations/of/<slug:slug>/propose/", propose, name="destination_propose"),
    path("destinations/<uuid:pk>/", show, name="destination"),
    path("destinations/<uuid:pk>/map.json", map_data, name="destination_map"),
    path("destinations/<uuid:pk>/dossier.pdf", pdf, name="destination_pdf"),
]
