"""Contractor packs: the planners' screens, and the one page that opens without an account."""

from typing import Any
from uuid import UUID

import segno
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours

from .. import services
from ..forms.packs import PackForm, ReceiptForm
from ..models import Pack
from ..queries import packs
from ..services.packs import choices, door_of, give_receipt, last_receipt, note_opened
from ..tailoring import dial

WRONG, RIGHT = "20/5m/ip", "60/m/key"
"""Guesses from one address, and loads of one page."""
MOST = 100


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = packs.operation_with_packs(request.user, slug)
    context = _list(request, operation)
    context["tabs"] = tabs.of_operation(request.user, operation, "packs")
    if not context["may_change"]:
        return render(request, "planning/packs.html", context)
    context["form"] = _form(request, operation)
    if request.method == "POST" and context["form"].is_valid():
        fields = context["form"].fields_of()
        made, secret = services.make_pack(actor=request.user, operation=operation, **fields)
        return _show(request, made, secret)
    return render(request, "planning/packs.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    operation = packs.operation_with_packs(request.user, slug)
    return render(request, "planning/_packs.html", _list(request, operation))


def _list(request: HttpRequest, operation: Any) -> dict[str, Any]:
    rows = list(packs.packs(request.user, operation)[:MOST])
    return {
        "operation": operation,
        "rows": packs.shown(request.user, rows),
        "may_change": may(request.user, "pack.change", operation.compartment_id),
    }


def _form(request: HttpRequest, operation: Any) -> PackForm:
    require(request.user, "pack.change", operation.compartment_id)
    return PackForm(
        request.POST or None,
        choices=choices(request.user, operation),
        zone=operation.time_zone,
    )


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, packs.pack(request.user, pk))


def _show(request: HttpRequest, pack: Pack, secret: str = "") -> HttpResponse:
    context = {**_one(request, pack), "thread": neighbours(request.user, "pack", pack.pk)}
    if secret:
        link = request.build_absolute_uri(reverse("planning:pack_open", args=[secret]))
        context |= {"link": link, "qr": segno.make(link, error="m").png_data_uri(scale=6)}
    return render(request, "planning/pack.html", context)


def _one(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    return {
        "row": packs.shown(request.user, [pack])[0],
        "operation": pack.operation,
        **_page({**pack.content, "recipient": pack.recipient}),
        "may_change": may(request.user, "pack.change", pack.compartment_id),
    }


@login_required
def seen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The inside of the live region: opened, read, revoked."""
    return render(request, "planning/_pack_seen.html", _one(request, packs.pack(request.user, pk)))


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    found = packs.pack(request.user, pk)
    if what == "link":
        return _show(request, found, services.renew_link(actor=request.user, pack=found))
    if what != "revoke":
        raise Refused("A pack gets a new link or is revoked", where=what)
    services.revoke_pack(actor=request.user, pack=found)
    return redirect("planning:pack", pk=pk)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, secret: str) -> HttpResponse:
    """The address is the whole authority: no session is read, no cookie is set."""
    door = door_of(secret)
    if door is None:
        if not _within(request, WRONG):
            return _bare(request, "planning/pack_closed.html", {"busy": True}, 429)
        return _bare(request, "planning/pack_closed.html", {}, 404)
    if not _within(request, RIGHT, str(door.pk)):
        return _bare(request, "planning/pack_closed.html", {"busy": True}, 429)
    form = ReceiptForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            give_receipt(door=door, name=form.cleaned_data["name"])
            answer = redirect("planning:pack_open", secret)
            return _closed_in(answer)
    elif request.method == "GET":
        note_opened(door)
    shown = {"door": door, "form": form, "receipt": last_receipt(door), **_page(door.content)}
    return _bare(request, "planning/pack_open.html", shown, 200)


def _within(request: HttpRequest, rate: str, key: str | None = None) -> bool:
    return bool(
        ratelimit.consume(
            request, app="planning", action="pack", config={"pack": rate}, key=key, limit_get=True
        )
    )


def _bare(request: HttpRequest, name: str, shown: dict[str, Any], status: int) -> HttpResponse:
    return _closed_in(render(request, name, shown, status=status))


def _closed_in(answer: HttpResponse) -> HttpResponse:
    """The address is a key: no page may learn it, no cache or index keep it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _page(content: dict[str, Any]) -> dict[str, Any]:
    at = parse_datetime(content["when"]) if content["when"] else None
    return {"page": {**content, "at": at}, "dial": dial(content["phone"])}


paths = [
    path("<slug:slug>/packs/", index, name="packs"),
    path("<slug:slug>/packs/part/", part, name="packs_part"),
    path("packs/<uuid:pk>/", show, name="pack"),
    path("packs/<uuid:pk>/seen/", seen, name="pack_seen"),
    path("packs/<uuid:pk>/<slug:what>/", deed, name="pack_deed"),
]
door = [path("pack/<str:secret>", opened, name="pack_open")]
