"""Cameras of the local network on screen: found, one chosen, asked, and its form filled."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from varangian.kernel.results import Denied, Refused

from ..forms import CameraForm, DeviceForm
from ..queries import cameras as queries
from ..services import devices as services


@login_required
def devices(request: HttpRequest) -> HttpResponse:
    """Searching is a click of its own: a page that is opened asks nobody."""
    owners = queries.owners(request.user)
    if not owners:
        raise Denied("Your role registers no cameras", mend="Ask the detail leader.")
    slug = request.GET.get("operation", "")
    context: dict[str, Any] = {"slug": slug, "found": None, "name": request.GET.get("name", "")}
    asked = request.method == "POST" and request.POST.get("step") == "ask"
    form = DeviceForm(
        request.POST if asked else None, initial={"address": request.GET.get("address", "")}
    )
    if request.method == "POST" and not asked:
        try:
            context["found"] = services.find_devices(actor=request.user)
        except Refused as why:
            context["fault"] = str(why)
    if asked and form.is_valid():
        try:
            told = services.ask_device(actor=request.user, **form.cleaned_data)
        except Refused as why:
            form.refused(why)
        else:
            return _filled(request, told, form.cleaned_data, owners)
    status = 422 if form.errors or context.get("fault") else 200
    return render(request, "surveillance/devices.html", {**context, "form": form}, status=status)


def _filled(
    request: HttpRequest, told: services.Told, given: dict[str, Any], owners: list[Any]
) -> HttpResponse:
    """The form that registers any camera; nothing is kept before it is sent. It holds the password
    for as long as it is on the screen."""
    slug = request.GET.get("operation", "")
    first = next((str(one.compartment_id) for one in owners if one.slug == slug), "")
    initial = {
        **({"owner": first} if first else {}),
        "name": request.GET.get("name", "")[:80] or told.about.model,
        "source": services.stream_of(told),
        "onvif_address": told.address,
        "onvif_user": given["user"],
        "onvif_password": given["password"],
    }
    form = CameraForm(owners=owners, initial=initial)
    form.fields["source"].widget.attrs["list"] = "camera-streams"
    context = {
        "form": form,
        "camera": None,
        "slug": slug,
        "told": told,
        "action": reverse("surveillance:add") + (f"?operation={slug}" if slug else ""),
    }
    return render(request, "surveillance/camera_form.html", context)


paths = [path("surveillance/cameras/network/", devices, name="devices")]
