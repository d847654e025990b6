"""What is done with a dossier: write, find out, approve, take back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations.pages.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import require

from .. import services
from ..forms.destinations import (
    ApprovalForm,
    DestinationForm,
    FactForm,
    NumberForm,
    StatementForm,
)
from ..models import Destination
from ..queries import destinations as queries
from ..queries import dossiers


def _form_page(
    request: HttpRequest, row: Destination, form: Any, title: str, why: str, submit: str = "Save"
) -> HttpResponse:
    context = {
        "destination": row,
        "operation": row.operation,
        "form": form,
        "title": title,
        "why": why,
        "submit": submit,
        "tabs": tabs(request, row.operation, "destinations"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "travel/dossier_form.html", context, status=status)


@login_required
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    form = DestinationForm.of(row, request.user)
    if request.method == "POST":
        form = DestinationForm(request.POST, actor=request.user, operation=row.operation)
        if form.is_valid():
            services.change_destination(actor=request.user, destination=row, **form.fields_of())
            return redirect("travel:destination", pk=pk)
    why = "A changed place or date needs a new approval."
    return _form_page(request, row, form, "Country, place, dates", why)


@login_required
def write(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    form = (
        StatementForm(request.POST)
        if request.method == "POST"
        else StatementForm(initial=row.frame)
    )
    if request.method == "POST" and form.is_valid():
        services.write_statement(
            actor=request.user,
            destination=row,
            expected_version=_version(request),
            texts=form.cleaned_data,
        )
        return redirect("travel:destination", pk=pk)
    why = "In words. No approval while a part is missing or a plan has no owner."
    return _form_page(request, row, form, "Statement of risk", why)


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() else None


@login_required
@require_POST
def add_fact(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    form = FactForm(request.POST)
    if form.is_valid():
        services.add_fact(actor=request.user, destination=row, **form.cleaned_data)
        return redirect("travel:destination", pk=pk)
    why = "With a source and a day it counts as verified for ninety days."
    return _form_page(request, row, form, "Write down a fact", why)


@login_required
@require_POST
def sign_number(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    form = NumberForm(request.POST)
    if form.is_valid():
        services.check_number(actor=request.user, country=row.country, **form.cleaned_data)
        messages.info(request, "Signed. A second person makes it verified.")
        return redirect("travel:destination", pk=pk)
    why = "Two people put their names to a number before it counts as verified."
    return _form_page(request, row, form, "Sign for an emergency number", why)


@reauthenticated
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What stands now beside the signature; refused in words while something is missing."""
    row = queries.destination(request.user, pk)
    require(request.user, "dossier.approve", row.compartment_id)
    found = dossiers.dossier(request.user, row)
    posted = request.POST if request.method == "POST" else None
    form = ApprovalForm(posted, zone=row.operation.time_zone)
    if request.method == "POST" and form.is_valid():
        try:
            services.approve_destination(
                actor=request.user,
                destination=row,
                expected_version=_version(request),
                **form.cleaned_data,
            )
            return redirect("travel:destination", pk=pk)
        except Refused as refused:
            if refused.status != Refused.status:
                raise
            form.add_error(None, str(refused))
    context = {
        "destination": row,
        "operation": row.operation,
        "dossier": found,
        "form": form,
        "tabs": tabs(request, row.operation, "destinations"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "travel/dossier_approve.html", context, status=status)


@reauthenticated
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    if request.method == "POST":
        note = request.POST.get("note", "")
        services.withdraw_approval(actor=request.user, destination=row, note=note)
    return redirect("travel:destination", pk=pk)


@login_required
@require_POST
def snapshot(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    services.keep_snapshot(actor=request.user, destination=row)
    messages.info(request, "Kept. From now on the page says what is different since.")
    return redirect("travel:destination", pk=pk)


@login_required
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.destination(request.user, pk)
    services.drop_destination(actor=request.user, destination=row)
    return redirect("travel:destinations_of", slug=row.operation.slug)


paths = [
    path("destinations/<uuid:pk>/change/", change, name="destination_change"),
    path("destinations/<uuid:pk>/statement/", write, name="destination_statement"),
    path("destinations/<uuid:pk>/facts/", add_fact, name="destination_fact"),
    path("destinations/<uuid:pk>/numbers/", sign_number, name="destination_number"),
    path("destinations/<uuid:pk>/approve/", approve, name="destination_approve"),
    path("destinations/<uuid:pk>/withdraw/", withdraw, name="destination_withdraw"),
    path("destinations/<uuid:pk>/snapshot/", snapshot, name="destination_snapshot"),
    path("destinations/<uuid:pk>/drop/", drop, name="destination_drop"),
]
