"""An officer's record for the roster."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from varangian.operations import queries as operations
from varangian.platform.access.scope import require

from .. import services
from ..forms.roster import OfficerForm
from ..queries import roster as rows


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    people = rows.team(request.user, operation)
    records = rows.records(request.user, people)
    found = [{"person": person, "record": records.get(person.pk)} for person in people]
    return render(request, "planning/officers.html", {"operation": operation, "rows": found})


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
    shown = {"operation": operation, "person": person, "form": form, "record": record}
    return render(request, "planning/officer.html", shown)


paths = [
    path("<slug:slug>/officers/", index, name="officers"),
    path("<slug:slug>/officers/<uuid:pk>/", edit, name="officer"),
]
