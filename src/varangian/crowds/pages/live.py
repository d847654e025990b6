"""A venue as its counters see it now, its counters and triggers, and an evening seen again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import may, require

from .. import services
from ..forms_live import CameraForm, CounterForm, CountForm, TriggerForm, WatchForm
from ..models import CrowdWatch, VenuePlan
from ..queries import live as reads
from ..queries import venues as queries
from ..shapes.live import address_of, moments_shape
from .runs import place_of
from .venues import base


def _choices(form: Any, version: Any, *, whole: str) -> Any:
    zones = [(key, item.props.name or key) for key, item in reads.zones_of(version).items()]
    for name in ("zone", "behind", "into"):
        if name in form.fields:
            first = [("", whole)] if whole else []
            form.fields[name].choices = [*first, *zones]
    return form


def _valid(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(str(errors[0]), str(form.fields[name].label))
    return form.cleaned_data


def _context(request: HttpRequest, plan: VenuePlan, watch: CrowdWatch | None) -> dict[str, Any]:
    picture = (watch.picture if watch else None) or {}
    at = picture.get("at")
    return {
        "plan": plan,
        "watch": watch,
        "now": picture,
        "seen_at": datetime.fromtimestamp(at, UTC) if at else None,
        "advice": (watch.advice if watch else None) or None,
        "may_change": may(request.user, "crowd.change", plan.compartment_id),
        "may_count": may(request.user, "crowd.count", plan.compartment_id),
    }


@login_required
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    watch = reads.watch_on(request.user, plan)
    context = base(request, plan, "live")
    if watch:
        context["drawn"] = watch.version
    version = context["drawn"]
    context |= _context(request, plan, watch) | {
        "form": WatchForm(),
        "count_form": _choices(CountForm(), version, whole=""),
        "trigger_form": _choices(TriggerForm(), version, whole="Whole venue"),
        "camera_form": _camera_form(request, plan, version),
        "bound": reads.eyes(request.user, plan),
        "triggers": reads.triggers(request.user, version),
        "counters": reads.counters(request.user, plan),
        "past": reads.watches(request.user, plan).exclude(ended_at=None)[:10],
    }
    return render(request, "crowds/live.html", context)


@login_required
def now_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What changes by itself."""
    plan = queries.plan(request.user, pk)
    watch = reads.watch_on(request.user, plan)
    return render(request, "crowds/_live.html", _context(request, plan, watch))


@login_required
@require_POST
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    given = _valid(WatchForm(request.POST))
    version = queries.version(request.user, plan)
    services.start_watch(
        actor=request.user, version=version, expected=given["expected"], give=given["give"] or 10
    )
    return redirect("crowds:live", pk=pk)


@login_required
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    watch = services.end_watch(actor=request.user, watch=reads.watch(request.user, pk))
    messages.info(request, reads.summary_words(watch) + ".")
    return redirect("crowds:watch", pk=pk)


@login_required
@require_POST
def count(request: HttpRequest, pk: UUID) -> HttpResponse:
    watch = reads.watch(request.user, pk)
    given = _valid(_choices(CountForm(request.POST), watch.version, whole=""))
    services.count(actor=request.user, watch=watch, **given)
    messages.info(request, f"{given['people']} people are taken in with the next look.")
    return redirect("crowds:live", pk=watch.version.plan_id)  # pyright: ignore


@login_required
@require_POST
def principal(request: HttpRequest, pk: UUID) -> HttpResponse:
    watch = reads.watch(request.user, pk)
    at = place_of(request.POST.get("at", ""))
    if len(at) != 2:
        raise Refused("Say where the principal is", "at", "Give x, y in metres.")
    level = request.POST.get("level", "0")
    if not level.lstrip("-").isdecimal():
        raise Refused("This is no level", "level", "Give a number.")
    services.place_principal(actor=request.user, watch=watch, x=at[0], y=at[1], level=int(level))
    return redirect("crowds:live", pk=watch.version.plan_id)  # pyright: ignore


@login_required
@require_POST
def add_trigger(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    watch = reads.watch_on(request.user, plan)
    version = watch.version if watch else queries.version(request.user, plan)
    given = _valid(_choices(TriggerForm(request.POST), version, whole="Whole venue"))
    services.add_trigger(actor=request.user, version=version, **given)
    return redirect("crowds:live", pk=pk)


@login_required
@require_POST
def drop_trigger(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.trigger(request.user, pk)
    services.remove_trigger(actor=request.user, trigger=found)
    return redirect("crowds:live", pk=found.version.plan_id)  # pyright: ignore


@login_required
def counters(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    version = queries.version(request.user, plan)
    form = _choices(CounterForm(request.POST or None), version, whole="Outside")
    made, secret = None, ""
    if request.method == "POST":
        require(request.user, "crowd.change", plan.compartment_id)
        if form.is_valid():
            try:
                given = form.fields_of()
                made, secret = services.add_counter(actor=request.user, plan=plan, **given)
                form = _choices(CounterForm(), version, whole="Outside")
            except Refused as why:
                form.add_error(None, str(why))
    context = base(request, plan, "live") | {
        "form": form, "made": made, "rows": reads.counters(request.user, plan),
        "address": address_of(secret, request.get_host()) if secret else "",
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "crowds/counters.html", context, status=status)


def _camera_form(request: HttpRequest, plan: VenuePlan, version: Any) -> Any:
    """None where no camera of the operation counts anything, or none that this person may see."""
    offered = services.offered(request.user, plan)
    if not offered:
        return None
    form = _choices(CameraForm(request.POST or None), version, whole="Outside")
    form.fields["place"].choices = [(one.key, one.words) for one in offered]
    return form


@login_required
@require_POST
def add_camera(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    form = _camera_form(request, plan, queries.version(request.user, plan))
    if form is None:
        raise Refused("No camera of this operation counts", mend="Draw zones in its rules.")
    given = _valid(form)
    camera, _, zone = given.pop("place").partition(":")
    made = services.add_camera(
        actor=request.user, plan=plan, camera=UUID(camera), zone=zone, **given
    )
    messages.info(request, f"{made.name} counts for this venue while it is watched.")
    return redirect("crowds:live", pk=pk)


@login_required
@require_POST
def drop_counter(request: HttpRequest, pk: UUID) -> HttpResponse:
    counter = reads.counter(request.user, pk)
    services.remove_counter(actor=request.user, counter=counter)
    messages.info(request, f"{counter.name} is taken away; its address opens nothing.")
    return redirect("crowds:counters", pk=counter.plan_id)  # pyright: ignore


@login_required
def watch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An evening, on or over, to be seen again."""
    found = reads.watch(request.user, pk)
    plan = found.version.plan
    context = base(request, plan, "live") | _context(request, plan, found)
    context |= {"drawn": found.version, "summary": found.summary or None}
    context["may_debrief"] = may(request.user, "debrief.add", plan.compartment_id)
    return render(request, "crowds/watch.html", context)


@login_required
def moments(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Zones and how full they were, moment by moment, for the plan's scrubber."""
    found = reads.watch(request.user, pk)
    return JsonResponse(moments_shape(found, reads.moments(request.user, found)))


paths = [
    path("<uuid:pk>/live/", live, name="live"),
    path("<uuid:pk>/live/now/", now_, name="live_now"),
    path("<uuid:pk>/live/start/", start, name="live_start"),
    path("<uuid:pk>/live/triggers/", add_trigger, name="trigger"),
    path("<uuid:pk>/live/counters/", counters, name="counters"),
    path("<uuid:pk>/live/cameras/", add_camera, name="add_camera"),
    path("counters/<uuid:pk>/drop/", drop_counter, name="drop_counter"),
    path("triggers/<uuid:pk>/drop/", drop_trigger, name="drop_trigger"),
    path("watches/<uuid:pk>/", watch, name="watch"),
    path("watches/<uuid:pk>/moments/", moments, name="moments"),
    path("watches/<uuid:pk>/end/", end, name="live_end"),
    path("watches/<uuid:pk>/count/", count, name="live_count"),
    path("watches/<uuid:pk>/principal/", principal, name="live_principal"),
]
