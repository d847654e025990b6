"""Screens of places."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from varangian.platform.thread.queries import neighbours
from varangian.platform.ui import sheets

from .. import queries, services
from ..forms import PlaceForm
from ..models import Place
from ..shapes import shape
from ..tabs import of_place


@login_required
def index(request: HttpRequest) -> HttpResponse:
    kind, unlocated = request.GET.get("kind", ""), request.GET.get("unlocated") == "1"
    found = queries.places(request.user, kind=kind, unlocated=unlocated)
    if sheets.wanted(request):
        return sheets.sheet(request, "places", found, shape)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "kinds": Place.Kind.choices, "kind": kind, "unlocated": unlocated}
    return render(request, "places/index.html", context)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    place = queries.place(request.user, pk)
    form = PlaceForm(request.POST) if request.method == "POST" else PlaceForm.of(place)
    if request.method == "POST" and form.is_valid():
        services.change_place(actor=request.user, place=place, **form.fields_of())
        return redirect("places:show", pk=pk)
    thread = neighbours(request.user, "place", place.pk)
    context = {"place": place, "form": form, "thread": thread}
    return render(request, "places/show.html", context | {"tabs": of_place(place, "facts")})


paths = [path("", index, name="list"), path("<uuid:pk>/", show, name="show")]
