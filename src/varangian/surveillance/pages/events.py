"""What was told, the sensors and the rules of an operation on screen."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may, require

from ..forms import RuleForm, SensorForm
from ..queries import cameras as camera_queries
from ..queries import clips as clip_queries
from ..queries import events as queries
from ..rules import event_words
from ..services import events as services
from ..services import sensing
from ..shapes import address_of

A_PAGE = 50
KINDS = (
    ("motion", "Motion"),
    ("behaviour", "Behaviour"),
    ("source", "Pictures lost and back"),
    ("door", "Doors and windows"),
    ("plate", "Number plates"),
    ("panel", "Alarm panels"),
)


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.view", operation.compartment_id)
    found = queries.events(
        request.user,
        operation,
        name=request.GET.get("name", "")[:40],
        source=request.GET.get("source", "")[:40],
    )
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "operation": operation,
        "page": page,
        "kinds": KINDS,
        "rows": [{"event": e, "words": event_words(e.name, e.detail)} for e in page],
        "cameras": camera_queries.cameras(request.user, operation),
        "sensors": queries.sensors(request.user, operation),
        "tabs": tabs.of_operation(request.user, operation, "cameras"),
    }
    part = request.GET.get("part") == "rows"
    return render(request, f"surveillance/{'_events' if part else 'events'}.html", context)


@login_required
def sensors(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "sensor.view", operation.compartment_id)
    form, secret, made = SensorForm(request.POST or None), "", None
    if request.method == "POST":
        require(request.user, "sensor.change", operation.compartment_id)
        if form.is_valid():
            try:
                made, secret = sensing.add_sensor(
                    actor=request.user, operation=operation, **form.cleaned_data
                )
                form = SensorForm()
            except Refused as why:
                form.refused(why)
    context = {
        "operation": operation,
        "rows": queries.sensors(request.user, operation),
        "form": form,
        "made": made,
        "address": address_of(secret, request.get_host()) if secret else "",
        "may_change": may(request.user, "sensor.change", operation.compartment_id),
        "tabs": tabs.of_operation(request.user, operation, "cameras"),
    }
    return render(request, "surveillance/sensors.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def drop_sensor(request: HttpRequest, pk: UUID) -> HttpResponse:
    sensor = queries.sensor(request.user, pk)
    sensing.remove_sensor(actor=request.user, sensor=sensor)
    messages.info(request, f"{sensor.name} is taken away; its address opens nothing.")
    return redirect("surveillance:sensors", slug=sensor.operation.slug)


@login_required
def event_rules(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.view", operation.compartment_id)
    form = RuleForm(
        request.POST or None,
        cameras=camera_queries.cameras(request.user, operation),
        sensors=queries.sensors(request.user, operation),
    )
    if request.method == "POST":
        require(request.user, "camera.change", operation.compartment_id)
        if form.is_valid():
            try:
                services.add_rule(actor=request.user, operation=operation, **form.fields_of())
            except Refused as why:
                form.refused(why)
            else:
                return redirect("surveillance:rules", slug=slug)
    context = {
        "operation": operation,
        "rows": queries.rules_of(request.user, operation),
        "form": form,
        "may_change": may(request.user, "camera.change", operation.compartment_id),
        "tabs": tabs.of_operation(request.user, operation, "cameras"),
    }
    return render(request, "surveillance/rules.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def drop_rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    rule = queries.rule(request.user, pk)
    services.remove_rule(actor=request.user, rule=rule)
    return redirect("surveillance:rules", slug=rule.operation.slug)


@login_required
@require_GET
def clips(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever may add sees the form, on a phone as well; who may see them, the list."""
    operation = operations.operation(request.user, slug)
    sees = may(request.user, "clip.view", operation.compartment_id)
    adds = may(request.user, "clip.add", operation.compartment_id)
    if not (sees or adds):
        require(request.user, "clip.view", operation.compartment_id)
    context = {
        "operation": operation,
        "rows": clip_queries.clips(request.user, operation)[:100],
        "sees": sees,
        "adds": adds,
    }
    part = request.GET.get("part") == "rows"
    return render(request, f"surveillance/{'_clips' if part else 'clips'}.html", context)


paths = [
    path("surveillance/of/<slug:slug>/clips/", clips, name="clips"),
    path("surveillance/of/<slug:slug>/events/", index, name="events"),
    path("surveillance/of/<slug:slug>/sensors/", sensors, name="sensors"),
    path("surveillance/of/<slug:slug>/rules/", event_rules, name="rules"),
    path("surveillance/sensors/<uuid:pk>/remove/", drop_sensor, name="drop_sensor"),
    path("surveillance/rules/<uuid:pk>/remove/", drop_rule, name="drop_rule"),
]
