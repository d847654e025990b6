"""An officer's record for the roster."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.operations import queries as operations
from varangian.platform.access.scope import require
from varangian.travel.queries import drivers

from .. import services
from ..forms.roster import OfficerForm
from ..queries import roster as rows
from ..queries.roster_ways import ways


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    people = rows.team(request.user, operation)
    records = rows.records(request.user, people)
    found = [{"person": person, "record": records.get(person.pk)} for person in people]
    known = ways(request.user, operation)
    unknown = sum(way.minutes is None for way in known)
    shown = {"operation": operation, "rows": found, "ways": known, "unknown": unknown}
    return render(request, "planning/officers.html", shown)


@login_required
@require_POST
def set_ways(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    columns = [request.POST.getlist(name) for name in ("home", "site", "minutes")]
    given = [
        {"home": home, "site": site, "minutes": minutes}
        for home, site, minutes in zip(*columns, strict=False)
        if minutes
    ]
    services.set_ways(actor=request.user, operation=operation, ways=given)
    return redirect("planning:officers", slug=slug)


@login_required
def edit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    person = rows.teammate(request.user, operation, str(pk))
    record = rows.records(request.user, [person]).get(person.pk)
    form = OfficerForm(request.POST or None, facts=record.facts if record else {})
    if request.method == "POST" and form.is_valid():
        services.write_officer(
            actor=request.user, operation=operation, person=person, **form.fields_of()
        )
        messages.info(request, f"Kept what the roster knows of {person}.")
        return redirect("planning:officers", slug=slug)
    shown = {
        "operation": operation,
        "person": person,
        "form": form,
        "record": record,
        "differences": drivers.disagreements(
            request.user, person, drivers.driver(request.user, person).facts
        ),
    }
    return render(request, "planning/officer.html", shown)


paths = [
    path("<slug:slug>/officers/", index, name="officers"),
    path("<slug:slug>/officers/ways/", set_ways, name="roster_ways"),
    path("<slug:slug>/officers/<uuid:pk>/", edit, name="officer"),
]
