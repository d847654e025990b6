"""The screen Now of a phone: an empty frame that works with no network, and what fills it."""

import json
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import select_template
from django.urls import include, path
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.reauth import proved
from varangian.platform.ui import nav
from varangian.platform.ui.errors import problem
from varangian.principals import queries as principals
from varangian.principals.rules import MEDICAL
from varangian.principals.services import unmask
from varangian.travel.queries.map_parts import packed

from .. import worker_script
from ..queries import phone_maps
from ..queries.taken_along import taken_along
from ..services import outbox, phones
from ..shapes.acts import acts_of, time_of
from . import bolo

PURPOSE = "Medical card on the phone of the detail"


@login_required
def frame(request: HttpRequest) -> HttpResponse:
    """No name and no content stand in it: a phone keeps this page in the open."""
    slide = select_template(["protection/duress/slide.html", "protection/phone/_no_slide.html"])
    push = {"push_key_url": nav.route("alerts:push_key"), "push_url": nav.route("alerts:push")}
    return render(request, "protection/phone/now.html", {"slide": slide, **push})


def script(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(worker_script.text(), content_type="text/javascript")


def map_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(worker_script.map_worker(), content_type="text/javascript")


def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    return JsonResponse(worker_script.MANIFEST, content_type="application/manifest+json")


def ordered(request: HttpRequest, secret: str) -> JsonResponse:  # noqa: ARG001
    """Must this phone empty itself? Its random name is all that it needs to ask."""
    if not phones.to_be_wiped(secret[:40]):
        raise Http404
    return JsonResponse({"wipe": True})


@login_required
def hello(request: HttpRequest) -> JsonResponse:
    user: Any = request.user
    return JsonResponse({"csrf": get_token(request), "user": str(user.pk), "now": now()})


@login_required
@require_POST
def opened(request: HttpRequest) -> JsonResponse:
    """The secret of this phone and what it takes along."""
    given = _given(request)
    session = request.session.session_key or ""
    device, label = str(given.get("device", "")), str(given.get("label", ""))
    found = phones.open_phone(actor=request.user, device=device, label=label, session=session)
    if not found["wipe"]:
        found |= taken_along(request.user, str(given.get("have", "")))
    return JsonResponse(found)


@login_required
@require_POST
def emptied(request: HttpRequest) -> JsonResponse:
    phones.emptied(actor=request.user, device=str(_given(request).get("device", "")))
    return JsonResponse({})


@login_required
@require_POST
def received(request: HttpRequest) -> HttpResponse:
    """The outbox. Pictures and voice notes come as files named after the key of their act."""
    upload = request.content_type == "multipart/form-data"
    given = _read(request.POST.get("acts", "") if upload else request.body)
    device = str(given.get("device", ""))
    acts = acts_of(given.get("acts"), device, request.FILES if upload else {})
    sent_at = time_of(given["sent_at"], "sent_at") if given.get("sent_at") else None
    return JsonResponse(_answer(request, device, acts, sent_at))


def _answer(
    request: HttpRequest, device: str, acts: list[outbox.Act], sent_at: datetime | None
) -> dict[str, Any]:
    done = outbox.receive(actor=request.user, device=device, acts=acts, sent_at=sent_at)
    return {"acts": done, "now": now()}


@login_required
@require_POST
def medical(request: HttpRequest) -> HttpResponse:
    """The card of the principal of the running duty, after a fresh proof; the audit says who."""
    if not proved(request):
        return problem(401, "This needs a fresh proof that it is you", "reauthenticate")
    duty = operations.own_duty(request.user)
    if duty is None:
        raise Refused("You are not on duty", mend="Start duty first.")
    operation = operations.operation_by_id(request.user, duty.operation_id)
    who = principals.principal(request.user, operation.principal.slug)
    found = unmask(actor=request.user, principal=who, section="medical", purpose=PURPOSE)
    lines = [
        {"title": title, "text": found["medical"].get(name) or "not recorded"}
        for name, title in MEDICAL.items()
    ]
    return JsonResponse(
        {"code_name": who.code_name, "checked": who.medical_checked_at, "lines": lines}
    )


@login_required
def map_part(request: HttpRequest, mark: str) -> HttpResponse:
    """Streets round the places of the running duty; the phone seals them with all the rest."""
    duty = operations.own_duty(request.user)
    if duty is None:
        raise NotFound("You are not on duty", mend="Start duty first.")
    operation = operations.operation_by_id(request.user, duty.operation_id)
    found = next(
        (one for one in phone_maps.taken_along(request.user, operation) if one.mark == mark), None
    )
    if found is None:
        raise NotFound("This part of a map is another one by now", where=mark)
    answer = HttpResponse(packed(found), content_type="application/vnd.pmtiles")
    answer["Cache-Control"] = "no-store"
    return answer


def _given(request: HttpRequest) -> dict[str, Any]:
    return _read(request.body)


def _read(words: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(words or b"{}")
    except (ValueError, UnicodeDecodeError) as error:
        raise Refused("This is not JSON", where="body") from error
    if not isinstance(found, dict):
        raise Refused("An object is expected", where="body")
    return found


api = [
    path("hello", hello, name="hello"),
    path("open", opened, name="open"),
    path("emptied", emptied, name="emptied"),
    path("outbox", received, name="outbox"),
    path("medical", medical, name="medical"),
    path("bolo/<uuid:pk>", bolo.carried, name="bolo"),
    path("map/<slug:mark>", map_part, name="map_part"),
]
paths = [
    path("", frame, name="now"),
    path("sw.js", script, name="worker"),
    path("map-worker.mjs", map_worker, name="map_worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("wipe/<slug:secret>", ordered, name="wipe"),
    path("api/", include(api)),
]
urlpatterns = [path("m/", include((paths, "phone")))]
