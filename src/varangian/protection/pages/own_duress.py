"""A person's own keys, PINs and presses. Nothing here says whether a call of theirs runs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from varangian.kernel.ids import new_id
from varangian.platform.access.reauth import reauthenticated

from .. import door
from ..forms.duress import ButtonForm, PinForm, PinsForm
from ..models import DuressKey, Via
from ..queries import duress as queries
from ..services import checks, duress, keys, pins
from ..services.cancelling import give_pin


@login_required
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, **more: Any) -> HttpResponse:
    context = {
        "keys": queries.keys_of(request.user),
        "has_pins": pins.has_pins(request.user),
        "pin_form": PinForm(),
        "pins_form": PinsForm(),
        "button_form": ButtonForm(),
        **more,
    }
    return render(request, "protection/duress/own.html", context)


@login_required
@never_cache
def phone_key(request: HttpRequest) -> JsonResponse:
    """For the slide on this phone: it presses without a session from then on.

    GET gives the CSRF token, for a page that was kept since before this session.
    """
    if request.method != "POST":
        return JsonResponse({"csrf": get_token(request), "user": str(request.user.pk)})
    label = request.headers.get("User-Agent", "")[:60] or "phone"
    key, secret = keys.issue_key(actor=request.user, label=label, kind=DuressKey.Kind.PHONE)
    return JsonResponse({"path": f"{door.PATH}{secret}", "id": str(key.pk)})


@login_required
@require_POST
def press(request: HttpRequest) -> JsonResponse:
    """The same press by the session, for a phone that has no key yet."""
    given = door.fields_of("", request.body, request.content_type or "")
    heard = duress.Heard(
        key=str(given.get("key") or new_id()),
        via=Via.SLIDE,
        at=duress.instant(given.get("at")),
        lat=duress.number(given.get("lat")),
        lon=duress.number(given.get("lon")),
        accuracy=duress.number(given.get("accuracy")),
    )
    duress.press(person=request.user, heard=heard)
    return JsonResponse({"ok": True})


@login_required
@require_POST
@never_cache
def new_button(request: HttpRequest) -> HttpResponse:
    """The address is shown in this one answer; only its hash is kept."""
    form = ButtonForm(request.POST)
    if not form.is_valid():
        return _page(request, button_form=form)
    key, secret = keys.issue_key(
        actor=request.user, kind=DuressKey.Kind.BUTTON, **form.cleaned_data
    )
    address = request.build_absolute_uri(f"{door.PATH}{secret}")
    return _page(request, address=address, made=key)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    keys.revoke_key(actor=request.user, pk=pk)
    messages.info(request, "Revoked: that phone or button calls nobody any more.")
    return redirect("duress:own")


@reauthenticated
def set_pins(request: HttpRequest) -> HttpResponse:
    form = PinsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pins.set_pins(actor=request.user, **form.cleaned_data)
        messages.info(request, "Your PINs are set. Tell nobody which is which.")
        return redirect("duress:own")
    return render(request, "protection/duress/pins.html", {"form": form})


@login_required
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """Always here, always answered alike. A wrong PIN is no error: its count must be kept."""
    form = PinForm(request.POST)
    good = form.is_valid() and give_pin(person=request.user, pin=form.cleaned_data["pin"])
    if good:
        messages.info(request, "Noted.")
    else:
        messages.error(request, "This PIN is not right.")
    return redirect("duress:own")


@login_required
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """I am well."""
    if checks.proves(person=request.user, pin=request.POST.get("pin", "")):
        checks.check_call(person=request.user)
    else:
        messages.error(request, "This PIN is not right. No check call was made.")
    if "HX-Request" in request.headers:
        return HttpResponse(status=204)
    return redirect("duress:own")


paths = [
    path("m/duress/", index, name="own"),
    path("m/duress/key/", phone_key, name="phone_key"),
    path("m/duress/press/", press, name="own_press"),
    path("m/duress/buttons/", new_button, name="new_button"),
    path("m/duress/keys/<uuid:pk>/revoke/", revoke, name="revoke"),
    path("m/duress/pins/", set_pins, name="pins"),
    path("m/duress/pin/", pin, name="pin"),
    path("m/check/", check, name="check"),
]
