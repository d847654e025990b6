"""Change the plan on screen: say what changes, see what it touches, send it, watch who has read."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.places.queries import surveys
from varangian.platform.access.reauth import ask
from varangian.platform.access.scope import may, require
from varangian.platform.thread import registry

from .. import services
from ..change import Leg, Touch, Wish, apply
from ..change.touch import fields_of
from ..forms.changes import ChangeForm, initial_of
from ..models import Change
from ..queries import changes, orders, reading

State = Change.State


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """The next journey is chosen already; ``?leg=`` names another, ``?draft=`` a kept change."""
    operation = operations.operation(request.user, slug)
    require(request.user, "order.change", operation.compartment_id)
    if orders.issued(request.user, operation) is None:
        return render(request, "planning/change.html", _frame(request, operation))
    legs, places = _choices(request, operation)
    kept = _draft(request, request.GET.get("draft", ""))
    chosen = _chosen(request, operation, legs, kept)
    initial: dict[str, Any] = {"movement": str(chosen.pk) if chosen else ""}
    if kept is not None and chosen is not None:
        initial = initial_of(Wish.read(kept.wish), chosen)
        initial |= {"reason": kept.reason, "within": kept.acknowledge_minutes, "draft": kept.pk}
    form = ChangeForm(initial=initial, legs=legs, places=places)
    context = _frame(request, operation) | {"form": form, **_doors(request, chosen)}
    if kept is not None and chosen is not None:
        edits = dict(kept.edits)
        context |= _looked(request, chosen, Wish.read(kept.wish), edits)
    return render(request, "planning/change.html", context)


@login_required
@require_POST
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """The inside of the region below the form: what it touches, and the order it would send."""
    operation = operations.operation(request.user, slug)
    require(request.user, "order.change", operation.compartment_id)
    form = _form(request, operation)
    context = _frame(request, operation) | _of(request, form)
    return render(request, "planning/_change_touched.html", context)


@login_required
@require_POST
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Send it, or keep it as a draft for the person who may."""
    operation = operations.operation(request.user, slug)
    require(request.user, "order.change", operation.compartment_id)
    form = _form(request, operation)
    keeps = request.POST.get("do") == "keep"
    if not form.is_valid() or not (keeps or form.cleaned_data["seen"]):
        return _again(request, operation, form)
    if not keeps:
        require(request.user, "order.sign", operation.compartment_id)
        ask(request)
    try:
        row = _deed(request, form, keeps)
    except Conflict as error:
        return _again(request, operation, form, error)
    except Refused as error:
        if error.status != Refused.status:
            raise
        return _again(request, operation, form, error)
    return redirect("planning:change_show", pk=row.pk)


def _deed(request: HttpRequest, form: ChangeForm, keeps: bool) -> Change:
    given = form.cleaned_data
    with services.together():
        row = services.draft_change(
            actor=request.user,
            movement=operations.movement(request.user, form.leg.pk),
            wish=form.wish(),
            reason=given["reason"],
            edits=form.edits(),
            minutes=given["within"],
            seen="" if keeps else given["seen"],
            change=_draft(request, str(given["draft"] or "")),
        )
        return row if keeps else services.send_change(actor=request.user, change=row)


def _again(
    request: HttpRequest, operation: Any, form: ChangeForm, error: Refused | None = None
) -> HttpResponse:
    """Nothing typed is lost; a conflict shows what it was, what it is, and what this would make."""
    context = _frame(request, operation) | {"form": form, "error": error}
    leg = form.leg if form.is_valid() else None
    context |= _doors(request, leg) | _of(request, form)
    if isinstance(error, Conflict) and leg is not None:
        context["both"] = _both(request, operation, form, leg)
    return render(request, "planning/change.html", context, status=error.status if error else 200)


def _both(request: HttpRequest, operation: Any, form: ChangeForm, leg: Leg) -> list[dict[str, str]]:
    """Rows of the leg that differ: as it was looked at, as somebody left it, as this one wants."""
    was, is_ = form.looked_at(), fields_of(leg)
    wanted = is_
    try:
        plan = apply([leg], leg.pk, form.wish(), changes.nearby(request.user, operation))
        wanted = fields_of(plan.new_target)
    except Refused:
        pass
    return [
        {"name": name, "was": was.get(name, ""), "now": is_[name], "yours": wanted[name]}
        for name in is_
        if was.get(name, "") != is_[name] or is_[name] != wanted[name]
    ]


def _form(request: HttpRequest, operation: Any) -> ChangeForm:
    legs, places = _choices(request, operation)
    return ChangeForm(request.POST, legs=legs, places=places)


def _choices(request: HttpRequest, operation: Any) -> tuple[list[Leg], Any]:
    rows = [Leg.of(row) for row in operations.movements(request.user, operation)]
    return [leg for leg in rows if not leg.over], changes.nearby(request.user, operation)


def _chosen(
    request: HttpRequest, operation: Any, legs: list[Leg], kept: Change | None
) -> Leg | None:
    next_ = changes.next_leg(request.user, operation)
    wanted = request.GET.get("leg", "") or str((kept and kept.movement_id) or "")
    wanted = wanted or str(next_.pk if next_ else "")
    return next((leg for leg in legs if str(leg.pk) == wanted), next(iter(legs), None))


def _draft(request: HttpRequest, pk: str) -> Change | None:
    if not pk:
        return None
    try:
        return changes.change(request.user, UUID(pk))
    except ValueError:
        return None


def _frame(request: HttpRequest, operation: Any) -> dict[str, Any]:
    return {
        "operation": operation,
        "in_force": orders.issued(request.user, operation),
        "may_send": may(request.user, "order.sign", operation.compartment_id),
        "drafts": changes.drafts(request.user, operation),
        "tabs": tabs.of_operation(request.user, operation, "order"),
    }


def _of(request: HttpRequest, form: ChangeForm) -> dict[str, Any]:
    """The region for what has been typed; what cannot be is said in it, in words."""
    if not form.is_valid():
        wrong = [f"{form[n].label}: {e[0]}" for n, e in form.errors.items() if n in form.fields]
        return {"form": form, "trouble": " ".join(wrong)}
    if form.wish().empty:
        return {"form": form}
    return {"form": form, **_looked(request, form.leg, form.wish(), form.edits())}


def _looked(request: HttpRequest, leg: Leg, wish: Wish, edits: dict[str, str]) -> dict[str, Any]:
    movement = operations.movement(request.user, leg.pk)
    try:
        shown = changes.preview(request.user, movement, wish)
    except Refused as error:
        return {"trouble": str(error)}
    return {
        "shown": shown,
        "groups": linked(request, shown.touched),
        "lines": [(key, line, edits.get(key) or line.text) for key, line in shown.keyed()],
        "was": json.dumps(fields_of(leg)),
    }


def linked(request: HttpRequest, rows: list[Touch]) -> list[tuple[str, list[tuple[Touch, str]]]]:
    """Groups of what is touched, each with the address of its record."""
    nodes: dict[str, list[UUID]] = {}
    for row in rows:
        if row.node and row.node[0] in registry.kinds():
            nodes.setdefault(row.node[0], []).append(row.node[1])
    seen = {kind: registry.records(request.user, kind, ids) for kind, ids in nodes.items()}

    def url(row: Touch) -> str:
        record = seen.get(row.node[0], {}).get(row.node[1]) if row.node else None
        return registry.kind(row.node[0]).url(record) if row.node and record is not None else ""

    return [(words, [(row, url(row)) for row in found]) for words, found in changes.by_group(rows)]


def _doors(request: HttpRequest, leg: Leg | None) -> dict[str, list[tuple[str, str]]]:
    """Doors that the surveys of both ends name, for the lists under the two fields."""
    if leg is None:
        return {"doors_out": [], "doors_in": []}
    ends = [place for place in (leg.origin, leg.destination) if place is not None]
    views = surveys.surveys(request.user, ends, now())

    def doors(place: Any) -> list[tuple[str, str]]:
        view = views.get(place.pk) if place is not None else None
        facts = view.facts if view is not None else ()
        return [(f.rule.title, f.words) for f in facts if "entrance" in f.rule.id]

    start = leg.destination if leg.is_stay else leg.origin
    return {"doors_out": doors(start), "doors_in": doors(leg.destination)}


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who has acknowledged and who has not, live; and what it touched."""
    return render(request, "planning/change_show.html", _shown(request, pk))


@login_required
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "planning/_change_read.html", _shown(request, pk))


def _shown(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    row = changes.change(request.user, pk)
    rows = [changes.touch_of(kept) for kept in row.touched]
    context: dict[str, Any] = {
        "change": row,
        "operation": row.operation,
        "groups": linked(request, rows),
        "may_send": may(request.user, "order.sign", row.compartment_id),
        "tabs": tabs.of_operation(request.user, row.operation, "order"),
        "now": now(),
    }
    if row.order is not None:
        acks = list(orders.acknowledgements(request.user, row.order))
        standing = [(ack, orders.standing(ack, ack.post, row.order)["state"]) for ack in acks]
        context |= {
            "order": row.order,
            "acks": standing,
            "read": sum(state == "acknowledged" for _, state in standing),
            "sections": reading.sections(reading.lines_for(request.user, row.order)),
        }
    return context


@login_required
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = services.drop_change(actor=request.user, change=changes.change(request.user, pk))
    return redirect("planning:order", slug=row.operation.slug)


@login_required
def in_hand(request: HttpRequest) -> HttpResponse:
    """On a phone: what waits for me, fragmentary orders first, one big button each."""
    return render(request, "planning/orders_phone.html", _waiting(request))


@login_required
def in_hand_part(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/_orders_phone.html", _waiting(request))


def _waiting(request: HttpRequest) -> dict[str, Any]:
    rows = orders.first_what_changed(orders.waiting_for(request.user))
    return {
        "waiting": [
            (ack, reading.lines_for(request.user, ack.order) if ack.order.amends_id else [])
            for ack in rows
        ]
    }


paths = [
    path("<slug:slug>/change/", new, name="change"),
    path("<slug:slug>/change/look/", look, name="change_look"),
    path("<slug:slug>/change/send/", send, name="change_send"),
    path("changes/<uuid:pk>/", show, name="change_show"),
    path("changes/<uuid:pk>/part/", part, name="change_part"),
    path("changes/<uuid:pk>/drop/", drop, name="change_drop"),
]
phone = [
    path("orders/", in_hand, name="orders_phone"),
    path("orders/part/", in_hand_part, name="orders_phone_part"),
]
