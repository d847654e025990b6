"""Roll calls: the operator's list, a person's own answer, and the page behind a link."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import may, require

from ..forms.incidents import MusterForm, PartyForm
from ..models import MusterPerson
from ..queries import incidents
from ..queries import muster as queries
from ..services import muster as services
from .incident_deeds import valid

WRONG, RIGHT = "20/5m/ip", "60/m/key"
"""Guesses from one address, and loads of one page."""


@login_required
@require_POST
def call(request: HttpRequest, slug: str) -> HttpResponse:
    operation = incidents.operation_for(request.user, slug, "muster.call")
    given = valid(MusterForm(request.POST)).cleaned_data
    made = services.call_muster(actor=request.user, operation=operation, **given)
    return redirect("incidents:muster", made.pk)


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, queries.muster(request.user, pk))


def _show(request: HttpRequest, muster: Any, links: Any = ()) -> HttpResponse:
    context = {**_lines(request, muster), "links": [_link(request, *row) for row in links]}
    return render(request, "protection/muster/show.html", context)


def _link(request: HttpRequest, line: MusterPerson, secret: str) -> dict[str, Any]:
    """What an operator sends: by the phone beside them, or shown to whoever stands there."""
    address = request.build_absolute_uri(reverse("incidents:muster_door", args=[secret]))
    phone = line.traveller.phone if line.traveller else ""
    words = f"Roll call: please tap and say that you are safe. {address}"
    sms = f"sms:{''.join(c for c in phone if c in '+0123456789')}?body={quote(words)}"
    return {
        "line": line,
        "address": address,
        "phone": phone,
        "sms": sms if phone else "",
        "qr": segno.make(address, error="m").svg_data_uri(scale=3, dark="#000", light="#fff"),
    }


@login_required
@require_GET
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    muster = queries.muster(request.user, pk)
    return render(request, "protection/muster/_lines.html", _lines(request, muster))


def _lines(request: HttpRequest, muster: Any) -> dict[str, Any]:
    count = queries.counts(request.user, muster)
    return {
        "muster": muster,
        "operation": muster.operation,
        "lines": queries.lines(request.user, muster),
        "counts": count,
        "open": queries.open_of(count),
        "may_call": may(request.user, "muster.call", muster.compartment_id),
        "states": [
            (state, words)
            for state, words in MusterPerson.State.choices
            if state != MusterPerson.State.UNKNOWN
        ],
        "incident": _incident(request, muster),
    }


def _incident(request: HttpRequest, muster: Any) -> Any:
    """What is kept from this person is not named here either."""
    if muster.incident_id is None:
        return None
    return incidents.incidents(request.user).filter(pk=muster.incident_id).first()


@login_required
@require_POST
def links(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shown once, here: only their hashes are kept."""
    muster = queries.muster(request.user, pk)
    return _show(request, muster, services.hang_links(actor=request.user, muster=muster))


@login_required
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    muster = queries.muster(request.user, pk)
    note = request.POST.get("note", "")[:400]
    services.close_muster(actor=request.user, muster=muster, note=note)
    return redirect("incidents:muster", pk)


@login_required
@require_POST
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    line = queries.line(request.user, pk)
    services.enter(
        actor=request.user,
        line=line,
        state=request.POST.get("state", ""),
        source=request.POST.get("source", "radio"),
        where=request.POST.get("where", "")[:200],
    )
    if request.headers.get("HX-Request") == "true":
        muster = queries.muster(request.user, line.muster_id)
        return render(request, "protection/muster/_lines.html", _lines(request, muster))
    return redirect("incidents:muster", line.muster_id)


@login_required
def party(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is counted besides the team: people without an account."""
    operation = incidents.operation_for(request.user, slug, "muster.view")
    changes = may(request.user, "party.change", operation.compartment_id)
    form = PartyForm(request.POST or None)
    if request.method == "POST":
        require(request.user, "party.change", operation.compartment_id)
        given = valid(form).cleaned_data
        services.add_to_party(actor=request.user, operation=operation, **given)
        return redirect("incidents:party", slug)
    context = {
        "operation": operation,
        "party": queries.party(request.user, operation),
        "form": form,
        "may_change": changes,
    }
    return render(request, "protection/muster/party.html", context)


@login_required
@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    member = services.leave_party(actor=request.user, member=queries.party_member(request.user, pk))
    operation = operations.operation_by_id(request.user, member.operation_id)
    return redirect("incidents:party", operation.slug)


@login_required
def own(request: HttpRequest) -> HttpResponse:
    """On the phone: I am safe, I need help, I am not there."""
    if request.method == "POST":
        lines = [row for row in queries.own_lines(request.user) if _named(request, row)]
        if not lines:
            raise NotFound("No roll call waits for you")
        state, where = request.POST.get("state", ""), request.POST.get("where", "")[:200]
        services.answer_own(actor=request.user, muster=lines[0].muster, state=state, where=where)
        return redirect("incidents:own")
    return render(request, "protection/muster/own.html", {"lines": queries.own_lines(request.user)})


@login_required
@require_POST
def own_safe(request: HttpRequest) -> HttpResponse:
    """The one tap that stands above every page while a roll call waits for this person."""
    lines = queries.own_lines(request.user)
    for line in lines:
        services.answer_own(actor=request.user, muster=line.muster, state="safe")
    if not lines:
        raise NotFound("No roll call waits for you")
    return redirect("incidents:own")


def _named(request: HttpRequest, line: MusterPerson) -> bool:
    return request.POST.get("line", str(line.pk)) == str(line.pk)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, secret: str) -> HttpResponse:
    """The address is the whole authority: no session is read, no cookie is set."""
    found = services.door_of(secret)
    if found is None:
        if not _within(request, WRONG):
            return _bare(request, "closed", {"busy": True}, 429)
        return _bare(request, "closed", {}, 404)
    if not _within(request, RIGHT, str(found.pk)):
        return _bare(request, "closed", {"busy": True}, 429)
    fault = ""
    if request.method == "POST":
        try:
            given = {"state": request.POST.get("state", ""), "where": request.POST.get("where", "")}
            services.answer_at_door(door=found, **given)
            return _closed_in(redirect("incidents:muster_door", secret))
        except Refused as error:
            fault = str(error)
    shown = {"door": found, "content": found.content, "fault": fault}
    return _bare(request, "door", shown, 422 if fault else 200)


def _within(request: HttpRequest, rate: str, key: str | None = None) -> bool:
    config = {"muster": rate}
    return bool(
        ratelimit.consume(
            request, app="protection", action="muster", config=config, key=key, limit_get=True
        )
    )


def _bare(request: HttpRequest, name: str, shown: dict[str, Any], status: int) -> HttpResponse:
    template = f"protection/muster/{name}.html"
    return _closed_in(render(request, template, shown, status=status))


def _closed_in(answer: HttpResponse) -> HttpResponse:
    """The address is a key: no page may learn it, no cache or index keep it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


paths = [
    path("musters/of/<slug:slug>/", call, name="muster_call"),
    path("musters/party/<slug:slug>/", party, name="party"),
    path("musters/party/leave/<uuid:pk>/", leave, name="leave_party"),
    path("musters/<uuid:pk>/", show, name="muster"),
    path("musters/<uuid:pk>/part/", part, name="muster_part"),
    path("musters/<uuid:pk>/links/", links, name="muster_links"),
    path("musters/<uuid:pk>/close/", close, name="close_muster"),
    path("musters/lines/<uuid:pk>/", enter, name="enter"),
    path("m/muster/", own, name="own"),
    path("m/muster/safe/", own_safe, name="own_safe"),
    path("muster/<str:secret>", door, name="muster_door"),
]
