"""The hot wash on screen: planned against actual, observations, actions, signature."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.operations.people import member_by_email
from varangian.platform.access.queries import members
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import may, require
from varangian.platform.thread import registry
from varangian.platform.thread.queries import neighbours

from .. import services
from ..models import Observation
from ..queries import debrief as reads
from ..queries import lessons
from .lessons import TEXTS, targets

GROUPS = (
    ("leg", "Legs"),
    ("post", "Posts"),
    ("order", "Orders read"),
    ("alert", "Alerts answered"),
)
KINDS = (("improve", "Do better"), ("sustain", "Keep doing"))


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    context = _wash(request, operation)
    context["tabs"] = tabs.of_operation(request.user, operation, "debrief")
    return render(request, "planning/debrief.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    return render(request, "planning/_debrief.html", _wash(request, operation))


def _wash(request: HttpRequest, operation: Any) -> dict[str, Any]:
    user, where = request.user, operation.compartment_id
    require(user, "debrief.view", where)
    found = reads.debrief(user, operation)
    rows = list(reads.observations(user, found)) if found else []
    compared = reads.compared(user, operation, found)
    origin, taught = reads.sources(user, rows), lessons.of_observations(user, [r.pk for r in rows])
    shown = [
        {"row": row, "source": origin.get(row.pk), "lessons": taught.get(row.pk, [])}
        for row in rows
    ]
    return {
        "operation": operation,
        "debrief": found,
        "state": reads.state(found, rows, operation),
        "verdict": reads.verdict(found, rows) if found else None,
        "compared": compared,
        "groups": [(key, words, compared.of(key)) for key, words in GROUPS],
        "kinds": [
            (kind, words, [s for s in shown if s["row"].kind == kind]) for kind, words in KINDS
        ],
        "unconfirmed": sum(row.confirmed_at is None for row in rows),
        "now": now(),
        "open": found is not None and found.closed_at is None,
        "may_add": may(user, "debrief.add", where),
        "may_lead": may(user, "debrief.lead", where),
        "may_open": operation.state in ("active", "closed", "cancelled"),
        "programme": may(user, "programme.view", operation.engagement.compartment_id),
    }


@login_required
@require_POST
def open_(request: HttpRequest, slug: str) -> HttpResponse:
    services.open_debrief(actor=request.user, operation=operations.operation(request.user, slug))
    return redirect("planning:debrief", slug=slug)


@login_required
def phone(request: HttpRequest, slug: str) -> HttpResponse:
    """One thumb: say it, and press what it is. ``?about=KIND:ID`` names the record."""
    operation = operations.operation(request.user, slug)
    require(request.user, "debrief.add", operation.compartment_id)
    found = reads.debrief(request.user, operation)
    about = _about(request.POST.get("about") or request.GET.get("about", ""))
    if request.method == "POST":
        made = services.add_observation(
            actor=request.user,
            debrief=reads.debrief_of(request.user, operation),
            kind=request.POST.get("kind", ""),
            text=request.POST.get("text", ""),
            about=about,
            near_miss=bool(request.POST.get("near_miss")),
        )
        messages.info(request, f"{made.label} is noted. The leader confirms it.")
        return redirect("planning:debrief_phone", slug=slug)
    mine = reads.observations(request.user, found).filter(by=request.user.pk) if found else []
    context = {"operation": operation, "debrief": found, "about": request.GET.get("about", "")}
    context |= {"source": _source(request, about), "mine": mine}
    return render(request, "planning/debrief_phone.html", context)


def _about(words: str) -> tuple[str, UUID] | None:
    if not words:
        return None
    kind, _, name = words.partition(":")
    try:
        return kind, UUID(name)
    except ValueError as error:
        raise Refused("This is not the identifier of a record", where="about") from error


def _source(request: HttpRequest, about: tuple[str, UUID] | None) -> str:
    if about is None or about[0] not in registry.kinds():
        return ""
    kind = registry.kind(about[0])
    record = registry.records(request.user, about[0], [about[1]]).get(about[1])
    return reads.named(kind, record) if record is not None else ""


@login_required
def observation(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, row = request.user, reads.observation(request.user, pk)
    operation = row.debrief.operation
    leads = may(user, "debrief.lead", operation.compartment_id)
    acts = may(user, "debrief.act", operation.compartment_id)
    able = {role.value for role in roles_for("debrief.view")}
    improve = row.kind == Observation.Kind.IMPROVE
    sends = leads and improve and row.confirmed_at is not None
    context = {
        "operation": operation,
        "row": row,
        "source": reads.sources(user, [row]).get(row.pk),
        "lessons": lessons.of_observations(user, [row.pk]).get(row.pk, []),
        "thread": neighbours(user, "observation", row.pk),
        "signed": row.debrief.closed_at is not None,
        "may_lead": leads,
        "may_act": acts,
        "may_end": acts or row.owner_id == user.pk,  # pyright: ignore
        "people": [m.user for m in members(user, operation.compartment_id) if m.role in able],
        "targets": targets(user, operation) if sends else [],
        "card_texts": [(name, name.replace("_", " ").capitalize()) for name in TEXTS],
        "now": now(),
        "tabs": tabs.of_operation(user, operation, "debrief"),
    }
    return render(request, "planning/observation.html", context)


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """One of: confirm, words, action, end."""
    row = reads.observation(request.user, pk)
    if what not in _DEEDS:
        raise NotFound("There is no such deed", where=what)
    _DEEDS[what](request, row)
    return redirect("planning:observation", pk=pk)


def _confirm(request: HttpRequest, row: Observation) -> None:
    near = bool(request.POST.get("near_miss"))
    services.confirm_observation(actor=request.user, observation=row, near_miss=near)


def _words(request: HttpRequest, row: Observation) -> None:
    words = request.POST.get("words", "")
    services.release_words(actor=request.user, observation=row, words=words)


def _action(request: HttpRequest, row: Observation) -> None:
    operation, email = row.debrief.operation, request.POST.get("owner", "")
    typed = request.POST.get("due", "")
    due = parse_datetime(typed) if typed else None
    if typed and due is None:
        raise Refused("This is no time", where=typed)
    services.plan_action(
        actor=request.user,
        observation=row,
        action=request.POST.get("action", ""),
        owner=member_by_email(request.user, operation, email) if email else None,
        due=due.replace(tzinfo=ZoneInfo(operation.time_zone)) if due else None,
    )


def _end(request: HttpRequest, row: Observation) -> None:
    services.end_action(
        actor=request.user,
        observation=row,
        outcome=request.POST.get("outcome", ""),
        dropped=bool(request.POST.get("dropped")),
    )


_DEEDS = {"confirm": _confirm, "words": _words, "action": _action, "end": _end}


@reauthenticated
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    services.close_debrief(
        actor=request.user,
        debrief=reads.debrief_of(request.user, operation),
        summary=request.POST.get("summary", ""),
    )
    return redirect(reverse("planning:debrief", args=[slug]))


paths = [
    path("<slug:slug>/debrief/", show, name="debrief"),
    path("<slug:slug>/debrief/part/", part, name="debrief_part"),
    path("<slug:slug>/debrief/open/", open_, name="debrief_open"),
    path("<slug:slug>/debrief/close/", close, name="debrief_close"),
    path("observations/<uuid:pk>/", observation, name="observation"),
    path("observations/<uuid:pk>/<slug:what>/", deed, name="observation_deed"),
]
phone_paths = [path("debrief/<slug:slug>/", phone, name="debrief_phone")]
