"""TAK clients of an operation: who is connected, how to come in, how to be shut out."""

import re
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as spine
from varangian.operations import tabs
from varangian.platform.access.queries import members
from varangian.platform.access.scope import may, require
from varangian.platform.storage import services as storage

from ..models import Device
from ..queries import missions
from ..queries import tak as queries
from ..services import tak as services
from ..shapes.tak import mission_row, state_of
from ..tak import ways_in
from ..tak_forms import ClientForm

TONES = {"connected": "green", "known": "grey", "invited": "amber", "out": "grey"}
WORDS = {
    "connected": "connected",
    "known": "not connected",
    "invited": "invited",
    "out": "no certificate",
}


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = spine.operation(request.user, slug)
    require(request.user, "device.view", operation.compartment_id)
    form = _form(request, operation)
    if request.method == "POST" and form is not None and form.is_valid():
        fields = form.fields_of()
        made = services.add_client(actor=request.user, operation=operation, **fields)
        return _show(request, made, services.invite_client(actor=request.user, device=made))
    context = _rows(request, operation) | {
        "form": form,
        "tabs": tabs.of_operation(request.user, operation, "tak"),
        "endpoint": ways_in.endpoint_shape(),
    }
    return render(request, "tracking/tak/index.html", context)


def _form(request: HttpRequest, operation: Any) -> ClientForm | None:
    if not may(request.user, "device.enrol", operation.compartment_id):
        return None
    changer = may(request.user, "device.change", operation.compartment_id)
    seats = members(request.user, operation.compartment_id)
    found = {str(seat.user_id): seat.user for seat in seats}
    if not changer:
        found = {pk: user for pk, user in found.items() if user.pk == request.user.pk}
    return ClientForm(request.POST or None, people=found, changer=changer)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    """The inside of the live region."""
    operation = spine.operation(request.user, slug)
    require(request.user, "device.view", operation.compartment_id)
    return render(request, "tracking/tak/_rows.html", _rows(request, operation))


def _rows(request: HttpRequest, operation: Any) -> dict[str, Any]:
    found = queries.clients(request.user, operation)
    return {
        "operation": operation,
        "rows": [{"device": row, **_state(row)} for row in found],
        "beacons": queries.open_beacons(request.user, operation),
        "missions": [mission_row(row) for row in missions.counted(request.user, operation)],
        "packages": queries.packages(request.user, operation)[:50],
    }


def _state(device: Device) -> dict[str, str]:
    state = state_of(device)
    return {"state": state, "tone": TONES[state], "words": WORDS[state]}


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, queries.client(request.user, pk))


def _show(
    request: HttpRequest, device: Device, secret: str = "", *, standing: bool = False
) -> HttpResponse:
    operation = device.operation
    row = queries.clients(request.user, operation).filter(pk=device.pk).first() or device
    own = device.person_id == request.user.pk
    action = "device.enrol" if own else "device.change"
    context = {
        "device": row,
        "operation": operation,
        "may_change": may(request.user, action, device.compartment_id),
        "endpoint": ways_in.endpoint_shape(),
        **_state(row),
    }
    if secret and standing:
        way = ways_in.ways_in(device, secret, _host(request))
        context["sign_in"] = ways_in.sign_in_shape(way)
    elif secret:
        way = ways_in.ways_in(device, secret, _host(request))
        context |= {"way": way, "qr": _qr(way.link), "qr_itak": _qr(way.itak)}
    return render(request, "tracking/tak/client.html", context)


def _host(request: HttpRequest) -> str:
    """The name the house tells its clients, unless it has none but its own machine."""
    told = ways_in.public_host()
    return "" if told not in ("127.0.0.1", "localhost") else request.get_host().rsplit(":", 1)[0]


def _qr(words: str) -> str:
    return segno.make(words, error="m").png_data_uri(scale=5, border=3)


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    device = queries.client(request.user, pk)
    if what == "invite":
        return _show(request, device, services.invite_client(actor=request.user, device=device))
    if what == "sign-in":
        made = services.invite_client(actor=request.user, device=device, standing=True)
        return _show(request, device, made, standing=True)
    if what == "keys":
        certificate, key = services.issue_keys(actor=request.user, device=device)
        name = device.operation.slug
        content = ways_in.keys_package(name, certificate, key, _host(request))
        return _file(content, f"{name}-tak.zip", "application/zip")
    if what == "trust":
        content = ways_in.trust_package(device.operation.slug, _host(request))
        return _file(content, f"{device.operation.slug}-server.zip", "application/zip")
    if what != "shut-out":
        raise Refused("A client is invited, given a sign-in or its keys, or shut out", where=what)
    services.shut_out(actor=request.user, device=device)
    messages.info(request, f"{device.label} is shut out")
    return redirect("tak:client", pk)


@login_required
def package(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    operation = spine.operation(request.user, slug)
    found = queries.package(request.user, operation, digest)
    return _file(storage.read(found.file), found.name, "application/zip")


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    safe = re.sub(r"[^A-Za-z0-9 ._-]", "_", name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


paths = [
    path("<slug:slug>/", index, name="list"),
    path("<slug:slug>/part/", part, name="part"),
    path("<slug:slug>/packages/<str:digest>/", package, name="package"),
    path("clients/<uuid:pk>/", show, name="client"),
    path("clients/<uuid:pk>/<str:what>/", deed, name="deed"),
]
urlpatterns = [path("tak/", include((paths, "tak")))]
