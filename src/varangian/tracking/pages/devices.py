"""Devices of an operation: who is heard, from how long ago, and how to join."""

from typing import Any
from uuid import UUID

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations import tabs
from varangian.platform.access.queries import members
from varangian.platform.access.scope import may

from ..enrolment import setup
from ..forms import DeviceForm, ShareForm, TrackForm
from ..models import Device
from ..queries import devices as queries
from ..queries.fences import fences
from ..services import devices as services
from ..services.pulses import SILENT_PERIODS
from ..services.uploads import upload_track


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    changer = may(request.user, "device.change", operation.compartment_id)
    people = members(request.user, operation.compartment_id)
    if not changer:
        people = people.filter(user=request.user)
    form = DeviceForm(request.POST or None, people=people, principal=changer)
    if request.method == "POST" and form.is_valid():
        device, secret = services.enrol(actor=request.user, operation=operation, **form.fields_of())
        return _show(request, queries.device(request.user, device.pk), secret)
    context = {
        **_rows(request, operation),
        "form": form,
        "fences": fences(request.user, operation),
        "may_enrol": may(request.user, "device.enrol", operation.compartment_id),
        "may_fence": may(request.user, "fence.change", operation.compartment_id),
        "tabs": tabs.of_operation(request.user, operation, "devices"),
    }
    return render(request, "tracking/devices.html", context)


def _rows(request: HttpRequest, operation: Any) -> dict[str, Any]:
    found = queries.devices(request.user, operation)
    shown = [{"device": device, "state": queries.state_of(device)} for device in found]
    return {"operation": operation, "rows": shown}


@login_required
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    return render(request, "tracking/_rows.html", _rows(request, operation))


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, queries.device(request.user, pk))


def _show(request: HttpRequest, device: Device, secret: str = "") -> HttpResponse:
    given = {name: getattr(device, name) for name in ("label", "share", "period_s")}
    context = {
        **_state(request, device),
        "operation": device.operation,
        "share_form": ShareForm(initial=given),
        "track_form": TrackForm(),
        "may_change": device.person_id == request.user.pk
        or may(request.user, "device.change", device.compartment_id),
    }
    if secret:
        made = setup(device, secret, request.get_host())
        qr = segno.make(made.code, error="l").png_data_uri(scale=5, border=3)
        context |= {"setup": made, "qr": qr}
    return render(request, "tracking/device.html", context)


def _state(request: HttpRequest, device: Device) -> dict[str, Any]:
    last = getattr(device, "last", None)
    return {
        "device": device,
        "state": queries.state_of(device),
        "last": last,
        "pulse": getattr(device, "pulse", None),
        "pulse_silent_s": SILENT_PERIODS * device.period_s,
        "late": last is not None and (last.heard_at - last.at).total_seconds() > 300,
        "refused": queries.refusals(request.user, device),
    }


@login_required
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    device = queries.device(request.user, pk)
    return render(request, "tracking/_state.html", _state(request, device))


@login_required
@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    device = queries.device(request.user, pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        raise Refused("The form is not complete", where=", ".join(form.errors))
    services.change_device(actor=request.user, device=device, **form.cleaned_data)
    return redirect("tracking:device", pk=pk)


@login_required
@require_POST
def renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    device = queries.device(request.user, pk)
    _, secret = services.renew_token(actor=request.user, device=device)
    return _show(request, queries.device(request.user, pk), secret)


@login_required
@require_POST
def track(request: HttpRequest, pk: UUID) -> HttpResponse:
    device = queries.device(request.user, pk)
    form = TrackForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused("Choose a GPX file", where="file")
    upload_track(actor=request.user, device=device, data=form.cleaned_data["file"].read())
    return redirect("tracking:device", pk=pk)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    device = queries.device(request.user, pk)
    services.revoke(actor=request.user, device=device)
    return redirect("tracking:devices", slug=device.operation.slug)
