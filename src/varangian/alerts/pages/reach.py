"""A person's own devices and addresses; and, for an administrator, the ways out of the house."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused

from .. import queries, services
from ..forms import ChannelForm, SwitchForm

MOST_BYTES = 4000


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    open_ = queries.open_services()
    context = {
        "browsers": queries.subscriptions(request.user),
        "channels": queries.channels(request.user),
        "open": open_,
        "push_on": any(service.id == "push" for service in open_),
        "messages_on": any(service.schemes for service in open_),
        "form": ChannelForm(),
    }
    return render(request, "alerts/reach.html", context)


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    form = ChannelForm(request.POST)
    _valid(form)
    services.add_channel(actor=request.user, **form.cleaned_data)
    return redirect("alerts:reach")


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.remove_channel(actor=request.user, pk=pk)
    return redirect("alerts:reach")


@login_required
@require_POST
def attempt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A test message, sent while the person waits."""
    fault = services.try_channel(actor=request.user, pk=pk)
    if fault:
        messages.error(request, f"The test did not go out: {fault}")
    else:
        messages.info(request, "The test is on its way; look whether it arrives")
    return redirect("alerts:reach")


@login_required
@require_GET
def key(_request: HttpRequest) -> HttpResponse:
    """What a browser needs to subscribe."""
    return JsonResponse({"key": services.public_key()})


@login_required
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """The browser's own ``PushSubscription`` as JSON."""
    if len(request.body) > MOST_BYTES:
        raise Refused("This is no push subscription", where="body")
    try:
        given = json.loads(request.body)
        keys = given["keys"]
        row = services.subscribe(
            actor=request.user,
            endpoint=str(given["endpoint"]),
            p256dh=str(keys["p256dh"]),
            auth=str(keys["auth"]),
            label=str(given.get("label", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("This is no push subscription", where="body") from error
    return JsonResponse({"id": str(row.pk)}, status=201)


@login_required
@require_POST
def unsubscribe(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not services.unsubscribe(actor=request.user, pk=pk):
        raise Http404
    return redirect("alerts:reach")


@login_required
@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    return render(request, "alerts/channels.html", {"switches": queries.switches(request.user)})


@login_required
@require_POST
def switch(request: HttpRequest, service: str) -> HttpResponse:
    form = SwitchForm(request.POST)
    _valid(form)
    given = form.cleaned_data
    services.set_switch(actor=request.user, service=service, on=given["on"], hosts=given["hosts"])
    return redirect("alerts:channels")


@login_required
@require_GET
def worker(_request: HttpRequest) -> FileResponse:
    """The push worker of a desk: served from here, so that it answers for these pages only."""
    path = finders.find("alerts/worker.js")
    if not path:
        raise Http404
    return FileResponse(open(path, "rb"), content_type="text/javascript")  # noqa: PTH123


def _valid(form: Any) -> None:
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Refused(str(faults[0]), where=form.fields[name].label or name)
